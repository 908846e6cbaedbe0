"""What came back of an e-mail is recorded once, with its effects; what is forged, foreign or late changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

import delivery
from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import return_path
from delivery.feedback.bounces.mail_feedback import MOST_LATE
from delivery.feedback.bounces.record_mail_feedback import hear_message
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticePreference
from store.accounts.consumer import UNWANTED
from store.accounts.phone import Phone
from store.delivery import Attempt, Delivery
from store.heard_mail import KEPT, count_mails_to_read, forget_heard_mails, mails_to_read, see_to_mails
from store.vault.key_ring import KeyRing
from tests.delivery.feedback.bounces.sample_bounces import QMAIL, complaint, dsn, plain
from tests.delivery.feedback.bounces.told_by_email import DUE, ISSUED, KEYS, PAPER, TUESDAY, WEDNESDAY, Told
from tests.delivery.sample_bills import World
from tests.spelled_reasons import french

GONE = "smtp; 550 5.1.1 <alice@example.org>: User unknown"


@pytest.fixture
def told(world: World, post: delivery.MailTransport) -> Told:
    return Told(world, post)


def test_an_address_that_is_gone_brings_the_letter_forward(told: Told) -> None:
    assert told.hear(dsn("5.1.1", GONE)) == "recorded"
    assert told.owed("notify", told.alice).state == "failed"
    assert told.receipts == {"bounced": "550 5.1.1 <alice@example.org>: User unknown"}
    assert told.mail_failure == told.receipts["bounced"]
    letter = told.owed(*PAPER)
    assert (letter.state, letter.due_at, letter.replaces_id) == ("ready", WEDNESDAY, told.notice)
    assert french(letter.reason).startswith("le message est revenu : 550 5.1.1")


@pytest.mark.parametrize(
    ("raw", "receipt"),
    [
        (dsn("5.2.2", "smtp; 552 5.2.2 Mailbox full"), "undelivered"),
        (dsn("5.7.1", "smtp; 550 5.7.1 Rejected by policy"), "undelivered"),
        (dsn("4.4.7", "smtp; 450 4.4.7 Delivery time expired"), "undelivered"),
        (dsn("4.2.2", "smtp; 452 4.2.2 Over quota", action="delayed"), "delayed"),
        (dsn("2.0.0", action="delivered"), "delivered"),
        (plain("Je suis absente.", sender="alice@example.org", subject="Réponse automatique"), "auto_reply"),
    ],
    ids=["full", "policy", "expired", "delayed", "delivered", "vacation"],
)
def test_anything_else_is_recorded_and_prints_nothing(told: Told, raw: bytes, receipt: str) -> None:
    assert told.hear(raw) == "recorded"
    assert list(told.receipts) == [receipt]
    assert (told.owed("notify", told.alice).state, told.letter, told.mail_failure) == ("sent", "waiting", None)


def test_a_complaint_ends_mails_and_makes_no_bill_silent(told: Told) -> None:
    path = return_path(KEYS, MailOrigin("delivery", told.notice), "bounces@example.org")
    assert told.hear(complaint(return_path=path), path="abuse@example.org") == "recorded"
    assert told.owed("notify", told.alice).state == "sent"
    assert told.owed("remind-1", told.alice).state == "cancelled"
    assert (told.letter, told.mail_failure) == ("ready", UNWANTED)
    assert french(told.owed(*PAPER).reason) == "cette personne a signalé un de nos courriels comme indésirable"


def test_after_a_complaint_the_next_channel_comes_before_paper(told: Told) -> None:
    """Alice has confirmed a phone, and chosen e-mail, then SMS."""
    with told.world.store.writing() as session:
        code_until = TUESDAY + timedelta(hours=1)
        session.add(
            Phone(consumer_id=told.alice, number="+33612345678", nonce="", code_until=code_until, confirmed_at=TUESDAY)
        )
        choose_notices(session, told.alice, None, NoticePreference(channels=("email", "sms")), TUESDAY)
    path = return_path(KEYS, MailOrigin("delivery", told.notice), "bounces@example.org")
    assert told.hear(complaint(return_path=path), path="abuse@example.org") == "recorded"
    with told.world.store.reading() as session:
        [sms] = session.scalars(select(Delivery).where(Delivery.channel == "sms"))
    assert (sms.state, sms.replaces_id, told.letter) == ("ready", told.notice, "waiting")


def test_the_same_message_is_recorded_once(told: Told) -> None:
    """Read again after a crash, or by two workers; the server's second report says nothing new either."""
    assert told.hear(dsn("5.1.1", GONE)) == "recorded"
    assert told.hear(dsn("5.1.1", GONE)) == "known"
    assert told.hear(dsn("5.1.1", f"{GONE} again")) == "known"
    assert told.world.events(told.owed(*PAPER).id) == ["ready"]


def _forged(told: Told) -> str:
    path = return_path(KEYS, MailOrigin("delivery", told.notice), "bounces@example.org")
    return path.replace("+", "+1")


