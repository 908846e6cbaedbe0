"""An app that shows codes: added by its first code, asked for after the password, each code good once."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.second_factors.one_time_code import key_uri, matching_step
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import reset_link
from store.db.event import events_of
from store.sign_in.authenticator_app import AuthenticatorApp
from store.sign_in.sign_in_session import SignInSession
from store.staff_member import Staff
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import PASSWORD, World
from tests.portal.second_factors.factor_holders import BASE32, RECOVERY, SECRET, App, give_app, subjects

NewBrowser = Callable[[], Browser]
SignedIn = Callable[[str], Browser]
OTHER = "vingt grenouilles sous la pluie"


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


@pytest.fixture
def her_app(store: Store, clock: Clock, alice: Consumer) -> App:
    return give_app(store, clock, alice)


def is_inside(browser: Browser) -> bool:
    return browser.client.get("/profil").status_code == 200


def secret_on(page: str) -> str:
    found = re.search(r"secret dans l’application\s:\s([A-Z2-7 ]+)", page)
    assert found is not None
    return found[1].replace(" ", "")


def types_code(browser: Browser, code: str, side: str = "") -> int:
    return browser.post(f"{side}/connexion/code", code=code).status_code


def test_the_codes_are_those_of_rfc_6238(clock: Clock) -> None:
    """Appendix B, cut to six digits: 59 s after 1970, and 18 March 2005."""
    secret = b"12345678901234567890"
    for seconds, code in ((59, "287082"), (1111111109, "081804")):
        moment = clock().fromtimestamp(seconds, clock().tzinfo)
        assert matching_step(secret, code, moment) == seconds // 30
    assert key_uri(SECRET, "alice@exemple.fr") == (
        f"otpauth://totp/Facteur:alice%40exemple.fr?secret={BASE32}&issuer=Facteur"
    )


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_differ_by_one_step(steps: int, is_taken: bool, clock: Clock) -> None:
    assert (matching_step(SECRET, App(clock).code(steps), clock()) is not None) == is_taken


def test_she_adds_an_app_and_signs_in_with_its_code(
    browser: NewBrowser, alice: Consumer, clock: Clock, post: Callable[[], Mailbox]
) -> None:
    mine = browser()
    mine.sign_in(alice)
    mine.get("/securite")
    page = mine.post("/securite/application").text
    app = App(clock, secret_on(page))
    assert mine.post("/securite/application/code", code="000000").status_code == 422
    page = mine.post("/securite/application/code", code=app.code()).text
    codes = re.findall(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", page)
    assert len(codes) == 10
    assert not any(code in mine.get("/securite").text for code in codes), "they are shown once"
    assert "Une application de codes est ajoutée" in subjects(post())
    other = browser()
    other.sign_in(alice)
    assert (other.page.request.path, is_inside(other)) == ("/connexion/code", False)
    assert types_code(other, app.code()) == 422, "it was used when the app was added"
    clock.forward(seconds=30)
    assert types_code(other, app.code()) == 200
    assert is_inside(other)
    third = browser()
    third.sign_in(alice)
    assert types_code(third, app.code()) == 422, "somebody has read it over her shoulder"
    assert types_code(third, codes[0].lower()) == 200
    assert "Il vous reste 9" in third.page.text
    assert "Un code de secours a servi" in subjects(post())


@pytest.mark.usefixtures("her_app")
def test_half_signed_in_opens_nothing_and_ends(browser: NewBrowser, alice: Consumer, clock: Clock) -> None:
    mine = browser()
    mine.get("/connexion?suite=/contrats")
    mine.post("/connexion", email=alice.email, password=PASSWORD, suite="/contrats")
    assert "Encore une étape" in mine.page.text
    for closed in ("/contrats", "/profil", "/securite", "/confirmer-identite", "/equipe/", "/equipe/connexion/code"):
        assert mine.client.get(closed).status_code == 303, closed
    assert "Créer votre espace" in mine.get("/").text
    clock.forward(minutes=9)
    mine.get("/connexion/code")
    assert types_code(mine, App(clock).code()) == 200
    assert mine.page.request.path == "/contrats"
    late = browser()
    late.sign_in(alice)
    clock.forward(minutes=10)
    assert types_code(late, App(clock).code()) == 200
    assert (late.page.request.path, is_inside(late)) == ("/connexion", False)


def test_a_half_signed_in_state_ends_with_the_password(
    browser: NewBrowser, store: Store, alice: Consumer, her_app: App
) -> None:
    thief = browser()
    thief.sign_in(alice)
    with store.writing() as session:
        session.get_one(Consumer, alice.id).session_epoch += 1
    types_code(thief, her_app.code())
    assert not is_inside(thief)


def test_a_password_reset_by_mail_does_not_pass_the_second_factor(
    browser: NewBrowser, store: Store, alice: Consumer, her_app: App
) -> None:
    mine, link = browser(), f"/mot-de-passe/{reset_link(store.keys, alice, alice.session_epoch)}"
    mine.get(link)
    mine.post(link, password=OTHER)
    assert (mine.page.request.path, is_inside(mine)) == ("/connexion/code", False)
    mine.post(link, password=OTHER)
    assert not is_inside(mine), "pressed twice"
    assert types_code(mine, her_app.code()) == 200
    assert is_inside(mine)


def test_the_first_step_says_nothing_of_second_factors(
    browser: NewBrowser, alice: Consumer, her_app: App, world: World
) -> None:
    """A wrong password is answered alike whether there is a second factor, none, or nobody."""
    del her_app
    bob = world.consumer("Bob Le Goff")
    pages = set()
    for email in (alice.email, bob.email, "nobody@exemple.fr"):
        mine = browser()
        mine.get("/connexion")
        answer = mine.post("/connexion", email=email, password="au hasard")
        pages.add((answer.status_code, re.sub(r'value="[^"]+"', "", answer.text)))
    assert len(pages) == 1


@pytest.mark.usefixtures("her_app")
def test_codes_are_slowed_down_as_passwords_are(browser: NewBrowser, alice: Consumer) -> None:
    thief = browser()
    thief.sign_in(alice)
    tries = [thief.post("/connexion/code", code=f"{n:06}", email=f"x{n}@exemple.fr").status_code for n in range(21)]
    assert tries[-2:] == [422, 429]


def test_who_has_a_factor_confirms_by_it(browser: NewBrowser, alice: Consumer, her_app: App, clock: Clock) -> None:
    mine = browser()
    mine.sign_in(alice)
    types_code(mine, her_app.code())
    clock.forward(minutes=11)
    mine.get("/securite")
    mine.post("/securite/application/retirer")
    assert mine.page.request.path == "/confirmer-identite"
    assert mine.post("/confirmer-identite/mot-de-passe", password=PASSWORD, suite="/securite").status_code == 422
    mine.post("/confirmer-identite/code", code=her_app.code(), suite="/securite", formulaire="1")
    assert mine.page.request.path == "/securite"
    mine.post("/securite/application/retirer")
    assert "L’application de codes est retirée." in mine.page.text
    assert "Codes de secours" not in mine.page.text, "they stood for the app"
    other = browser()
    other.sign_in(alice)
    assert is_inside(other)


def test_a_new_set_of_codes_replaces_the_old(
    browser: NewBrowser, alice: Consumer, her_app: App, post: Callable[[], Mailbox]
) -> None:
    mine = browser()
    mine.sign_in(alice)
    types_code(mine, her_app.code())
    mine.get("/securite")
    page = mine.post("/securite/codes").text
    assert len(re.findall(r"<code>", page)) == 10
    assert "Vos codes de secours sont nouveaux" in subjects(post())
    other = browser()
    other.sign_in(alice)
    assert types_code(other, RECOVERY) == 422


@pytest.mark.usefixtures("her_app")
def test_the_secret_is_not_in_the_database(store: Store) -> None:
    with store.reading() as session:
        kept = session.scalars(select(AuthenticatorApp.encrypted)).one()
    assert SECRET not in kept
    assert BASE32.encode() not in kept


def test_staff_have_the_same(
    staff: SignedIn, browser: NewBrowser, store: Store, clock: Clock, post: Callable[[], Mailbox]
) -> None:
    oscar = staff("oscar")
    oscar.get("/equipe/securite")
    page = oscar.post("/equipe/securite/application").text
    app = App(clock, secret_on(page))
    assert "<code>" in oscar.post("/equipe/securite/application/code", code=app.code()).text
    assert post().mails[-1][0] == "oscar@facteur.example"
    clock.forward(seconds=30)
    other = browser()
    other.get("/equipe/connexion")
    other.post("/equipe/connexion", email="oscar@facteur.example", password=PASSWORD)
    assert other.client.get("/equipe/").status_code == 303
    assert types_code(other, "123456") == 303 or other.client.get("/equipe/").status_code == 303
    other.get("/equipe/connexion/code")
    assert types_code(other, app.code(), "/equipe") == 200
    assert other.client.get("/equipe/").status_code == 200
    with store.reading() as session:
        oscar_row = session.scalars(select(Staff).where(Staff.email == "oscar@facteur.example")).one()
        assert "authenticator app added" in [each.what for each in events_of(session, "staff", oscar_row.id)]


def test_of_whom_has_signed_in_other_addresses_are_counted_too(
    browser: NewBrowser, alice: Consumer, world: World
) -> None:
    """Charlie has a session of his own: his guesses at Alice's password are counted as hers."""
    charlie = browser()
    charlie.sign_in(world.consumer("Charlie Faure"))
    tries = [charlie.post("/connexion", email=alice.email, password=f"essai {n}").status_code for n in range(21)]
    assert tries[-2:] == [422, 429]


