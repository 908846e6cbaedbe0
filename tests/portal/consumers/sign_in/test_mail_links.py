"""Links of every kind, used twice, too late, cut short, by scanners and in other browsers; and Mallory, who signs up
with Alice's address. Each link confirms the password that was set when it was asked for, and no other."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import Message

import pytest
from sqlalchemy import select

from config import Config
from staff.invitations import add_member
from store import Store
from store.accounts.consumer import Consumer, consumer_by_email
from store.accounts.one_time_email_link import AGES, CONFIRM, RESET, invitation_link
from store.accounts.sign_up import SignUp
from store.staff_member import Staff
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.sign_in.test_sign_up_and_sign_in import bare, sign_up
from tests.portal.sample_town import PASSWORD, World

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]
Post = Callable[[], Mailbox]
ALICE = "alice@exemple.fr"
HERS, MALLORYS = "la longue phrase d’Alice", "celle que Mallory connaît"


def enters(browser: Browser, password: str) -> bool:
    """Whether Alice's address and this password open a space."""
    browser.get("/connexion")
    answer = browser.post("/connexion", email=ALICE, password=password)
    assert answer.status_code in {200, 422}
    return answer.status_code == 200 and browser.get("/contrats").request.path == "/contrats"


@pytest.fixture
def links(browser: NewBrowser, post: Post) -> dict[str, str]:
    """Alice signs up, then Mallory with her address; the links in Alice's mailbox, by whose they are."""
    alice, mallory = browser(), browser()
    sign_up(alice, "Alice Martin", ALICE, HERS)
    first = post().link_to(ALICE)
    sign_up(mallory, "Alice Martin.", ALICE, MALLORYS)
    return {"alice": first, "mallory": post().link_to(ALICE)}


def confirm(browser: Browser, link: str) -> int:
    browser.get(link)
    return browser.post(link).status_code


def test_who_confirms_keeps_their_password(browser: NewBrowser, links: dict[str, str], store: Store) -> None:
    """Mallory signed up later; Alice opens her own link all the same."""
    assert confirm(browser(), links["alice"]) == 200
    assert enters(browser(), HERS)
    assert not enters(browser(), MALLORYS)
    assert browser().get(links["mallory"]).status_code == 410
    with store.reading() as session:
        [consumer], [kept] = session.scalars(select(Consumer)).all(), session.scalars(select(SignUp)).all()
        assert (consumer.name, kept.password_hash) == ("Alice Martin", consumer.password_hash)


def test_mallorys_link_never_confirms_alices_password_nor_lets_alice_in(
    browser: NewBrowser, links: dict[str, str], post: Post
) -> None:
    """Alice sees on the page under which name somebody signed up. If she confirms it, her own password is not the one;
    with a new one of her own choice nothing of Mallory's is left."""
    alice, mallory = browser(), browser()
    assert "Alice Martin." in alice.get(links["mallory"]).text
    assert alice.post(links["mallory"]).request.path == "/connexion"
    assert not enters(alice, HERS)
    assert enters(mallory, MALLORYS)
    alice.get("/mot-de-passe-oublie")
    alice.post("/mot-de-passe-oublie", email=ALICE)
    link = post().link_to(ALICE)
    alice.get(link)
    assert alice.post(link, password="une tout autre phrase").request.path == "/"
    assert mallory.get("/contrats").request.path == "/connexion"
    assert not enters(mallory, MALLORYS)


def test_a_used_link_confirms_nothing_more(browser: NewBrowser, links: dict[str, str]) -> None:
    confirm(browser(), links["alice"])
    late = browser()
    late.get("/connexion")
    late.post(links["mallory"])
    assert not enters(browser(), MALLORYS)
    assert enters(browser(), HERS)


@pytest.mark.parametrize("name", ["Mallory", "Gagnez 1000 € : https://evil.example", "Appelez le 06 12 34 56 78"])
def test_the_mail_says_nothing_of_what_was_typed_to_sign_up(browser: NewBrowser, post: Post, name: str) -> None:
    sign_up(browser(), "Alice Martin", ALICE, HERS)
    sign_up(browser(), name, ALICE, MALLORYS)
    bodies = [re.sub(r"https?://\S+", "", text_of(mail)) for _, mail in post().mails]
    assert bodies[0] == bodies[1]
    assert bodies[0].startswith("Bonjour,\n")


