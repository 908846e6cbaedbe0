"""Signing in through an identity provider: a real one in miniature for the whole way, a made-up one for what goes
wrong."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import oidc_provider_mock
import pytest
import urllib3
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey

from config import Config, OidcProvider, load
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer, consumer_by_email
from store.sign_in.provider_identity import identities_of
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import PASSWORD, World
from untrusted.openid import identity_provider as asking
from untrusted.openid import provider_metadata
from untrusted.openid.provider_http import check_url
from untrusted.openid.provider_refusal import ProviderRefusal

pytestmark = pytest.mark.beside_any_database

ISSUER = "https://id.example/api/v2"
FRANCE = OidcProvider(
    id="france", name="FranceConnect", issuer=ISSUER, client_id="facteur", client_secret="s3cret",
    scope="openid given_name family_name email", acr_values=("eidas1",),
)  # fmt: skip
KEY = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"})


class MadeUpProvider:
    """Answers as a provider does, FranceConnect's way: userinfo is a signed JWT."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.key = KEY
        self.token: dict[str, Any] = {}
        self.told: dict[str, Any] = {"sub": "angela", "given_name": "Angela", "family_name": "Dubois"}
        self.is_down = False
        self.forms: list[dict[str, str]] = []
        self.query: dict[str, str] = {}

    def __call__(self, url: str, form: dict[str, str] | None = None, *, bearer: str = "") -> bytes:
        if self.is_down:
            raise ProviderRefusal("down", "the provider is down")
        match url.removeprefix(ISSUER):
            case "/.well-known/openid-configuration":
                ends = ("authorization", "token", "userinfo", "end_session")
                names = {f"{each}_endpoint": f"{ISSUER}/{each}" for each in ends}
                return json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks", **names}).encode()
            case "/jwks":
                return json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()
            case "/token":
                assert form is not None
                self.forms.append(dict(form))
                at = int(self.clock().timestamp())
                claims = {
                    "iss": ISSUER, "aud": "facteur", "sub": self.told["sub"], "nonce": self.query["nonce"],
                    "acr": "eidas1", "iat": at, "exp": at + 60,
                } | self.token  # fmt: skip
                return json.dumps({"id_token": self.signed(claims), "access_token": "opaque"}).encode()
            case "/userinfo":
                assert bearer == "opaque"
                return self.signed({"iss": ISSUER, "aud": "facteur", **self.told}).encode()
        raise AssertionError(url)

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": "a"}, claims, self.key)


