"""Signing up, in and out; a forgotten password: nobody learns who has a space, and no link works twice."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from sqlalchemy import select

from config import Config
from store import Store
from store.accounts.consumer import UNWANTED, Consumer, consumer_by_email
from store.accounts.one_time_email_link import CONFIRM, make_link
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import PASSWORD, World

Post = Callable[[], Mailbox]
NewBrowser = Callable[[], Browser]


def sign_up(
    browser: Browser, name: str = "Alice Martin", email: str = "alice@exemple.fr", password: str = PASSWORD
) -> str:
    browser.get("/inscription")
    return browser.post("/inscription", name=name, email=email, password=password).text


def test_alice_signs_up_and_confirms_by_the_link_in_her_mail(browser: NewBrowser, post: Post) -> None:
    alice = browser()
    assert "alice@exemple.fr" in sign_up(alice)
    page = alice.get(post().link_to("alice@exemple.fr"))
    assert "C’est bien mon adresse" in page.text
    welcome = alice.post(page.request.path)
    assert welcome.request.path == "/"
    assert "Bienvenue, Alice Martin" in welcome.text
    assert "Votre espace est prêt" in welcome.text


def test_looking_at_the_link_confirms_nothing(browser: NewBrowser, post: Post, store: Store) -> None:
    alice = browser()
    sign_up(alice)
    browser().get(post().link_to("alice@exemple.fr"))  # a mail scanner
    with store.reading() as session:
        assert session.scalars(select(Consumer)).one().confirmed_at is None


def test_a_known_address_gets_the_same_answer_and_another_mail(browser: NewBrowser, post: Post, world: World) -> None:
    world.consumer("Alice Martin")
    known = bare(sign_up(browser(), "Charlie", "alice@exemple.fr"))
    unknown = bare(sign_up(browser(), "Charlie", "dora@exemple.fr"))
    assert known.replace("alice@", "dora@") == unknown
    mails = {to: str(make_header(decode_header(mail["Subject"]))) for to, mail in post().mails}
    assert mails == {
        "alice@exemple.fr": "Vous avez déjà un espace / You have a space already",
        "dora@exemple.fr": "Confirmez votre adresse",
    }


def test_mallory_signs_up_with_alices_address_and_gains_nothing(browser: NewBrowser, post: Post) -> None:
    alice, mallory = browser(), browser()
    sign_up(alice)
    hers = "le mot de passe de Mallory"
    sign_up(mallory, password=hers)
    link = post().link_to("alice@exemple.fr")
    alice.get(link)
    assert alice.post(link).request.path == "/connexion"  # her browser did not sign up for this one: no way in
    assert alice.post("/connexion", email="alice@exemple.fr", password=PASSWORD).status_code == 422
    reset(alice, post)
    assert mallory.get("/contrats").request.path == "/connexion"
    assert mallory.post("/connexion", email="alice@exemple.fr", password=hers).status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " \t", "Écrivez votre nom."),
        ("email", "alice@", "Cette adresse n’est pas complète."),
        ("password", "trop court"[:9], "Il faut au moins 10 caractères."),
        ("password", "x" * 201, "200 caractères suffisent."),
        ("password", "Motdepasse2026", "beaucoup de gens ont le même, ou presque. Quatre mots sans rapport"),
        ("password", "alice@exemple", "il est fait de votre nom"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(browser: NewBrowser, field: str, value: str, says: str) -> None:
    alice = browser()
    alice.get("/inscription")
    fields = {"name": "Alice", "email": "alice@exemple.fr", "password": PASSWORD} | {field: value}
    page = alice.post("/inscription", **fields)
    assert page.status_code == 422
    assert says in page.text.replace("\u202f", " ")
    assert f'aria-describedby="{field}' in page.text
    assert f'id="{field}-error"' in page.text
    assert re.findall(r'<input id="(\w+)"[^>]* autofocus', page.text) == [field]
    assert PASSWORD not in page.text


@pytest.mark.parametrize("token", ["nothing", "WzEsImFAYiJd.aaaa.bbbb"])
def test_an_invented_link_leads_nowhere(browser: NewBrowser, token: str) -> None:
    assert browser().get(f"/inscription/confirmer/{token}").status_code == 404
    assert browser().get(f"/mot-de-passe/{token}").status_code == 404


def test_a_link_for_another_address_or_purpose_leads_nowhere(browser: NewBrowser, world: World, config: Config) -> None:
    alice = world.consumer("Alice Martin")
    charlie = browser()
    charlie.get("/connexion")
    moved = make_link(KeyRing(config.secret), CONFIRM, [alice.id, "old@exemple.fr", 0])
    assert charlie.post(f"/inscription/confirmer/{moved}").status_code == 410
    assert charlie.get(f"/mot-de-passe/{make_link(KeyRing(config.secret), CONFIRM, [alice.id, 0])}").status_code == 404


def test_wrong_password_and_unknown_address_look_the_same(browser: NewBrowser, world: World) -> None:
    world.consumer("Alice Martin")
    charlie = browser()
    charlie.get("/connexion")
    wrong = charlie.post("/connexion", email="alice@exemple.fr", password="pas le bon du tout")
    unknown = charlie.post("/connexion", email="dora@exemple.fr", password="pas le bon du tout")
    assert wrong.status_code == unknown.status_code == 422
    assert bare(wrong.text).replace("alice@", "dora@") == bare(unknown.text)


def bare(page: str) -> str:
    """A page without its token, which changes with every second."""
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_whoever_has_not_confirmed_is_told_to_and_so_is_everybody(browser: NewBrowser, post: Post) -> None:
    sign_up(browser())
    alice = browser()
    alice.get("/connexion")
    page = alice.post("/connexion", email="Alice@Exemple.fr ", password=PASSWORD)
    assert "Ouvrez d’abord le lien" in page.text
    stranger = browser()
    stranger.get("/connexion")
    assert "Ouvrez d’abord le lien" in stranger.post("/connexion", email="dora@exemple.fr", password=PASSWORD).text
    assert [to for to, _ in post().mails] == ["alice@exemple.fr"]
    assert alice.get("/contrats").request.path == "/connexion"


def reset(browser: Browser, post: Post, password: str = "une tout autre phrase") -> str:
    browser.get("/mot-de-passe-oublie")
    browser.post("/mot-de-passe-oublie", email="alice@exemple.fr")
    link = post().link_to("alice@exemple.fr")
    browser.get(link)
    assert browser.post(link, password=password).request.path == "/"
    return link


def test_a_forgotten_password_is_replaced_once_and_ends_other_visits(
    browser: NewBrowser, post: Post, world: World
) -> None:
    alice = world.consumer("Alice Martin")
    phone, read_context = browser(), browser()
    phone.sign_in(alice)
    link = reset(read_context, post)
    assert phone.get("/contrats").request.path == "/connexion"
    assert read_context.get("/contrats").request.path == "/contrats"
    assert browser().get(link).status_code == 410
    assert phone.sign_in(alice).status_code == 422
    assert phone.sign_in(alice, "une tout autre phrase").request.path == "/"


def test_a_forgotten_password_says_the_same_to_everybody(browser: NewBrowser, post: Post, world: World) -> None:
    world.consumer("Alice Martin")
    answers = []
    for email in ("alice@exemple.fr", "dora@exemple.fr"):
        someone = browser()
        someone.get("/mot-de-passe-oublie")
        answers.append(bare(someone.post("/mot-de-passe-oublie", email=email).text).replace(email, "…"))
    assert answers[0] == answers[1]
    assert [to for to, _ in post().mails] == ["alice@exemple.fr"]


def test_an_old_link_leads_nowhere(
    browser: NewBrowser, post: Post, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import itsdangerous.timed

    world.consumer("Alice Martin")
    alice = browser()
    alice.get("/mot-de-passe-oublie")
    alice.post("/mot-de-passe-oublie", email="alice@exemple.fr")
    link = post().link_to("alice@exemple.fr")
    assert alice.get(link).status_code == 200
    now = itsdangerous.timed.time.time()
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: now + timedelta(hours=3).total_seconds())
    assert browser().get(link).status_code == 410


def test_signing_out_ends_the_visit_even_for_a_copied_cookie(browser: NewBrowser, world: World) -> None:
    alice, thief = browser(), browser()
    alice.sign_in(world.consumer("Alice Martin"))
    cookie = alice.client.get_cookie("facteur")
    assert cookie is not None
    thief.client.set_cookie("facteur", cookie.value)
    assert thief.get("/contrats").request.path == "/contrats"
    alice.get("/")
    assert alice.post("/deconnexion").request.path == "/connexion"
    assert alice.get("/contrats").request.path == "/connexion"
    assert thief.get("/contrats").request.path == "/connexion"


def test_settings_show_the_language_that_mails_have(browser: NewBrowser, world: World) -> None:
    """Whatever the browser asks for: whoever saves another setting keeps it."""
    mine = browser()
    mine.sign_in(world.consumer("Alice Martin", language="en"))
    page = mine.get("/profil", headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr">' in page
    assert '<option value="en" selected>' in page


def test_settings_change_name_language_and_password(browser: NewBrowser, world: World, store: Store) -> None:
    alice = world.consumer("Alice Martin")
    phone, read_context = browser(), browser()
    phone.sign_in(alice)
    read_context.sign_in(alice)
    read_context.get("/profil")
    assert "Saved." in read_context.post("/profil", name="Alice Martin-Roy", language="en").text
    wrong = read_context.post("/profil/mot-de-passe", old="pas le bon du tout", password="encore une autre phrase")
    assert "This is not your current password." in wrong.text
    done = read_context.post("/profil/mot-de-passe", old=PASSWORD, password="encore une autre phrase")
    assert "your other devices are signed out" in done.text
    assert phone.get("/profil").request.path == "/connexion"
    with store.reading() as session:
        kept = consumer_by_email(session, "alice@exemple.fr")
        assert kept is not None
        assert (kept.name, kept.language) == ("Alice Martin-Roy", "en")


def test_who_reported_a_mail_as_spam_is_told_what_follows(browser: NewBrowser, world: World, store: Store) -> None:
    alice = world.consumer("Alice Martin")
    with store.writing() as session:
        consumer = session.get_one(Consumer, alice.id)
        consumer.mail_failed_at, consumer.mail_failure = consumer.signed_up_at, UNWANTED
    phone = browser()
    phone.sign_in(alice)
    page = phone.get("/profil").text
    assert "a été signalé comme indésirable" in page
    assert "nous est revenu" not in page


def test_mail_that_came_back_is_said_and_can_be_put_right(
    browser: NewBrowser, world: World, store: Store, post: Post, clock: Clock
) -> None:
    alice = world.consumer("Alice Martin")
    with store.writing() as session:
        session.get_one(Consumer, alice.id).mail_failed_at = clock()
    phone = browser()
    assert "Nos courriels ne vous arrivent plus." in phone.sign_in(alice).text
    assert "Vérifiez que la boîte n’est pas pleine" in phone.get("/profil").text
    phone.post("/profil/adresse")
    link = post().link_to("alice@exemple.fr")
    phone.get(link)
    phone.post(link)
    assert "Nos courriels ne vous arrivent plus." not in phone.get("/").text
