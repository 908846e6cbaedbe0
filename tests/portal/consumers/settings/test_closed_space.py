"""Alice closes her space: she sees before what happens, comes back by signing in, or is erased."""

from collections.abc import Callable
from datetime import timedelta
from email.header import decode_header, make_header

import pytest

from store import Store
from store.accounts.consumer import Consumer, accounts_of
from store.leaving.space_closing import closing_of
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill

NewBrowser = Callable[[], Browser]
Post = Callable[[], Mailbox]


@pytest.fixture
def alice(world: World) -> Consumer:
    lumiere = world.issuer("lumiere", "Lumière")
    world.drop(lumiere, [a_bill("F-1", "C-1", world.today)])
    return world.consumer("Alice Martin", holds={lumiere: "C-1"})


@pytest.fixture
def hers(browser: NewBrowser, alice: Consumer) -> Browser:
    mine = browser()
    mine.sign_in(alice)
    return mine


def close(hers: Browser, when: str) -> None:
    hers.get("/profil/fermer")
    hers.post("/profil/fermer", when=when)


def test_she_sees_before_what_happens_and_chooses(hers: Browser, store: Store, alice: Consumer) -> None:
    page = plain(hers.get("/profil/fermer").text)
    for said in ("Lumière", "Ses factures viennent par la poste", "Vos étiquettes et vos notes", "art. L123-22"):
        assert said in page
    close(hers, "")
    assert (hers.page.status_code, "Choisissez ce qui vous convient" in plain(hers.page.text)) == (422, True)
    with store.reading() as session:
        assert closing_of(session, alice.id) is None


def test_she_comes_back_by_signing_in(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post, clock: Clock
) -> None:
    close(hers, "later")
    assert hers.page.request.path == "/vos-donnees"
    assert hers.get("/profil").request.path == "/connexion"
    [(to, mail)] = post().mails
    assert (to, str(make_header(decode_header(mail["Subject"])))) == (alice.email, "Votre espace est fermé")
    clock.forward(days=29)
    again = browser()
    assert "Votre espace est de nouveau ouvert" in plain(again.sign_in(alice).text)
    with store.reading() as session:
        assert closing_of(session, alice.id) is None
        assert accounts_of(session, alice.id) == []


def test_all_at_once(hers: Browser, store: Store, alice: Consumer, post: Post, clock: Clock) -> None:
    close(hers, "now")
    [(_, mail)] = post().mails
    text = next(part for part in mail.walk() if part.get_content_type() == "text/plain").get_payload(decode=True)
    assert "nous effaçons maintenant" in plain(text.decode())
    with store.reading() as session:
        closing = closing_of(session, alice.id)
    assert closing is not None
    assert closing.erase_at - clock() <= timedelta(0)


def test_a_session_that_is_not_fresh_is_asked_who_it_is(
    hers: Browser, store: Store, alice: Consumer, clock: Clock
) -> None:
    hers.get("/profil/fermer")
    clock.forward(minutes=11)
    hers.post("/profil/fermer", when="now")
    assert hers.page.request.path == "/confirmer-identite"
    with store.reading() as session:
        assert closing_of(session, alice.id) is None


def test_staff_close_nobodys_space(staff: Callable[[str], Browser], world: World, store: Store) -> None:
    alice = world.consumer("Alice Martin")
    oscar = staff("oscar")
    assert oscar.get("/profil/fermer").request.path == "/connexion"
    assert oscar.post("/profil/fermer", when="now").request.path == "/connexion"
    with store.reading() as session:
        assert closing_of(session, alice.id) is None
