"""Alice changes her address: the new mailbox confirms, the old one may stop it or take it back; Bob, who has a space,
is not given away."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store import Store
from store.access_grants.access_grant import AccessGrant, open_grants_of_owner
from store.accounts.consumer import Consumer
from store.accounts.phone import Phone, phones_of
from store.bill_forwarding.forward_address import ForwardAddress, forwards_of
from store.db.event import events_of
from store.leaving.email_change import EmailChange, forget_old_changes
from store.secret_addresses.secret_address import AddressKind, renew_address
from store.secret_addresses.secret_address import address_of as address_of_kind
from store.sign_in.authenticator_app import AuthenticatorApp, begin_app
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.factor_removal import ask_removal, waiting_removal
from store.sign_in.passkey import Passkey, add_passkey
from store.sign_in.provider_identity import ProviderIdentity, link_identity
from store.sign_in.recovery_code import RecoveryCode, keep_codes
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import PASSWORD, World

NEW = "alice.leroy@exemple.fr"
NewBrowser = Callable[[], Browser]
Post = Callable[[], Mailbox]


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


@pytest.fixture
def hers(browser: NewBrowser, alice: Consumer) -> Browser:
    mine = browser()
    mine.sign_in(alice)
    return mine


def ask(hers: Browser, email: str) -> None:
    hers.get("/profil/adresse-de-courriel")
    hers.post("/profil/adresse-de-courriel", email=email)


def address_of(store: Store, consumer: Consumer) -> str:
    with store.reading() as session:
        return session.get_one(Consumer, consumer.id).email


def press(visitor: Browser, link: str) -> Browser:
    visitor.get(link)
    visitor.post(link)
    return visitor


def test_the_new_mailbox_confirms_and_the_old_one_is_told(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post
) -> None:
    elsewhere = browser()
    elsewhere.sign_in(alice)
    post().mails.clear()
    ask(hers, "  Alice.Leroy@exemple.fr ")
    mailbox = post()
    assert [to for to, _ in mailbox.mails] == [NEW, alice.email]
    link = mailbox.link_to(NEW)
    hers.get(link)
    assert address_of(store, alice) == alice.email
    hers.post(link)
    assert (address_of(store, alice), hers.page.request.path) == (NEW, "/profil")
    assert elsewhere.get("/profil").request.path == "/connexion"
    assert browser().get(link).status_code == 410
    assert [to for to, _ in post().mails][2:] == [alice.email, NEW], (
        "and of the sign-in here, the first by that address"
    )
    with store.reading() as session:
        told = [event.what for event in events_of(session, "consumer", alice.id)]
    assert told == ["email change asked", "email changed"]


def test_links_to_the_old_mailbox_die(
    hers: Browser, browser: NewBrowser, alice: Consumer, post: Post
) -> None:  # fmt: skip
    forgotten = browser()
    forgotten.get("/mot-de-passe-oublie")
    forgotten.post("/mot-de-passe-oublie", email=alice.email)
    reset = post().link_to(alice.email)
    ask(hers, NEW)
    press(browser(), post().link_to(NEW))
    assert browser().get(reset).status_code == 410


def test_invitations_that_wait_follow_the_person(
    hers: Browser, browser: NewBrowser, store: Store, world: World, alice: Consumer, post: Post, clock: Clock
) -> None:
    bob = world.consumer("Bob Petit")
    with store.writing() as session:
        session.add(AccessGrant(owner_id=bob.id, email=alice.email, relation="spouse", invited_at=clock()))
    ask(hers, NEW)
    press(browser(), post().link_to(NEW))
    with store.reading() as session:
        assert session.scalars(select(AccessGrant.email)).one() == NEW


def test_what_is_known_of_a_mailbox_stays_with_it(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post, clock: Clock
) -> None:
    with store.writing() as session:
        session.execute(update(Consumer).values(mail_failed_at=clock(), mail_failure="550 full"))
    ask(hers, NEW)
    mailbox = post()
    back = mailbox.link_to(alice.email)
    press(browser(), mailbox.link_to(NEW))
    with store.reading() as session:
        assert session.get_one(Consumer, alice.id).can_be_mailed
    press(browser(), back)
    with store.reading() as session:
        assert session.get_one(Consumer, alice.id).mail_failure == "550 full"


def test_the_old_mailbox_stops_it_while_it_waits(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post
) -> None:
    ask(hers, NEW)
    mailbox = post()
    press(browser(), mailbox.link_to(alice.email))
    assert browser().get(mailbox.link_to(NEW)).status_code == 410
    assert press(browser(), mailbox.link_to(NEW)).page.status_code == 410
    assert address_of(store, alice) == alice.email
    assert hers.get("/profil").request.path == "/profil"


def test_the_old_mailbox_takes_it_back_within_72_hours(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post, clock: Clock
) -> None:
    ask(hers, NEW)
    mailbox = post()
    back = mailbox.link_to(alice.email)
    press(hers, mailbox.link_to(NEW))
    ask(hers, "mallory@exemple.fr")
    clock.forward(hours=71)
    rescued = press(browser(), back)
    assert (rescued.page.status_code, address_of(store, alice)) == (200, alice.email)
    assert hers.get("/profil").request.path == "/connexion"
    assert browser().sign_in(alice).status_code == 422
    assert "/mot-de-passe/" in post().link_to(alice.email)
    with store.reading() as session:
        assert session.scalars(select(EmailChange.state).order_by(EmailChange.id)).all() == ["taken_back", "replaced"]


def test_who_had_it_meanwhile_keeps_no_way_in_and_gets_no_bill(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post, clock: Clock
) -> None:
    """Mallory, in Alice's open session, adds what opens her space to him; what Alice had before stays hers."""
    hers.get("/profil")
    with store.writing() as session:
        _opens_to(store, session, alice.id, "alice", clock() - timedelta(days=30))
        _opens_to(store, session, alice.id, "mallory", clock() - timedelta(minutes=5))
    ask(hers, NEW)
    mailbox = post()
    press(hers, mailbox.link_to(NEW))
    clock.forward(hours=1)
    with store.writing() as session:
        renew_address(session, store.keys, alice.id, "calendar", clock())
    press(browser(), mailbox.link_to(alice.email))
    with store.reading() as session:
        assert session.scalars(select(Passkey.name)).all() == ["alice"]
        assert session.scalars(select(ProviderIdentity.subject)).all() == ["alice"]
        assert session.scalars(select(AuthenticatorApp.id)).all() == []
        assert session.scalars(select(RecoveryCode.id)).all() == []
        assert [each.email for each in forwards_of(session, alice.id)] == ["alice@exemple.org"]
        assert [each.email for each in open_grants_of_owner(session, alice.id)] == ["alice@exemple.org"]
        assert address_kinds(session, alice.id) == ["bills"]
        assert waiting_removal(session, alice.id) is None
        assert phones_of(session, [alice.id]) == {}