def test_the_page_names_who_signed_up_and_leads_nowhere(browser: NewBrowser, post: Post) -> None:
    sign_up(browser(), "Mallory https://evil.example 06 12 34 56 78", ALICE, MALLORYS)
    page = browser().get(post().link_to(ALICE)).text
    assert "Mallory" in page
    assert "evil.example" not in page
    assert "06 12" not in page


def text_of(mail: Message) -> str:
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    content = plain.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def test_the_button_pressed_twice_is_one_person(browser: NewBrowser, post: Post) -> None:
    """The browser shows what the second press brought, and has the cookies of before the first."""
    alice = browser()
    sign_up(alice, "Alice Martin", ALICE, HERS)
    link = post().link_to(ALICE)
    alice.get(link)
    before = alice.client.get_cookie("facteur")
    assert before is not None
    token = alice.page
    alice.post(link)
    alice.client.set_cookie("facteur", before.value)
    alice.page = token
    assert "Bienvenue, Alice Martin" in alice.post(link).text
    assert alice.get("/contrats").request.path == "/contrats"


def test_a_scanner_opens_every_link_before_alice(browser: NewBrowser, post: Post) -> None:
    alice = browser()
    sign_up(alice, "Alice Martin", ALICE, HERS)
    link = post().link_to(ALICE)
    for _ in range(3):
        assert browser().get(link).status_code == 200
        assert browser().client.head(link).status_code == 200
    assert confirm(alice, link) == 200
    assert alice.get("/contrats").request.path == "/contrats"


def test_another_browser_confirms_and_signs_in_with_the_password(browser: NewBrowser, post: Post) -> None:
    sign_up(browser(), "Alice Martin", ALICE, HERS)
    phone = browser()
    link = post().link_to(ALICE)
    phone.get(link)
    assert phone.post(link).request.path == "/connexion"
    assert enters(phone, HERS)


def test_a_new_password_sent_twice_is_one(browser: NewBrowser, post: Post, world: World) -> None:
    world.consumer("Alice Martin")
    alice = browser()
    alice.get("/mot-de-passe-oublie")
    alice.post("/mot-de-passe-oublie", email=ALICE)
    link = post().link_to(ALICE)
    page = alice.get(link)
    alice.post(link, password=HERS)
    second = browser()
    second.get("/connexion")
    assert second.post(link, password=HERS).request.path == "/"
    other = browser()
    other.get("/connexion")
    assert other.post(link, password=MALLORYS).status_code == 410
    assert page.status_code == 200
    assert enters(browser(), HERS)


KINDS = ["/inscription/confirmer/", "/mot-de-passe/", "/equipe/invitation/"]


@pytest.mark.parametrize("start", KINDS)
@pytest.mark.parametrize("rest", ["", "WzEsImFAYiJd", "WzEsImFAYiJd.aaaa.bbbb", "é", "x" * 3000])
def test_what_is_left_of_a_link_says_what_to_do(browser: NewBrowser, start: str, rest: str) -> None:
    page = browser().get(start + rest)
    assert page.status_code == 404
    assert 'name="email"' in page.text, "a fresh one is offered"
    assert "coupé" in page.text


@pytest.mark.parametrize(("purpose", "start"), [(CONFIRM, KINDS[0]), (RESET, KINDS[1])])
def test_an_old_link_offers_a_fresh_one_that_works(
    browser: NewBrowser, post: Post, monkeypatch: pytest.MonkeyPatch, purpose: str, start: str
) -> None:
    alice = browser()
    sign_up(alice, "Alice Martin", ALICE, HERS)
    if purpose == RESET:
        alice.get("/mot-de-passe-oublie")
        alice.post("/mot-de-passe-oublie", email=ALICE)
    link = post().link_to(ALICE)
    assert link.startswith(start)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + AGES[purpose] + 1)
    page = alice.get(link)
    assert page.status_code == 410
    assert "trop ancien" in page.text
    assert alice.post(link, password=MALLORYS).status_code == 410
    alice.post("/mot-de-passe-oublie", email=ALICE)
    fresh = post().link_to(ALICE)
    alice.get(fresh)
    assert alice.post(fresh, password="une tout autre phrase").request.path == "/"


def test_a_spent_link_says_the_same_of_every_address(browser: NewBrowser, post: Post, world: World) -> None:
    """Whoever holds a damaged link, and asks for a fresh one for any address, learns of nobody."""
    world.consumer("Alice Martin")
    answers = []
    for email in (ALICE, "dora@exemple.fr"):
        stranger = browser()
        stranger.get("/inscription/confirmer/cut")
        answers.append(bare(stranger.post("/mot-de-passe-oublie", email=email).text).replace(email, "…"))
    assert answers[0] == answers[1]
    assert [to for to, _ in post().mails] == [ALICE]


