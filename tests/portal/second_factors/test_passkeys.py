"""Passkeys: made, named, used alone and after a password, and removed; each answer that does not hold is refused."""

import json
import os
import re
from collections.abc import Callable

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from portal.access.password_hash import hash_password
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer
from store.db.event import events_of
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.passkey import Passkey
from store.sign_in.second_factors import remove_all_factors
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import PASSWORD, World
from tests.portal.second_factors.factor_holders import subjects
from tests.portal.second_factors.software_authenticator import ORIGIN, Authenticator, options_on

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]


@pytest.fixture
def app(store: Store, config: Config, clock: Clock) -> Flask:
    """A portal that has a name."""
    return make_app(store, msgspec.structs.replace(config, public_url=ORIGIN), clock)


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


def makes_passkey(mine: Browser, device: Authenticator, name: str = "Mon téléphone", side: str = "") -> str:
    """Add a passkey; the page that follows."""
    mine.get(f"{side}/securite/cles/ajouter")
    answer = device.create(options_on(mine.page.text))
    return mine.post(f"{side}/securite/cles/ajouter", answer=answer, name=name).text


@pytest.fixture
def phone(browser: NewBrowser, alice: Consumer) -> Authenticator:
    """Alice's phone, which has a passkey of hers."""
    mine, device = browser(), Authenticator()
    mine.sign_in(alice)
    assert "Votre clé d’accès est prête" in makes_passkey(mine, device)
    return device


def is_inside(browser: Browser, page: str = "/profil") -> bool:
    return browser.client.get(page).status_code == 200


def uses(mine: Browser, answer: Callable[[dict[str, object]], str], side: str = "", suite: str = "") -> bool:
    """Sign in by this answer to the sign-in page; whether that opens the space."""
    mine.get(f"{side}/connexion")
    mine.post(f"{side}/connexion/cle", answer=answer(options_on(mine.page.text)), suite=suite)
    return is_inside(mine, "/equipe/" if side else "/profil")


def test_a_passkey_signs_in_without_a_password(
    browser: NewBrowser, phone: Authenticator, store: Store, alice: Consumer, post: Callable[[], Mailbox]
) -> None:
    mine = browser()
    assert uses(mine, phone.get, suite="/contrats")
    assert mine.page.request.path == "/contrats"
    assert "Une clé d’accès est ajoutée" in subjects(post())
    with store.reading() as session:
        kept = session.scalars(select(Passkey)).one()
        assert (kept.owner, kept.name, kept.sign_count) == (FactorOwner.of(alice), "Mon téléphone", 2)
        assert kept.last_used_at is not None


def test_the_page_asks_for_a_verified_user_and_names_nobody(browser: NewBrowser, phone: Authenticator) -> None:
    asked = options_on(browser().get("/connexion").text)
    assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == ("localhost", "required", [])


def test_after_a_password_it_is_the_second_factor(
    browser: NewBrowser, phone: Authenticator, alice: Consumer, world: World
) -> None:
    mine = browser()
    mine.get("/connexion?suite=/contrats")
    mine.post("/connexion", email=alice.email, password=PASSWORD, suite="/contrats")
    assert (mine.page.request.path, is_inside(mine)) == ("/connexion/code", False)
    bob, other = world.consumer("Bob Le Goff"), Authenticator()
    his = browser()
    his.sign_in(bob)
    makes_passkey(his, other)
    wrong = mine.post("/connexion/cle-en-plus", answer=other.get(options_on(mine.page.text)))
    assert (wrong.status_code, is_inside(mine)) == (422, False), "another's passkey is none"
    mine.post("/connexion/cle-en-plus", answer=phone.get(options_on(mine.page.text)))
    assert (mine.page.request.path, is_inside(mine)) == ("/contrats", True)


def test_it_confirms_who_is_here(browser: NewBrowser, phone: Authenticator, clock: Clock) -> None:
    mine = browser()
    assert uses(mine, phone.get)
    clock.forward(minutes=11)
    mine.get("/securite/cles/ajouter?x=1")
    assert mine.page.request.path == "/confirmer-identite"
    answer = phone.get(options_on(mine.page.text))
    mine.post("/confirmer-identite/cle", answer=answer, suite="/securite/cles/ajouter?x=1")
    assert mine.page.request.path == "/securite/cles/ajouter"
    assert "excludeCredentials" in options_on(mine.page.text)