@pytest.fixture
def provider(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> MadeUpProvider:
    made = MadeUpProvider(clock)
    monkeypatch.setattr(asking, "ask_provider", made)
    monkeypatch.setattr(provider_metadata, "ask_provider", made)
    return made


Visit = Callable[..., Browser]


@pytest.fixture
def visit(store: Store, config: Config, clock: Clock) -> Visit:
    """Makes a browser at a portal that has FranceConnect."""

    def new(**also: Any) -> Browser:
        given = msgspec.structs.replace(FRANCE, **also)
        return Browser(make_app(store, msgspec.structs.replace(config, oidc_providers=(given,)), clock).test_client())

    return new


def leave_for(browser: Browser, provider: MadeUpProvider) -> dict[str, str]:
    """Press the button; what the provider is asked."""
    url = browser.client.get("/connexion/avec/france?suite=/contrats").headers["Location"]
    provider.query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    return provider.query


def come_back(browser: Browser, provider: MadeUpProvider, **also: str) -> Any:
    answer = {"code": "c0de", "state": provider.query["state"], "iss": ISSUER} | also
    return browser.get("/connexion/retour/france", query_string=answer)


def linked(store: Store, email: str = "alice@exemple.fr") -> dict[str, str]:
    with store.reading() as session:
        consumer = consumer_by_email(session, email)
        assert consumer is not None
        return {name: each.subject for name, each in identities_of(session, consumer.id).items()}


def link(browser: Browser, provider: MadeUpProvider) -> Any:
    """Alice, who has signed in, links her identity."""
    browser.get("/profil/identites")
    page = browser.post("/profil/identites/france/lier").text
    url = re.search(r'href="(https://id\.example[^"]+)"', page)
    assert url is not None
    provider.query = {n: v[0] for n, v in parse_qs(urlsplit(url[1].replace("&amp;", "&")).query).items()}
    return come_back(browser, provider)


def test_alice_links_her_identity_and_signs_in_by_it(
    visit: Visit, provider: MadeUpProvider, world: World, store: Store, post: Callable[[], Mailbox]
) -> None:
    alice = world.consumer("Alice Martin")
    mine = visit()
    mine.sign_in(alice)
    assert "vous pouvez vous connecter par FranceConnect" in link(mine, provider).text
    assert linked(store) == {"france": "angela"}
    assert ["FranceConnect" in str(mail["Subject"]) for _, mail in post().mails] == [True]
    again = visit()
    query = leave_for(again, provider)
    assert (query["acr_values"], query["scope"]) == ("eidas1", FRANCE.scope)
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"].endswith("/connexion/retour/france")
    assert come_back(again, provider).request.path == "/contrats"
    assert provider.forms[-1]["client_secret"] == "s3cret"
    assert len(provider.forms[-1]["code_verifier"]) >= 43
    page = again.post("/deconnexion").text
    assert "Se déconnecter de FranceConnect" in page
    assert "id_token_hint=" in page
    mine.get("/profil/identites")
    assert "n’ouvre plus votre espace" in mine.post("/profil/identites/france/delier").text
    assert linked(store) == {}
    leave_for(again, provider)
    assert come_back(again, provider).request.path == "/inscription/avec/france"


def test_no_token_is_kept(visit: Visit, provider: MadeUpProvider, world: World, store: Store) -> None:
    mine = visit()
    mine.sign_in(world.consumer("Alice Martin"))
    link(mine, provider)
    kept = store.engine.raw_connection()
    tables = [row for name in ("provider_identity", "event", "errand") for row in _rows(kept, name)]
    kept.close()
    assert "angela" in str(tables)
    assert "eyJ" not in str(tables)
    assert "opaque" not in str(tables)


def _rows(connection: Any, table: str) -> list[Any]:
    cursor = connection.cursor()
    cursor.execute(f"SELECT * FROM {table}")
    return list(cursor.fetchall())


def test_an_address_alone_opens_nothing_unless_the_provider_is_believed(
    visit: Visit, provider: MadeUpProvider, world: World, store: Store, post: Callable[[], Mailbox]
) -> None:
    alice = world.consumer("Alice Martin")
    provider.told |= {"email": alice.email, "email_verified": True}
    stranger = visit()
    leave_for(stranger, provider)
    assert come_back(stranger, provider).request.path == "/inscription/avec/france"
    believed = visit(trusts_email=True)
    provider.told["email_verified"] = False
    leave_for(believed, provider)
    assert come_back(believed, provider).request.path == "/inscription/avec/france"
    assert linked(store) == {}
    provider.told["email_verified"] = True
    leave_for(believed, provider)
    assert come_back(believed, provider).request.path == "/contrats"
    assert linked(store) == {"france": "angela"}
    assert [to for to, _ in post().mails] == [alice.email]


def test_an_address_that_nobody_confirmed_is_no_space(
    visit: Visit, provider: MadeUpProvider, world: World, store: Store
) -> None:
    """Mallory signed up with Angela's address and waits."""
    alice = world.consumer("Alice Martin")
    with store.writing() as session:
        session.get_one(Consumer, alice.id).confirmed_at = None
    provider.told |= {"email": alice.email, "email_verified": True}
    angela = visit(trusts_email=True)
    leave_for(angela, provider)
    assert come_back(angela, provider).request.path == "/inscription/avec/france"


def test_a_new_space_confirms_its_address_like_every_other(
    visit: Visit, provider: MadeUpProvider, store: Store, post: Callable[[], Mailbox]
) -> None:
    angela = visit()
    provider.told |= {"email": "angela@exemple.fr", "email_verified": True}
    leave_for(angela, provider)
    page = come_back(angela, provider)
    assert 'value="Angela Dubois"' in page.text
    assert 'name="suite" value="/contrats"' in page.text
    assert (
        "angela@exemple.fr"
        in angela.post(page.request.path, name="Angela Dubois", email="angela@exemple.fr", suite="/contrats").text
    )
    assert angela.get("/contrats").request.path == "/connexion", "nothing is open before the address is confirmed"
    way = post().link_to("angela@exemple.fr")
    angela.get(way)
    assert angela.post(way).request.path == "/contrats"
    assert linked(store, "angela@exemple.fr") == {"france": "angela"}
    again = visit()
    leave_for(again, provider)
    assert come_back(again, provider).request.path == "/contrats"


def test_who_signs_up_otherwise_in_this_browser_does_not_get_the_identity(
    visit: Visit, provider: MadeUpProvider, store: Store, post: Callable[[], Mailbox]
) -> None:
    shared = visit()
    leave_for(shared, provider)
    come_back(shared, provider)
    shared.get("/inscription")
    shared.post("/inscription", name="Bob", email="bob@exemple.fr", password=PASSWORD)
    way = post().link_to("bob@exemple.fr")
    shared.get(way)
    shared.post(way)
    assert linked(store, "bob@exemple.fr") == {}


def test_an_identity_opens_one_space_only(visit: Visit, provider: MadeUpProvider, world: World, store: Store) -> None:
    alice, bob = visit(), visit()
    alice.sign_in(world.consumer("Alice Martin"))
    bob.sign_in(world.consumer("Bob Petit"))
    link(alice, provider)
    assert "ouvre déjà un autre espace" in link(bob, provider).text
    assert linked(store, "bob@exemple.fr") == {}
    provider.told["sub"] = "another"
    assert "en a une autre" in link(alice, provider).text


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ({"nonce": "another"}, {}), ({"aud": "another"}, {}), ({"iss": "https://evil.example"}, {}), ({"exp": 1}, {}),
        ({"acr": "eidas0"}, {}), ({"sub": "mallory"}, {}),
    ],
)  # fmt: skip
def test_a_token_for_something_else_opens_nothing(
    token: dict[str, Any], told: dict[str, Any], visit: Visit, provider: MadeUpProvider, world: World
) -> None:
    mine = visit()
    mine.sign_in(world.consumer("Alice Martin"))
    link(mine, provider)
    provider.token, provider.told = token, provider.told | told
    thief = visit()
    leave_for(thief, provider)
    page = come_back(thief, provider)
    assert page.status_code == 422
    assert "n’est pas sûre" in page.text
    assert thief.get("/contrats").request.path == "/connexion"