def test_an_invitation_of_before_is_no_good_for_the_next(
    store: Store, config: Config, clock: Clock, world: World, browser: NewBrowser
) -> None:
    """Nina left, and is invited anew: the link in her old mail, which somebody else may hold, stays shut."""
    world.issuer("lumiere", "Lumière")
    with store.writing() as session:
        old = invitation_link(KeyRing(config.secret), add_member(session, "lumiere", "nina@lumiere.example", clock()))
    with store.writing() as session:
        session.scalars(select(Staff)).one().closed_at = clock.forward(days=1)
    with store.writing() as session:
        new = invitation_link(
            KeyRing(config.secret), add_member(session, "lumiere", "nina@lumiere.example", clock.forward(days=1))
        )
    assert browser().get(f"/equipe/invitation/{old}").status_code == 410
    nina = browser()
    assert nina.get(f"/equipe/invitation/{new}").status_code == 200
    assert nina.post(f"/equipe/invitation/{new}", password=HERS).request.path == "/equipe/"
    twice = browser()
    twice.get("/connexion")
    assert twice.post(f"/equipe/invitation/{new}", password=HERS).request.path == "/equipe/"
    assert browser().get(f"/equipe/invitation/{new}").status_code == 410


def test_an_invitation_is_sent_again_to_whoever_was_invited(
    store: Store, clock: Clock, world: World, browser: NewBrowser, post: Post
) -> None:
    world.issuer("lumiere", "Lumière")
    with store.writing() as session:
        add_member(session, "lumiere", "nina@lumiere.example", clock())
    post().mails.clear()
    nina = browser()
    nina.get("/equipe/invitation/cut")
    known = bare(nina.post("/equipe/invitation", email="Nina@lumiere.example").text)
    nina.get("/equipe/invitation/cut")
    unknown = bare(nina.post("/equipe/invitation", email="nora@lumiere.example").text)
    assert known.replace("nina@", "nora@") == unknown
    assert [to for to, _ in post().mails] == ["nina@lumiere.example"]
    link = post().link_to("nina@lumiere.example")
    nina.get(link)
    assert nina.post(link, password=HERS).request.path == "/equipe/"


@pytest.mark.parametrize("code", ["7Q2KD", "7Q2KD-M4XW", "AAAAA-AAAAB", "%20", "7Q2KD-M4XW9-7Q2KD"])
def test_a_code_cut_short_is_typed_by_hand(browser: NewBrowser, code: str) -> None:
    page = browser().get(f"/c/{code}")
    assert page.status_code == 404
    assert "n’est pas entier" in page.text or code == "%20"
    assert 'name="code"' in page.text


def test_a_code_without_its_code_is_asked_for(browser: NewBrowser) -> None:
    alice = browser()
    assert 'name="code"' in alice.get("/c/").text
    assert alice.get("/c/?code=aaaaa-aaaa0").request.path in {"/c/aaaaa-aaaa0", "/inscription"}


def test_a_sign_up_is_forgotten_in_time(browser: NewBrowser, store: Store, clock: Clock) -> None:
    sign_up(browser(), "Alice Martin", ALICE, HERS)
    clock.forward(days=8)
    sign_up(browser(), "Alice Martin", ALICE, PASSWORD)
    with store.reading() as session:
        assert [each.epoch for each in session.scalars(select(SignUp))] == [1]
        consumer = consumer_by_email(session, ALICE)
        assert consumer is not None
        assert clock() - consumer.signed_up_at == timedelta(days=8)


@pytest.mark.parametrize(
    ("path", "sent_again"),
    [
        *((path, True) for path in ("/inscription/confirmer/x", "/mot-de-passe/x", "/appareil-inconnu/x")),
        *((path, False) for path in ("/desabonnement/x", "/objection/x", "/adresse/confirmer/x", "/adresse/annuler/x")),
        *((path, False) for path in ("/second-facteur/perdu/x", "/second-facteur/garder/x")),
    ],
)
def test_another_link_is_offered_where_it_does_the_same(browser: NewBrowser, path: str, sent_again: bool) -> None:
    page = browser().get(path)
    assert page.status_code == 404
    assert ("Recevoir un autre lien" in page.text) == sent_again
    assert "Se connecter" in page.text.partition("<main")[2]