def _of_another_root(told: Told) -> str:
    return return_path(
        KeyRing(b"another secret of thirty-two bytes"), MailOrigin("delivery", told.notice), "bounces@example.org"
    )


def _of_the_letter(told: Told) -> str:
    return return_path(KEYS, MailOrigin("delivery", told.owed(*PAPER).id), "bounces@example.org")


def _of_nothing(_: Told) -> str:
    return return_path(KEYS, MailOrigin("delivery", 999_999), "bounces@example.org")


@pytest.mark.parametrize(
    ("path", "standing"),
    [
        (lambda _: "bounces@example.org", "unsigned"), (_forged, "unsigned"), (_of_another_root, "unsigned"),
        (_of_the_letter, "foreign"), (_of_nothing, "unsigned"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("raw", [dsn("5.1.1", GONE), QMAIL], ids=["dsn", "qmail"])
def test_what_is_forged_changes_nothing_and_is_told(
    told: Told, raw: bytes, path: Callable[[Told], str], standing: str
) -> None:
    assert (told.hear(raw, path=path(told)), told.hear(raw, path=path(told))) == (standing, "known")
    assert (told.receipts, told.letter, told.mail_failure) == ({}, "waiting", None)
    with told.world.store.reading() as session:
        assert count_mails_to_read(session) == 1


def test_a_report_of_another_mail_changes_nothing(told: Told) -> None:
    other = dsn("5.1.1", GONE, returned="Message-ID: <other@example.org>\n")
    assert told.hear(other) == "foreign"
    assert told.hear(dsn("5.1.1", GONE, returned="")) == "recorded"


def test_a_relay_that_names_mails_itself(told: Told) -> None:
    """It puts its own Message-ID in place of ours, and says it as it takes the e-mail."""
    name = "0102019a4c5d6e7f-1b2c3d4e-0000-4a5b-8c6d-000000000000"
    own = dsn("5.1.1", GONE, returned=f"Message-ID: <{name}@eu-west-1.amazonses.com>\n")
    assert told.hear(own) == "foreign"
    with told.world.store.writing() as session:
        session.execute(update(Attempt).values(answer=f"250 Ok {name}"))
    assert told.hear(own + b"\n") == "recorded"
    assert told.hear(dsn("5.1.1", GONE, returned="Message-ID: <Ok@example.org>\n")) == "foreign"


def test_what_comes_too_late_changes_nothing(told: Told) -> None:
    assert told.hear(dsn("5.1.1", GONE), TUESDAY + MOST_LATE + timedelta(minutes=1)) == "late"
    assert told.letter == "waiting"


def test_a_bill_that_was_seen_needs_no_letter(told: Told) -> None:
    told.world.view(told.bill, told.alice, TUESDAY + timedelta(hours=1))
    assert told.hear(dsn("5.1.1", GONE)) == "recorded"
    assert told.letter == "cancelled"
    assert told.mail_failure is not None


def test_a_letter_by_a_person_waits_for_a_person(told: Told) -> None:
    question = b"From: alice@example.org\nSubject: Ma facture est fausse\n\nPouvez-vous la corriger ?\n"
    assert told.hear(question) == "for_person"
    store = told.world.store
    with store.writing() as session:
        [mail] = mails_to_read(session, 10)
        assert (mail.words, mail.delivery_id) == ("Ma facture est fausse", told.notice)
        assert see_to_mails(session, mail.id, "op@example.org") == 1
        assert see_to_mails(session, mail.id, "op@example.org") == 0
        assert count_mails_to_read(session) == 0


def test_what_was_heard_is_forgotten_after_400_days(told: Told) -> None:
    told.hear(dsn("5.1.1", GONE), path="bounces@example.org")
    with told.world.store.writing() as session:
        assert forget_heard_mails(session, WEDNESDAY + KEPT) == 0
        assert forget_heard_mails(session, WEDNESDAY + KEPT + timedelta(seconds=1)) == 1


def test_all_bills_of_a_digest_come_back_together(world: World, post: delivery.MailTransport) -> None:
    alice = world.consumer("Alice")
    with world.store.writing() as session:
        choose_notices(session, alice, None, NoticePreference(digest="weekly"), TUESDAY)
    bills = [world.bill(world.account(alice, paperless=True), ISSUED, DUE) for _ in range(2)]
    world.choose(TUESDAY)
    world.live(post, TUESDAY, TUESDAY + timedelta(days=6))
    notices = [world.owed(bill)["notify", alice] for bill in bills]
    assert [each.state for each in notices] == ["sent", "sent"]
    raw = f"To: {return_path(KEYS, MailOrigin('delivery', notices[0].id), 'b@example.org')}\n".encode() + dsn(
        "5.1.1", GONE, returned=""
    )
    with world.store.writing() as session:
        assert hear_message(session, KEYS, raw, "mailbox", TUESDAY + timedelta(days=7)) == "recorded"
    assert [world.owed(bill)[PAPER].state for bill in bills] == ["ready", "ready"]
