"""Send: present bills in the portal, and hand notices and reminders to the postman.

No transaction is held while the postman is at the door: a group of mails is written down as attempted, sent one by
one over one connection, and its outcomes are written down a few at a time.
"""

import time
from collections.abc import Sequence
from datetime import date, datetime
from email.message import Message
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session

from bill import AmountDue
from delivery.amount_words import why_over
from delivery.attempt import Outcome, Try, begin, doubt, end, is_lost, keep_on
from delivery.calendar import Calendar
from delivery.fall_back import print_instead
from delivery.mail import MailError, write_mail
from delivery.notice import NOTIFY, Notice, notice_words
from delivery.postman import Postman
from delivery.reminders import OVER, reminded_of
from store import Store
from store.amount_due import amounts_due
from store.bill import PRESENTABLE, BillRow
from store.claims import move
from store.consumer import Consumer, Enrolment, is_held
from store.delivery import CHANNELS, Delivery, is_due
from store.event import record_all
from store.issuer import Issuer

#: Mails that are claimed at a time, and how many outcomes (or seconds) may be lost with a process that is killed.
GROUP: Final = 50
OUTCOMES: Final = 25
SECONDS: Final = 5.0
#: Groups that one call sends: whoever else waits for the worker does not wait long.
GROUPS: Final = 20
#: Bills that are presented in one transaction.
PRESENTED: Final = 1000


class Outgoing(msgspec.Struct, frozen=True):
    """A mail that is about to go out."""

    attempt: Try
    to: str
    notice: Notice


def awaits_sending(now: datetime) -> ColumnElement[bool]:
    """The condition that there is something for `wake` or `send_due` to do."""
    kinds = (is_due(now, "waiting", *CHANNELS), is_due(now, "ready", "portal", "email"), is_lost())
    return or_(*(exists().where(kind) for kind in kinds))


def send_due(store: Store, post: Postman, public_url: str, now: datetime, calendar: Calendar | None = None) -> int:
    """Present what is ready in the portal, and send the mails that are due; how many deliveries were worked on.

    A mail that cannot be sent now is tried again later; where nobody answers at all, the others wait with it. One
    call does a bounded part: come again while it finds something to do.
    """
    today = (calendar or Calendar()).day_of(now)
    with store.writing() as session:
        done = _present(session, now)
        doubt(session, now)
    try:
        for _ in range(GROUPS):
            with store.writing() as session:
                taken, group = _take(session, post.host, public_url, now, today)
            done += taken
            if not taken or not _send_group(store, post, group, now):
                break
    finally:
        post.hang_up()
    return done


def _present(session: Session, now: datetime) -> int:
    """A bill is presented when its holders may see it: no outside is asked, one update does it."""
    ready = select(Delivery.id).where(is_due(now, "ready", "portal")).limit(PRESENTED).with_for_update(skip_locked=True)
    ids = list(session.scalars(ready))
    session.execute(
        update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "ready").values(state="sent", sent_at=now)
    )
    record_all(session, "delivery", ids, "sent", now)
    return len(ids)


def _take(session: Session, host: str, public_url: str, now: datetime, today: date) -> tuple[int, list[Outgoing]]:
    """The next mails, now attempted by this process; those that may not go out any more are set apart, and reminders
    of what is asked no more are cancelled."""
    rows = session.execute(_due(now)).all()
    amounts = amounts_due(session, {row[1].id: row[1] for row in rows}.values(), today)
    good = []
    for delivery, bill, consumer, issuer, holds in rows:
        due = amounts[bill.id]
        if bill.state not in PRESENTABLE:
            move(session, Delivery, delivery.id, "ready", "cancelled", now, why="la facture a été retirée")
        elif obstacle := _obstacle(consumer, holds=holds):
            _set_apart(session, delivery, obstacle, now)
        elif (about := _about(delivery, bill, due)) is None:
            why = why_over(due) if due.kind in OVER else "ce versement n’est plus demandé"
            move(session, Delivery, delivery.id, "ready", "cancelled", now, why=why, reason=why)
        else:
            good.append((delivery, consumer, _notice(delivery, bill, about, consumer, issuer, public_url)))
    tries = begin(session, [delivery for delivery, _, _ in good], host, now)
    group = [Outgoing(attempt, who.email, notice) for attempt, (_, who, notice) in zip(tries, good, strict=True)]
    return len(rows), group