Wrong = Callable[[Authenticator, dict[str, object]], str]
WRONG: dict[str, Wrong] = {
    "another origin": lambda phone, asked: phone.get(asked, origin="https://evil.example"),
    "a port more": lambda phone, asked: phone.get(asked, origin="http://localhost:9999"),
    "another RP": lambda phone, asked: phone.get(asked, rp_id="evil.example"),
    "a user who is not verified": lambda phone, asked: phone.get(asked, is_verified=False),
    "another challenge": lambda phone, asked: phone.get(asked | {"challenge": "AAAA"}),
    "another user": lambda phone, asked: phone.get(asked, user_handle="AAAA"),
    "nobody's credential": lambda _, asked: Authenticator().get(asked),
    "a foreign key": lambda phone, asked: _with_id(Authenticator().get(asked), phone.get(asked)),
    "nothing": lambda *_: "",
    "no JSON": lambda *_: "{",
    "a list": lambda *_: "[1]",
    "no response": lambda phone, _: json.dumps({"id": "AA", "rawId": "AA", "type": "public-key"}),
    "no bytes": lambda *_: json.dumps({"id": "é!", "rawId": "A", "type": "public-key", "response": {}}),
    "an empty response": lambda phone, asked: json.dumps(json.loads(phone.get(asked)) | {"response": {}}),
}


def _with_id(answer: str, other: str) -> str:
    given = json.loads(other)
    return json.dumps(json.loads(answer) | {"id": given["id"], "rawId": given["rawId"]})


def test_what_does_not_hold_is_refused(browser: NewBrowser, phone: Authenticator) -> None:
    mine = browser()
    let_in = [name for name, answer in WRONG.items() if uses(mine, lambda asked, a=answer: a(phone, asked))]
    assert let_in == []
    assert "n’est pas connue ici" in mine.page.text
    assert uses(mine, phone.get), "the right answer is taken, so the others were refused for what is wrong with them"


def test_a_challenge_is_good_once_for_one_browser_and_ten_minutes(
    browser: NewBrowser, phone: Authenticator, clock: Clock
) -> None:
    mine = browser()
    mine.get("/connexion")
    cookie = mine.client.get_cookie("facteur")
    assert cookie is not None
    asked = options_on(mine.page.text)
    answer = phone.get(asked)
    other = browser()
    other.get("/connexion")
    other.post("/connexion/cle", answer=answer)
    assert not is_inside(other), "of another browser"
    thief = browser()
    thief.client.set_cookie("facteur", cookie.value)
    thief.get("/connexion/")
    mine.post("/connexion/cle", answer=answer)
    assert is_inside(mine)
    thief.client.set_cookie("facteur", cookie.value)
    token = re.search(r'name="csrf_token" value="([^"]+)"', thief.get("/connexion").text)
    assert token is not None
    thief.client.set_cookie("facteur", cookie.value)
    thief.post("/connexion/cle", answer=phone.get(asked))
    assert not is_inside(thief), "a copy of the cookie with a used challenge"
    late = browser()
    late.get("/connexion")
    answer = phone.get(options_on(late.page.text))
    clock.forward(minutes=10)
    late.post("/connexion/cle", answer=answer)
    assert not is_inside(late)


def test_a_counter_that_goes_back_is_refused_and_told(
    browser: NewBrowser, phone: Authenticator, store: Store, alice: Consumer, post: Callable[[], Mailbox]
) -> None:
    mine = browser()
    assert uses(mine, phone.get)
    copied = browser()
    phone.counter = 1
    assert not uses(copied, phone.get)
    assert "quelqu’un l’a peut-être copiée" in copied.page.text
    assert "Une clé d’accès a été refusée" in subjects(post())
    with store.reading() as session:
        assert "passkey count went back" in [each.what for each in events_of(session, "consumer", alice.id)]


def test_one_that_does_not_count_goes_on(browser: NewBrowser, alice: Consumer) -> None:
    mine, synced = browser(), Authenticator(counts=False)
    mine.sign_in(alice)
    makes_passkey(mine, synced)
    assert uses(browser(), synced.get)
    assert uses(browser(), synced.get)


def test_it_is_named_and_removed(
    browser: NewBrowser, phone: Authenticator, alice: Consumer, world: World, post: Callable[[], Mailbox]
) -> None:
    mine = browser()
    assert uses(mine, phone.get)
    page = mine.get("/securite").text
    address = re.search(r'action="(/securite/cles/[a-z2-7]{26})/nom"', page)
    assert address is not None
    assert "Le téléphone rouge" in mine.post(f"{address[1]}/nom", name="Le téléphone rouge").text
    bob = browser()
    bob.sign_in(world.consumer("Bob Le Goff"))
    bob.get("/securite")
    assert bob.post(f"{address[1]}/nom", name="À moi").status_code == 404
    bob.get("/securite")
    assert bob.post(f"{address[1]}/retirer").status_code == 404
    mine.get("/securite")
    assert "La clé d’accès est retirée." in mine.post(f"{address[1]}/retirer").text
    assert "Une clé d’accès est retirée" in subjects(post())
    assert not uses(browser(), phone.get), "a deleted credential"
    other = browser()
    other.sign_in(alice)
    assert is_inside(other), "there is no second factor any more"