def _opens_to(store: Store, session: Session, consumer_id: int, who: str, at: datetime) -> None:
    """Add what opens a space, or sends its bills elsewhere, to *who*."""
    owner, email = FactorOwner("consumer", consumer_id), f"{who}@exemple.org"
    key = Passkey(credential_id=who.encode(), public_key=b"-", user_handle=b"-", name=who)
    add_passkey(session, owner, key, at)
    link_identity(session, consumer_id, f"{who}connect", who, at)
    session.add(ForwardAddress(consumer_id=consumer_id, email=email, state="confirmed", asked_at=at, confirmed_at=at))
    session.add(AccessGrant(owner_id=consumer_id, email=email, relation="carer", invited_at=at))
    if who == "alice":
        renew_address(session, store.keys, consumer_id, "bills", at)
        return
    begin_app(session, store.encryptor, owner, b"a secret of twenty b", at)
    keep_codes(session, owner, [(b"salt", b"hash")], at)
    ask_removal(session, consumer_id, at + timedelta(days=7), at)
    session.add(Phone(consumer_id=consumer_id, number="+33612345678", nonce="", code_until=at, confirmed_at=at))
    session.flush()


def address_kinds(session: Session, consumer_id: int) -> list[str]:
    kinds: tuple[AddressKind, ...] = ("calendar", "bills")
    return [kind for kind in kinds if address_of_kind(session, consumer_id, kind) is not None]


def test_after_72_hours_it_is_too_late_and_the_addresses_are_forgotten(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post, clock: Clock
) -> None:
    ask(hers, NEW)
    mailbox = post()
    back = mailbox.link_to(alice.email)
    press(hers, mailbox.link_to(NEW))
    with store.writing() as session:
        assert forget_old_changes(session, clock()) == 0
    clock.forward(hours=72)
    assert press(browser(), back).page.status_code == 410
    with store.writing() as session:
        assert forget_old_changes(session, clock() + timedelta(seconds=1)) == 1


def test_an_address_with_a_space_gets_the_same_answer_and_learns_of_it_alone(
    hers: Browser, world: World, store: Store, alice: Consumer, post: Post
) -> None:
    bob = world.consumer("Bob Petit")
    ask(hers, NEW)
    free = hers.page.text.replace(NEW, "X")
    ask(hers, bob.email)
    taken = hers.page.text.replace(bob.email, "X")
    assert free == taken
    mailbox = post()
    assert [to for to, _ in mailbox.mails].count(alice.email) == 1, "of the one that was replaced nothing is told"
    assert mailbox.link_to(bob.email) == "/connexion"
    assert address_of(store, alice) == alice.email


def test_who_never_confirmed_their_sign_up_loses_the_address_to_its_mailbox(
    hers: Browser, browser: NewBrowser, store: Store, alice: Consumer, post: Post
) -> None:
    squatter = browser()
    squatter.get("/inscription")
    squatter.post("/inscription", name="Mallory", email=NEW, password=PASSWORD)
    theirs = post().link_to(NEW)
    ask(hers, NEW)
    press(browser(), post().link_to(NEW))
    assert address_of(store, alice) == NEW
    assert browser().get(theirs).status_code == 410


@pytest.mark.parametrize(("typed", "said"), [("alice", "n’est pas complète"), (None, "déjà votre adresse")])
def test_what_is_no_new_address_is_refused(hers: Browser, alice: Consumer, typed: str | None, said: str) -> None:
    ask(hers, typed or alice.email)
    assert (hers.page.status_code, said in hers.page.text) == (422, True)


def test_she_gives_it_up(hers: Browser, browser: NewBrowser, post: Post) -> None:
    ask(hers, NEW)
    link = post().link_to(NEW)
    hers.get("/profil/adresse-de-courriel")
    hers.post("/profil/adresse-de-courriel/renoncer")
    assert browser().get(link).status_code == 410


@pytest.mark.parametrize("path", ["/adresse/confirmer/", "/adresse/annuler/", "/adresse/annuler/x.y.z"])
def test_links_that_are_not_whole(browser: NewBrowser, path: str) -> None:
    assert browser().get(path).status_code == 404