@pytest.mark.usefixtures("her_app")
def test_the_session_of_before_ends_with_the_first_step(
    browser: NewBrowser, alice: Consumer, world: World, store: Store
) -> None:
    """Bob was signed in here; nobody sees that session again, nor does a copy of its cookie open it."""
    here, thief = browser(), browser()
    here.sign_in(world.consumer("Bob Le Goff"))
    cookie = here.client.get_cookie("facteur")
    assert cookie is not None
    thief.client.set_cookie("facteur", cookie.value)
    assert is_inside(thief)
    here.sign_in(alice)
    assert "Encore une étape" in here.page.text
    assert not is_inside(thief)
    with store.reading() as session:
        assert session.scalars(select(SignInSession)).all() == []


def test_a_link_that_confirmed_does_not_pass_a_factor_that_was_added_since(
    browser: NewBrowser, store: Store, clock: Clock, post: Callable[[], Mailbox]
) -> None:
    dora, copy = browser(), browser()
    dora.get("/inscription")
    dora.post("/inscription", name="Dora Petit", email="dora@exemple.fr", password=OTHER)
    link = post().link_to("dora@exemple.fr")
    dora.get(link)
    cookie = dora.client.get_cookie("facteur")
    assert cookie is not None
    copy.client.set_cookie("facteur", cookie.value)
    copy.get(link)
    dora.post(link)
    assert is_inside(dora)
    with store.reading() as session:
        give_app(store, clock, session.scalars(select(Consumer)).one())
    copy.post(link)
    assert not is_inside(copy)
    assert "Encore une étape" in copy.page.text