def _due(now: datetime) -> Select[Delivery, BillRow, Consumer, str, bool]:
    holds = exists().where(Enrolment.consumer_id == Consumer.id, Enrolment.account_id == BillRow.account_id, is_held())
    return (
        select(Delivery, BillRow, Consumer, Issuer.name, holds)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(Consumer, Consumer.id == Delivery.person_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(is_due(now, "ready", "email"))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(GROUP)
        .with_for_update(of=Delivery, skip_locked=True)
    )


def _obstacle(consumer: Consumer, *, holds: bool) -> str:
    """Why this person may not be mailed any more, or ""."""
    if not holds:
        return "n’est plus titulaire du compte"
    return "" if consumer.can_be_mailed else f"adresse suspendue : {consumer.mail_failure or 'non confirmée'}"


def _set_apart(session: Session, delivery: Delivery, why: str, now: datetime) -> None:
    move(session, Delivery, delivery.id, "ready", "failed", now, why=why)
    print_instead(session, delivery, why, now)


def _about(delivery: Delivery, bill: BillRow, due: AmountDue) -> AmountDue | None:
    """What this mail has to say is due; None of a reminder when there is nothing to remind of any more."""
    return due if delivery.purpose == NOTIFY else reminded_of(delivery.purpose, bill, due)


def _notice(
    delivery: Delivery, bill: BillRow, due: AmountDue, consumer: Consumer, issuer: str, public_url: str
) -> Notice:
    return Notice(
        purpose=delivery.purpose, language=consumer.language, name=consumer.name, issuer=issuer, number=bill.number,
        type_code=bill.type_code, issued=bill.issue_date, due=due, url=f"{public_url}/factures/{bill.uid}",
        paper_url=f"{public_url}/contrats",
    )  # fmt: skip


def _send_group(store: Store, post: Postman, group: Sequence[Outgoing], now: datetime) -> bool:
    """Send these; False when the other side cannot be reached, and the rest of the group was put off."""
    outcomes: list[Outcome] = []
    written = time.monotonic()
    for place, each in enumerate(group):
        outcome = _try(post, each, now)
        outcomes.append(outcome)
        if outcome.kind in {"down", "in_doubt"}:
            rest = [Outcome(other.attempt, "down", outcome.words) for other in group[place + 1 :]]
            _write_down(store, [*outcomes, *rest], (), now)
            return False
        if len(outcomes) >= OUTCOMES or time.monotonic() - written > SECONDS:
            _write_down(store, outcomes, group[place + 1 :], now)
            outcomes, written = [], time.monotonic()
    _write_down(store, outcomes, (), now)
    return True


def _try(post: Postman, outgoing: Outgoing, now: datetime) -> Outcome:
    try:
        answer = post.send(_mail(post, outgoing, now), outgoing.to)
    except MailError as error:
        return Outcome(outgoing.attempt, error.kind, str(error))
    return Outcome(outgoing.attempt, "sent", answer)


def _mail(post: Postman, outgoing: Outgoing, now: datetime) -> Message:
    return write_mail(notice_words(outgoing.notice), post.sender, outgoing.to, outgoing.attempt.message_id, now)


def _write_down(store: Store, outcomes: Sequence[Outcome], rest: Sequence[Outgoing], now: datetime) -> None:
    with store.writing() as session:
        end(session, outcomes, now)
        keep_on(session, [each.attempt for each in rest])
