"""A message reaches the push service of each device, readable by that device alone and signed with the key that it
subscribed with; tried against a local push service."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from delivery.channels.push.push_client import PushClient
from delivery.channels.push.push_device import PushDevice
from delivery.channels.push.push_request import PushMessage, push_message
from store.vault.push_signing_key import OpenedSigningKey
from tests.delivery.channels.push.sample_device import CURVE, SampleDevice, claims_of, point, unbase64url
from tests.untrusted.endpoints.endpoint_server import Authority, EndpointServer, serving
from untrusted.endpoints.endpoint_url import EndpointRules

CONTACT = "facteur@exemple.fr"
NEWS = PushMessage(b'{"title":"\xc3\x89t\xc3\xa9"}', "/factures/1")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def service(authority: Authority) -> Iterator[EndpointServer]:
    with serving(authority.certificate("localhost")) as service:
        service.answer = lambda endpoint: endpoint.status(201, Location="/message/1")
        yield service


@pytest.fixture
def client(authority: Authority) -> PushClient:
    return PushClient(EndpointRules(loopback=True, ca_file=authority.file), CONTACT)


@pytest.fixture(scope="module")
def signing_key() -> OpenedSigningKey:
    private = ec.generate_private_key(CURVE)
    return OpenedSigningKey(1, private, point(private.public_key()))


@pytest.fixture
def subscribed(service: EndpointServer, signing_key: OpenedSigningKey) -> Callable[..., PushDevice]:
    def subscribed(device: SampleDevice, path: str = "/send/one", host: str = "localhost") -> PushDevice:
        endpoint = f"https://{host}:{service.port}{path}"
        return PushDevice(1, endpoint, device.public_key, device.auth_secret, signing_key)

    return subscribed


def test_the_example_of_the_rfc() -> None:
    """RFC 8291, appendix A: the device of these tests reads it."""
    private = ec.derive_private_key(int.from_bytes(unbase64url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), CURVE)
    body = unbase64url(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3"
        "jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    device = SampleDevice(private, unbase64url("BTBZMqHH6r4Tts7J_aSIgg"))
    assert device.decrypt(body) == b"When I grow up, I want to be a watermelon"


def test_read_by_this_device_alone(
    client: PushClient, service: EndpointServer, subscribed: Callable[..., PushDevice]
) -> None:
    phone = SampleDevice()
    [answer] = client.send([subscribed(phone)], NEWS)
    assert (answer.result, answer.words) == ("taken", "201")
    [request] = service.received
    assert request.path == "/send/one"
    assert phone.decrypt(request.body) == NEWS.content
    with pytest.raises(InvalidTag):
        SampleDevice(phone.private_key, b"of another phone").decrypt(request.body)
    assert b"title" not in request.body


def test_signed_with_the_key_that_it_subscribed_with(
    client: PushClient, service: EndpointServer, subscribed: Callable[..., PushDevice], signing_key: OpenedSigningKey
) -> None:
    client.send([subscribed(SampleDevice())], NEWS)
    [request] = service.received
    claims, key = claims_of(request.headers["authorization"])
    assert key == signing_key.public_key
    assert (claims["aud"], claims["sub"]) == (f"https://localhost:{service.port}", f"mailto:{CONTACT}")
    assert 0 < claims["exp"] - time.time() <= 24 * 60 * 60


def test_of_two_about_one_bill_the_later_is_kept(
    client: PushClient, service: EndpointServer, subscribed: Callable[..., PushDevice]
) -> None:
    phone, tablet = subscribed(SampleDevice()), subscribed(SampleDevice(), "/send/two")
    client.send([phone, tablet], push_message(b"{}", "/factures/1", date(2026, 12, 9), date(2026, 12, 1)))
    client.send([phone], push_message(b"{}", "/factures/1", date(2026, 12, 9), date(2026, 12, 8)))
    client.send([phone], push_message(b"{}", "/factures/2", None, date(2026, 12, 1)))
    said = [(r.path[-3:], r.headers["ttl"], r.headers["urgency"]) for r in service.received]
    day = 24 * 60 * 60
    assert sorted(said[:2]) == [("one", f"{9 * day}", "normal"), ("two", f"{9 * day}", "normal")]
    assert said[2:] == [("one", f"{2 * day}", "high"), ("one", f"{28 * day}", "normal")]
    topics = [r.headers["topic"] for r in sorted(service.received[:2], key=lambda r: r.path) + service.received[2:]]
    assert topics[0] == topics[2]
    assert len({topics[0], topics[1], topics[3]}) == 3
    assert all(len(each) <= 32 and "=" not in each for each in topics)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "taken"), (202, "taken"), (404, "gone"), (410, "gone"), (429, "busy"), (500, "busy"), (503, "busy"),
        (400, "later"), (401, "later"), (403, "later"), (413, "later"), (307, "later"),
    ],
)  # fmt: skip
def test_what_an_answer_means(
    client: PushClient, service: EndpointServer, subscribed: Callable[..., PushDevice], status: int, result: str
) -> None:
    service.answer = lambda endpoint: endpoint.status(status, Location="http://169.254.169.254/")
    [answer] = client.send([subscribed(SampleDevice())], NEWS)
    assert (answer.result, answer.words, len(service.received)) == (result, str(status), 1)


def test_nothing_else_ends_a_subscription(
    client: PushClient, service: EndpointServer, subscribed: Callable[..., PushDevice], tmp_path: Path
) -> None:
    """A host that does not resolve, a name that the certificate is not of, a private address: none is `gone`."""
    device = SampleDevice()
    elsewhere = [subscribed(device, host="127.0.0.1"), subscribed(device, host="push.invalid")]
    answers = client.send(elsewhere, NEWS)
    outside = PushClient(EndpointRules(ca_file=tmp_path / "none"), CONTACT).send([subscribed(device)], NEWS)
    assert [(each.result, each.words) for each in [*answers, *outside]] == [
        ("later", "tls"), ("later", "url"), ("later", "url"),
    ]  # fmt: skip
    assert service.received == []


@pytest.mark.parametrize("address", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.5"])
def test_a_host_that_leads_inside_is_not_asked(
    subscribed: Callable[..., PushDevice], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Its name was taken when the device subscribed; what it leads to is looked at before each message."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 443))])
    device = replace(subscribed(SampleDevice()), endpoint="https://push.example/send/one")
    [answer] = PushClient(EndpointRules(), CONTACT).send([device], NEWS)
    assert (answer.result, answer.words) == ("later", "address")


def test_an_endpoint_is_never_printed(subscribed: Callable[..., PushDevice]) -> None:
    assert "localhost" not in repr(subscribed(SampleDevice()))
