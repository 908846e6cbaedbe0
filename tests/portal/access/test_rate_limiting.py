"""Who guesses is slowed down, alone or with many; who owns the account gets in."""

from collections.abc import Callable, Iterator
from itertools import count
from time import process_time

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from portal.access.rate_limiting import GUESSES, GUESSES_OF_A_CLIENT, GUESSES_OF_STRANGERS, MAILS_TO_AN_ADDRESS, rate
from portal.access.route_policy import POLICY
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer
from store.rate_limit import Rate, RateLimit
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import PASSWORD, World
from tests.portal.staff_office import Office

pytestmark = pytest.mark.beside_any_database

ADDRESSES = (f"203.0.{n // 250}.{n % 250 + 1}" for n in count())
SPELLED = [
    "alice@exemple.fr", "ALICE@exemple.fr", "ali\u200bce@exemple.fr", "alice@exemple.fr\u200b", "alice@exemple。fr",
    "ａｌｉｃｅ@exemple.fr", "alice＠exemple.fr", " alice@exemple.fr", "ali\u00adce@exemple.fr",
    "\ufeffalice@exemple.fr",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


def guess(app: Flask, email: str, client: str, password: str = "au hasard", door: str = "/connexion") -> int:
    """A try from somewhere, by somebody without cookies."""
    stranger = app.test_client()
    return post(stranger, email, client, password, door)


def post(browser: FlaskClient, email: str, client: str, password: str = PASSWORD, door: str = "/connexion") -> int:
    data = {"email": email, "password": password}
    return browser.post(door, data=data, environ_base={"REMOTE_ADDR": client}).status_code


def everywhere() -> Iterator[str]:
    """Clients that have nothing to do with each other."""
    return ADDRESSES


@pytest.mark.parametrize("door", ["/connexion", "/equipe/connexion"])
def test_one_client_is_slowed_down_at_one_address(app: Flask, clock: Clock, alice: Consumer, door: str) -> None:
    tries = [guess(app, alice.email, "203.0.113.9", door=door) for _ in range(GUESSES.most + 1)]
    assert tries == [422] * GUESSES.most + [429]
    clock.forward(seconds=45)
    assert guess(app, alice.email, "203.0.113.9", door=door) == 422, "slower, and not shut out"
    assert guess(app, alice.email, "203.0.113.9", door=door) == 429


def test_the_answer_says_when(app: Flask, alice: Consumer) -> None:
    for _ in range(GUESSES.most):
        guess(app, alice.email, "203.0.113.9")
    answer = app.test_client().post(
        "/connexion", data={"email": alice.email, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "45")
    assert "Trop d’essais" in answer.text


def test_who_guesses_at_alice_does_not_keep_her_out(app: Flask, alice: Consumer, clock: Clock) -> None:
    """Charlie has one client, and tries all day; she comes from another that nobody has seen before."""
    tries = []
    for _ in range(36):
        tries += iter(lambda: guess(app, alice.email, "203.0.113.9"), 429)
        assert guess(app, alice.email, "198.51.100.4", PASSWORD) == 303
        clock.forward(hours=1)
    assert tries.count(422) < 110, "slower and slower"


def test_many_clients_are_slowed_together_and_alice_enters_with_her_own_browser(
    app: Flask, alice: Consumer, clock: Clock
) -> None:
    hers = app.test_client()
    assert post(hers, alice.email, "198.51.100.4") == 303
    hers.post("/deconnexion")
    tries = [guess(app, alice.email, client) for client, _ in zip(everywhere(), range(80), strict=False)]
    assert tries.count(422) == GUESSES_OF_STRANGERS.most
    assert tries[-1] == 429
    assert post(hers, alice.email, "198.51.100.77") == 303, "wherever she is"
    clock.forward(days=1)
    tries = [guess(app, alice.email, client) for client, _ in zip(everywhere(), range(80), strict=False)]
    assert tries.count(422) == GUESSES_OF_STRANGERS.most, "no more than so many a day"


def test_a_link_by_mail_opens_the_door_from_a_new_browser(
    app: Flask, alice: Consumer, browser: Callable[[], Browser], post: Callable[[], Mailbox]
) -> None:
    for client, _ in zip(everywhere(), range(60), strict=False):
        guess(app, alice.email, client)
    phone = browser()
    assert phone.post("/connexion", email=alice.email, password=PASSWORD).status_code == 429
    phone.post("/mot-de-passe-oublie", email=alice.email)
    link = post().link_to(alice.email)
    assert phone.post(link, password="une tout autre phrase").request.path == "/"
    phone.client.post("/deconnexion")
    assert phone.post("/connexion", email=alice.email, password="une tout autre phrase").request.path == "/"


def test_her_browser_is_known_for_her_and_at_her_door_alone(app: Flask, alice: Consumer, world: World) -> None:
    bob = world.consumer("Bob")
    mallory = app.test_client()
    assert post(mallory, bob.email, "198.51.100.4") == 303
    mallory.post("/deconnexion")
    for client, _ in zip(everywhere(), range(60), strict=False):
        guess(app, alice.email, client)
    assert post(mallory, alice.email, "198.51.100.4", "au hasard") == 429, "an account of one's own opens no other"


def test_a_known_browser_is_slowed_too(app: Flask, alice: Consumer) -> None:
    hers = app.test_client()
    post(hers, alice.email, "198.51.100.4")
    hers.post("/deconnexion")
    tries = [post(hers, alice.email, next(everywhere()), "au hasard") for _ in range(GUESSES.most + 1)]
    assert tries == [422] * GUESSES.most + [429]


@pytest.mark.parametrize("cookie", ["", "nonsense", "WyJhIixbXV0.x", '["a",["b"]]'])
def test_an_invented_browser_is_a_strangers(app: Flask, alice: Consumer, cookie: str) -> None:
    for _ in range(GUESSES.most):
        guess(app, alice.email, "203.0.113.9")
    mallory = app.test_client()
    mallory.set_cookie("facteur-appareil", cookie)
    assert post(mallory, alice.email, "203.0.113.9", "au hasard") == 429


def test_the_browsers_cookie_is_ours_alone(store: Store, config: Config, clock: Clock, alice: Consumer) -> None:
    public = msgspec.structs.replace(config, public_url="https://factures.exemple.fr")
    app = make_app(store, public, clock)
    app.config["WTF_CSRF_ENABLED"] = False
    data = {"email": alice.email, "password": PASSWORD}
    answer = app.test_client().post("/connexion", data=data, base_url="https://factures.exemple.fr")
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if "appareil" in each]
    assert cookie.startswith("__Host-facteur-appareil=")
    assert all(each in cookie for each in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "alice" not in cookie


def test_all_spellings_of_an_address_are_counted_as_one(app: Flask, alice: Consumer) -> None:
    tries = [guess(app, SPELLED[n % len(SPELLED)], "203.0.113.9") for n in range(40)]
    assert tries == [422] * GUESSES.most + [429] * 20
    spread = [guess(app, SPELLED[n % len(SPELLED)], next(everywhere())) for n in range(80)]
    assert spread.count(422) == GUESSES_OF_STRANGERS.most - GUESSES.most


def test_all_spellings_of_an_address_get_as_many_mails_as_one(app: Flask, alice: Consumer) -> None:
    answers = [
        app.test_client().post(
            "/mot-de-passe-oublie", data={"email": SPELLED[n % len(SPELLED)]},
            environ_base={"REMOTE_ADDR": next(everywhere())},
        ).status_code for n in range(20)
    ]  # fmt: skip
    assert answers == [200] * MAILS_TO_AN_ADDRESS.most + [429] * 14


def test_one_ipv6_household_is_one_client(app: Flask, alice: Consumer) -> None:
    tries = [guess(app, alice.email, f"2001:db8:1:2::{n:x}") for n in range(1, GUESSES.most + 5)]
    assert tries.count(422) == GUESSES.most
    assert guess(app, alice.email, "2001:db8:1:3::1") == 422


def test_a_client_that_tries_everybody_is_slowed_down(app: Flask) -> None:
    tries = [guess(app, f"p{n}@exemple.fr", "203.0.113.9") for n in range(GUESSES_OF_A_CLIENT.most + 5)]
    assert tries == [422] * GUESSES_OF_A_CLIENT.most + [429] * 5


def test_an_office_behind_one_address_signs_in_all_morning(app: Flask, alice: Consumer) -> None:
    assert [guess(app, alice.email, "203.0.113.9", PASSWORD) for _ in range(150)] == [303] * 150


def test_behind_a_trusted_proxy_everybody_is_counted_apart(
    store: Store, config: Config, clock: Clock, alice: Consumer
) -> None:
    app = make_app(store, msgspec.structs.replace(config, trusted_proxies=("127.0.0.0/8",)), clock)
    app.config["WTF_CSRF_ENABLED"] = False

    def tried(client: str, email: str = alice.email) -> int:
        data = {"email": email, "password": "au hasard"}
        return app.test_client().post("/connexion", data=data, headers={"X-Forwarded-For": client}).status_code

    assert [tried("203.0.113.9") for _ in range(21)][-1] == 429
    assert [tried(f"198.51.100.{n}", f"p{n}@exemple.fr") for n in range(150)] == [422] * 150


def test_an_untrusted_header_makes_no_other_client(app: Flask, alice: Consumer) -> None:
    codes = [
        app.test_client().post(
            "/connexion", data={"email": alice.email, "password": "au hasard"},
            headers={"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"},
        ).status_code for n in range(21)
    ]  # fmt: skip
    assert codes[-1] == 429


def test_web_processes_count_together_and_a_restart_forgets_nothing(
    store: Store, config: Config, clock: Clock, alice: Consumer
) -> None:
    processes = [make_app(store, config, clock) for _ in range(3)]
    for each in processes:
        each.config["WTF_CSRF_ENABLED"] = False
    tries = [guess(processes[n % 2], alice.email, "203.0.113.9") for n in range(GUESSES.most)]
    assert tries == [422] * GUESSES.most
    assert guess(processes[2], alice.email, "203.0.113.9") == 429


def test_who_is_signed_in_is_counted_by_name(app: Flask, alice: Consumer, world: World) -> None:
    """A gateway of a telephone company holds thousands of people who add their contracts on the same day."""
    bob = world.consumer("Bob")
    for who, codes in ((alice, [422] * 60 + [429]), (bob, [422])):
        mine = app.test_client()
        assert post(mine, who.email, "203.0.113.9") == 303
        data = {"issuer": "nobody", "number": "1", "code": "x"}
        tries = [
            mine.post("/contrats/ajouter", data=data, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code
            for _ in codes
        ]
        assert tries == codes


def test_no_address_and_no_client_is_kept(app: Flask, alice: Consumer, store: Store, office: Office) -> None:
    guess(app, alice.email, "203.0.113.9")
    with store.reading() as session:
        keys = session.scalars(select(RateLimit.key)).all()
    assert len(keys) == 4
    assert all(len(key) == 32 and set(key) <= set("0123456789abcdef") for key in keys)


def test_every_limit_of_the_policy_can_be_read() -> None:
    assert rate("20/15 minutes") == Rate(20, 900)
    assert rate("60/hour") == Rate(60, 3600)
    for line in POLICY.values():
        assert not line.limit or rate(line.limit).interval > 0


@pytest.mark.parametrize("door", ["/connexion", "/equipe/connexion"])
def test_what_is_typed_after_an_address_makes_no_other_one(app: Flask, alice: Consumer, door: str) -> None:
    """The address is cut where it cannot go on; it is counted as it is looked up."""
    tries = [guess(app, f"{alice.email}{' ' * 500}{n}", "203.0.113.9", door=door) for n in range(GUESSES.most + 1)]
    assert tries == [422] * GUESSES.most + [429]


@pytest.mark.parametrize("door", ["/connexion", "/inscription", "/mot-de-passe-oublie", "/equipe/connexion"])
@pytest.mark.parametrize("field", ["email", "password"])
def test_what_is_typed_without_end_is_not_read_to_its_end(app: Flask, door: str, field: str) -> None:
    """Sorting so many marks (NFC) takes seconds in which nobody else is served."""
    guess(app, "", "203.0.113.9", door=door)
    typed = (field + "=a" + "\u0301" * 15_000 + "\u0316" * 15_000).encode()
    began = process_time()
    app.test_client().post(door, data=typed, content_type="application/x-www-form-urlencoded")
    assert process_time() - began < 2


def test_whose_first_factor_has_expired_is_led_to_the_password_however_many_they_are(app: Flask) -> None:
    for client, _ in zip(everywhere(), range(GUESSES_OF_STRANGERS.most), strict=False):
        guess(app, "", client, door="/connexion/code")
    assert guess(app, "", next(everywhere()), door="/connexion/code") == 303


@pytest.mark.parametrize(
    "door", ["/connexion", "/equipe/connexion", "/mot-de-passe-oublie", "/equipe/mot-de-passe-oublie"]
)
def test_an_address_with_a_nul_is_like_any_other(app: Flask, alice: Consumer, door: str) -> None:
    tries = {guess(app, f"al\0ice{n}@exemple.fr", "203.0.113.9", password="a\0b", door=door) for n in ("", "x")}
    assert tries in ({422}, {200})