@pytest.mark.parametrize("wrong", ["origin", "verified", "nothing"])
def test_a_passkey_that_is_made_wrongly_is_not_added(wrong: str, browser: NewBrowser, alice: Consumer) -> None:
    mine, device = browser(), Authenticator()
    mine.sign_in(alice)
    asked = options_on(mine.get("/securite/cles/ajouter").text)
    answers = {
        "origin": lambda: device.create(asked, origin="https://evil.example"),
        "verified": lambda: device.create(asked, is_verified=False),
        "nothing": str,
    }
    assert mine.post("/securite/cles/ajouter", answer=answers[wrong](), name="x").status_code == 422
    assert "Clé d’accès" not in mine.get("/securite").text.split("<h2>")[1].split("<ul")[0]


def test_a_passkey_of_somebody_is_not_added_again(
    browser: NewBrowser, phone: Authenticator, world: World, store: Store
) -> None:
    bob = browser()
    bob.sign_in(world.consumer("Bob Le Goff"))
    assert "n’a pas pu être ajoutée" in makes_passkey(bob, phone)
    with store.reading() as session:
        assert len(session.scalars(select(Passkey)).all()) == 1


def test_staff_sign_in_by_theirs_and_not_by_a_consumers(
    browser: NewBrowser, phone: Authenticator, store: Store, clock: Clock
) -> None:
    with store.writing() as session:
        session.add(Staff(email="oscar@facteur.example", password_hash=hash_password(PASSWORD), added_at=clock()))
    oscar, key = browser(), Authenticator()
    oscar.get("/equipe/connexion")
    oscar.post("/equipe/connexion", email="oscar@facteur.example", password=PASSWORD)
    assert "Votre clé d’accès est prête" in makes_passkey(oscar, key, side="/equipe")
    assert uses(browser(), key.get, side="/equipe")
    assert not uses(browser(), key.get)
    assert not uses(browser(), phone.get, side="/equipe")
    with store.writing() as session:
        session.scalars(select(Staff)).one().closed_at = clock()
    assert not uses(browser(), key.get, side="/equipe"), "who has left"


def test_without_a_name_there_are_no_passkeys(
    browser: NewBrowser, store: Store, config: Config, clock: Clock, alice: Consumer
) -> None:
    numbered = msgspec.structs.replace(config, public_url="http://127.0.0.1:8080")
    mine = Browser(make_app(store, numbered, clock).test_client())
    assert "clé d’accès" not in mine.get("/connexion").text
    mine.sign_in(alice)
    assert "ne sont pas possibles à cette adresse" in mine.get("/securite").text
    assert mine.get("/securite/cles/ajouter").status_code == 404


def test_all_factors_of_one_go_and_the_others_stay(
    phone: Authenticator, store: Store, alice: Consumer, browser: NewBrowser, clock: Clock
) -> None:
    with store.writing() as session:
        assert remove_all_factors(session, FactorOwner.of(alice), clock())
    assert not uses(browser(), phone.get)


@pytest.mark.parametrize("answer", ["[" * 19_000, '{"id":"x","a":' + "[" * 9_000 + "]" * 9_000 + "}"])
def test_an_answer_without_end_is_refused(answer: str, browser: NewBrowser, alice: Consumer) -> None:
    stranger = browser()
    assert not uses(stranger, lambda _: answer)
    assert "n’est pas connue ici" in stranger.page.text
    stranger.sign_in(alice)
    stranger.get("/securite/cles/ajouter")
    assert stranger.post("/securite/cles/ajouter", answer=answer, name="x").status_code == 422


def test_a_credential_with_too_long_a_name_is_refused(browser: NewBrowser, alice: Consumer) -> None:
    """W3C WebAuthn 3, 7.1 step 26; an index of PostgreSQL takes no longer one either."""
    mine, device = browser(), Authenticator()
    mine.sign_in(alice)
    device.id = os.urandom(3000)
    assert "n’a pas pu être ajoutée" in makes_passkey(mine, device)
    device.id = os.urandom(1023)
    assert "est prête" in makes_passkey(mine, device)


def test_in_a_page_of_another_site_it_is_neither_made_nor_used(
    browser: NewBrowser, phone: Authenticator, world: World
) -> None:
    """W3C WebAuthn 3, 7.1 step 10 and 7.2 step 13."""
    phone.is_embedded = True
    assert not uses(browser(), phone.get)
    phone.is_embedded = False
    assert uses(browser(), phone.get)
    bob, device = browser(), Authenticator()
    device.is_embedded = True
    bob.sign_in(world.consumer("Bob Le Goff"))
    assert "n’a pas pu être ajoutée" in makes_passkey(bob, device)
