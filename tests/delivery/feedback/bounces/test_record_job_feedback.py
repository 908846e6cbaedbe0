"""What comes back of an e-mail that brings no bill: its address fails as a bill's does; forged, foreign and late ones
change nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import return_path
from delivery.feedback.bounces.mail_feedback import MOST_LATE
from store.accounts.consumer import UNWANTED, Consumer
from store.accounts.sign_up import TypedSignUp, sign_up
from store.heard_mail import HeardMail
from store.job import Job, request_job
from store.staff_member import Staff
from tests.delivery.feedback.bounces.relay_that_takes_all import FULL, GONE, KEYS, RelayThatTakesAll
from tests.delivery.feedback.bounces.sample_bounces import complaint, dsn
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
WEDNESDAY = TUESDAY + timedelta(days=1)


class Notified:
    """Alice has asked for paper again, and an e-mail confirms it."""

    def __init__(self, world: World) -> None:
        self.world, self.relay = world, RelayThatTakesAll()
        self.alice = world.consumer("Alice")
        self.account = world.account(self.alice, paperless=True)
        self.ask("paper_again", account_id=self.account, consumer_id=self.alice, by="2026-03-17")
        self.relay.carry(world, TUESDAY)

    def ask(self, kind: str, **particulars: object) -> int:
        with self.world.store.writing() as session:
            job = request_job(session, kind, particulars, TUESDAY)
            session.flush()
            return job.id

    def hear(self, raw: bytes = GONE, now: datetime = WEDNESDAY, *, path: str | None = None) -> str:
        sender = self.relay.taken[-1].envelope_sender if path is None else path
        return self.relay.arrive(self.world, sender, raw, now)

    def mail_failure(self, consumer_id: int | None = None) -> str | None:
        with self.world.store.reading() as session:
            consumer = session.get_one(Consumer, consumer_id or self.alice)
            return consumer.mail_failure if consumer.mail_failed_at else None

    def heard(self) -> list[tuple[str, bool]]:
        with self.world.store.reading() as session:
            rows = session.scalars(select(HeardMail).order_by(HeardMail.id))
            return [(each.standing, each.job_id is not None) for each in rows]


@pytest.fixture
def notified(world: World) -> Notified:
    return Notified(world)


def test_an_address_that_is_gone_takes_no_more_mails_and_bills_go_by_post(notified: Notified) -> None:
    assert notified.hear() == "recorded"
    assert notified.hear(GONE + b"said again by the server") == "known"
    assert notified.mail_failure() == "550 5.1.1 User unknown"
    assert notified.heard() == [("recorded", True), ("known", True)]
    bill = notified.world.bill(notified.account, date(2026, 3, 4), date(2026, 4, 7))
    notified.world.choose(WEDNESDAY)
    assert {key: state for key, state in notified.world.states(bill).items() if key[0] in {"notify", "print"}} == {
        ("print", None): "ready"
    }


def test_a_complaint_stops_mails(notified: Notified) -> None:
    path = notified.relay.taken[-1].envelope_sender
    about = complaint(return_path=path).replace(b"Message-ID: <d4711@example.org>\n", b"")
    assert notified.hear(about, path="abuse@example.org") == "recorded"
    assert notified.mail_failure() == UNWANTED


@pytest.mark.parametrize(
    "raw", [FULL, dsn("5.7.1", "smtp; 550 5.7.1 Rejected by policy", returned=""), dsn("4.4.7", returned="")]
)
def test_a_soft_answer_changes_nothing(notified: Notified, raw: bytes) -> None:
    assert notified.hear(raw) == "ignored"
    assert notified.mail_failure() is None


def test_whoever_signs_up_is_confirmed_by_a_mail_that_can_come_back(notified: Notified) -> None:
    with notified.world.store.writing() as session:
        asked = sign_up(session, TypedSignUp("charlie@example.org", "Charlie", "fr", "x", ""), TUESDAY)
        assert asked is not None
    consumer_id, epoch = asked
    notified.ask("confirm", consumer_id=consumer_id, epoch=epoch)
    notified.relay.carry(notified.world, TUESDAY)
    assert notified.hear() == "recorded"
    assert notified.mail_failure(consumer_id) == "550 5.1.1 User unknown"


def test_whoever_signed_up_twice_is_known_by_the_address(notified: Notified) -> None:
    with notified.world.store.reading() as session:
        email = session.get_one(Consumer, notified.alice).email
    notified.ask("already_signed_up", email=email)
    notified.relay.carry(notified.world, TUESDAY)
    assert (notified.hear(), notified.mail_failure()) == ("recorded", "550 5.1.1 User unknown")


@pytest.mark.parametrize("raw", [GONE, FULL], ids=["gone", "full"])
def test_an_invitation_of_staff_waits_for_a_person(notified: Notified, raw: bytes) -> None:
    with notified.world.store.writing() as session:
        lea = Staff(email="lea@example.org", added_at=TUESDAY)
        session.add(lea)
        session.flush()
        staff_id = lea.id
    notified.ask("invite", staff_id=staff_id)
    notified.relay.carry(notified.world, TUESDAY)
    assert notified.relay.taken[-1].to == "lea@example.org"
    assert notified.hear(raw) == "for_person"


def _forged(path: str, _: Notified) -> str:
    return path.replace("+e", "+e1")


def _of_no_job(_path: str, _: Notified) -> str:
    return return_path(KEYS, MailOrigin("job", 999_999), "bounces@facteur.example")


def _of_a_job_that_waits(_path: str, notified: Notified) -> str:
    job_id = notified.ask("paper_again", account_id=notified.account, consumer_id=notified.alice, by="2026-03-17")
    return return_path(KEYS, MailOrigin("job", job_id), "bounces@facteur.example")


@pytest.mark.parametrize(
    ("path_of", "standing"), [(_forged, "unsigned"), (_of_no_job, "unsigned"), (_of_a_job_that_waits, "foreign")]
)
def test_what_is_forged_or_foreign_changes_nothing(
    notified: Notified, path_of: Callable[[str, Notified], str], standing: str
) -> None:
    path = path_of(notified.relay.taken[-1].envelope_sender, notified)
    assert (notified.hear(path=path), notified.hear(path=path)) == (standing, "known")
    assert notified.mail_failure() is None


def test_a_report_of_another_mail_changes_nothing(notified: Notified) -> None:
    mine = notified.relay.taken[-1].message_id
    gone = "smtp; 550 5.1.1 User unknown"
    assert notified.hear(dsn("5.1.1", gone, returned="Message-ID: <e999@facteur.example>\n")) == "foreign"
    assert notified.hear(dsn("5.1.1", gone, returned=f"Message-ID: {mine}\n")) == "recorded"


def test_a_relay_may_have_renamed_the_mail(notified: Notified) -> None:
    renamed = "Message-ID: <0102018f3c2b0000-taken@eu-west-1.amazonses.com>\n"
    assert notified.hear(dsn("5.1.1", "smtp; 550 5.1.1 User unknown", returned=renamed)) == "recorded"


def test_what_comes_too_late_changes_nothing(notified: Notified) -> None:
    """Counted from when the e-mail left: the mail server may have been down for weeks."""
    with notified.world.store.writing() as session:
        session.scalars(select(Job)).one().sent_at = WEDNESDAY
    assert notified.hear(now=WEDNESDAY + MOST_LATE + timedelta(minutes=1)) == "late"
    assert notified.hear(GONE + b"again", now=WEDNESDAY + MOST_LATE) == "recorded"