def test_an_answer_that_this_browser_did_not_ask_for_opens_nothing(
    visit: Visit, provider: MadeUpProvider, world: World, clock: Clock
) -> None:
    mine = visit()
    mine.sign_in(world.consumer("Alice Martin"))
    link(mine, provider)
    other = visit()
    assert "vient d’ailleurs" in come_back(other, provider).text, "of another browser"
    leave_for(other, provider)
    assert "vient d’ailleurs" in come_back(other, provider, state=secrets.token_urlsafe(24)).text
    assert "vient d’ailleurs" in come_back(other, provider).text, "a wrong one uses it up"
    leave_for(other, provider)
    assert "vient d’ailleurs" in come_back(other, provider, iss="https://evil.example").text, "mix-up (RFC 9207)"
    leave_for(other, provider)
    clock.forward(minutes=16)
    assert "a trop attendu" in come_back(other, provider).text
    leave_for(other, provider)
    assert come_back(other, provider).request.path == "/contrats"
    other.get("/")
    other.post("/deconnexion")
    assert "vient d’ailleurs" in come_back(other, provider).text, "the same answer again"


def test_what_the_provider_refuses_is_said(visit: Visit, provider: MadeUpProvider) -> None:
    mine = visit()
    leave_for(mine, provider)
    page = mine.get(
        "/connexion/retour/france", query_string={"error": "access_denied", "state": provider.query["state"]}
    )
    assert page.status_code == 422
    assert "FranceConnect ne nous a pas dit qui vous êtes" in page.text


def test_a_provider_that_is_down_keeps_nobody_out(visit: Visit, provider: MadeUpProvider, world: World) -> None:
    provider.is_down = True
    mine = visit()
    page = mine.get("/connexion/avec/france")
    assert page.status_code == 422
    assert "FranceConnect ne répond pas" in page.text
    assert mine.sign_in(world.consumer("Alice Martin")).request.path == "/"
    mine.get("/profil/identites")
    assert "ne répond pas" in mine.post("/profil/identites/france/lier").text


