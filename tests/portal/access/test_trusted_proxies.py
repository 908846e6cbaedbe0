"""Who the client is: what a trusted proxy says; what anybody else says is worth nothing."""

from typing import Any

import msgspec
import pytest
from flask import Flask, request

from config import Config, ConfigError, load
from portal.access.route_policy import POLICY, RoutePolicy
from portal.access.trusted_proxies import household
from portal.app import make_app
from store import Store
from tests.conftest import Clock

pytestmark = pytest.mark.beside_any_database

OURS = ("10.0.0.0/8", "2001:db8:1::/48", "192.0.2.7/32")


def seen(app: Flask, monkeypatch: pytest.MonkeyPatch, peer: str, **headers: str) -> dict[str, Any]:
    """Whom the portal sees."""
    app.add_url_rule(
        "/who", "who", lambda: {"client": request.remote_addr, "scheme": request.scheme, "host": request.host,
                                "left": [name for name, _ in request.headers if "Forwarded" in name]}
    )  # fmt: skip
    monkeypatch.setitem(POLICY, ("who", "GET"), RoutePolicy("public"))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    said = app.test_client().get("/who", headers=named, environ_base={"REMOTE_ADDR": peer}).json
    assert isinstance(said, dict)
    return said


@pytest.fixture
def behind(store: Store, config: Config, clock: Clock) -> Flask:
    return make_app(store, msgspec.structs.replace(config, trusted_proxies=OURS), clock)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.2.3.4, 192.0.2.7", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the client wrote the first itself
        ("10.0.0.1", "10.0.0.66, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", '"[2001:db8:2::1]:4711"', "2001:db8:2::1"),
        ("10.0.0.1", "2001:db8:2::1", "2001:db8:2::1"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1::5", "203.0.113.9", "203.0.113.9"),
        ("203.0.113.50", "198.51.100.1", "203.0.113.50"),
        ("192.0.2.8", "198.51.100.1", "192.0.2.8"),
    ],
)
def test_the_client_is_the_first_that_is_not_ours(
    behind: Flask, monkeypatch: pytest.MonkeyPatch, peer: str, forwarded: str, client: str
) -> None:
    assert seen(behind, monkeypatch, peer, X_Forwarded_For=forwarded)["client"] == client


def test_nobody_is_trusted_unless_the_operator_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    said = seen(app, monkeypatch, "127.0.0.1", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https",
                X_Forwarded_Host="evil.example", Forwarded="for=203.0.113.9", X_Real_IP="203.0.113.9")  # fmt: skip
    assert said == {"client": "127.0.0.1", "scheme": "http", "host": "localhost", "left": []}


def test_a_trusted_proxy_says_the_scheme_and_nothing_else(behind: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    said = seen(behind, monkeypatch, "10.0.0.1", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https",
                X_Forwarded_Host="evil.example", X_Forwarded_Prefix="/x")  # fmt: skip
    assert said == {"client": "203.0.113.9", "scheme": "https", "host": "localhost", "left": []}


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:2:3:4:5:6:7", "2001:db8:2:3::/64"),
        ("2001:db8:2:3::1", "2001:db8:2:3::/64"),
        ("2001:db8:2:4::1", "2001:db8:2:4::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
    ],
)
def test_a_household_is_an_ipv4_address_or_a_64(client: str, counted: str) -> None:
    assert household(client) == counted


def test_the_setting_takes_addresses_and_networks(tmp_path: Any) -> None:
    here = {"FACTEUR_HOME": str(tmp_path)}
    assert load(here).trusted_proxies == ()
    said = load(here | {"FACTEUR_TRUSTED_PROXIES": "10.0.0.5, 2001:db8::/32  172.16.4.1/12"}).trusted_proxies
    assert said == ("10.0.0.5/32", "2001:db8::/32", "172.16.0.0/12")
    for wrong in ("everybody", "10.0.0.0/40", "*"):
        with pytest.raises(ConfigError, match="FACTEUR_TRUSTED_PROXIES"):
            load(here | {"FACTEUR_TRUSTED_PROXIES": wrong})