def test_without_a_provider_nothing_is_offered(browser: Callable[[], Browser], world: World) -> None:
    mine = browser()
    assert "Se connecter par" not in mine.get("/connexion").text
    assert mine.get("/connexion/avec/france").status_code == 404
    mine.sign_in(world.consumer("Alice Martin"))
    assert "Se connecter autrement" not in mine.get("/profil").text


def test_an_address_that_has_a_query_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of providers do that have several policies (RFC 6749, 3.1)."""
    said = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks", "token_endpoint": f"{ISSUER}/token"}
    ends = {each: f"{ISSUER}/{each}?p=b2c" for each in ("authorization_endpoint", "end_session_endpoint")}
    monkeypatch.setattr(provider_metadata, "ask_provider", lambda _: json.dumps(said | ends).encode())
    asked = asking.IdentityProvider(
        asking.ProviderSettings(issuer=ISSUER, client_id="facteur", client_secret="x", scope="openid")
    )
    own = asking.AskedIdentity("a state", "n", "v" * 43)
    for url in (asked.authorization_url(own, "/back"), asked.end_session_url("t", "a state", "/back")):
        query = parse_qs(urlsplit(url).query)
        assert (query["p"], query["state"]) == (["b2c"], ["a state"])


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example", "ftp://id.example", "https://", "https://a:b@id.example", "x", "https://[id.example",
        "https://id.example:x", "https://id.example:99999", "https://id.example/a b", "https://id.example/a\nb",
        "https://id.example/\ud800",
    ],
)  # fmt: skip
def test_only_https_is_asked(url: str) -> None:
    with pytest.raises(ProviderRefusal):
        check_url(url)


def test_providers_are_configured_in_a_file_and_their_secrets_are_not(tmp_path: Any) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(
        '[[provider]]\nid = "france-connect"\nname = "FranceConnect"\nissuer = "https://id.example"\n'
        'client_id = "facteur"\nacr_values = ["eidas1"]\n'
    )
    env = {"FACTEUR_HOME": str(tmp_path), "FACTEUR_OIDC_PROVIDERS": str(file)}
    from config import ConfigError

    with pytest.raises(ConfigError, match="FACTEUR_OIDC_SECRET_FRANCE_CONNECT"):
        load(env)
    (found,) = load({**env, "FACTEUR_OIDC_SECRET_FRANCE_CONNECT": "s3cret"}).oidc_providers
    assert (found.id, found.client_secret, found.trusts_email) == ("france-connect", "s3cret", False)
    file.write_text(file.read_text() + 'client_secret = "in the file"\n')
    with pytest.raises(ConfigError):
        load({**env, "FACTEUR_OIDC_SECRET_FRANCE_CONNECT": "s3cret"})


@pytest.fixture
def server() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as running:
        yield f"http://127.0.0.1:{running.server_port}"


def test_the_whole_way_at_a_provider_of_its_own(server: str, store: Store, config: Config, world: World) -> None:
    """Discovery, code with PKCE, tokens, keys and userinfo by HTTP."""
    alice = world.consumer("Alice Martin")
    claims = {"email": alice.email, "email_verified": True, "name": "Alice Martin"}
    urllib3.request("PUT", f"{server}/users/alice-sub", json=claims)
    local = OidcProvider(
        id="local", name="Local", issuer=server, client_id="facteur", client_secret="x", trusts_email=True
    )
    app: Flask = make_app(store, msgspec.structs.replace(config, oidc_providers=(local,)), lambda: datetime.now(UTC))
    mine = Browser(app.test_client())
    assert "Se connecter par Local" in mine.get("/connexion").text
    there = mine.client.get("/connexion/avec/local?suite=/contrats").headers["Location"]
    answer = urllib3.request(
        "POST",
        there,
        body="sub=alice-sub",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        redirect=False,
    )
    back = urlsplit(answer.headers["Location"])
    assert mine.get(f"{back.path}?{back.query}").request.path == "/contrats"
    assert linked(store) == {"local": "alice-sub"}
