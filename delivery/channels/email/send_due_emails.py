"""Sends the e-mails that are due: notices and reminders. Bills that are ready are presented in the portal before.

No transaction is open while the mail server is asked. A group of e-mails is leased; each attempt is committed before
sending and its outcome after, so a killed process leaves at most one e-mail in doubt. One transaction an e-mail records
both the last outcome and the next attempt.
"""

import logging
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from email.message import Message
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session

from bill import AmountDue, Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.email.attempt_log import (
    MOST_ATTEMPTS,
    Outcome,
    StartedAttempt,
    begin_attempt,
    end_attempt,
    is_lost,
    lease_deliveries,
    release_leases,
    reset_lost_attempts,
)
from delivery.channels.email.bill_notice import NOTIFY, BillNotice, notice_words
from delivery.channels.email.email_message import MailError, write_mail
from delivery.channels.email.relay_health import Relay
from delivery.channels.email.smtp_client import MailTransport
from delivery.channels.portal.present_bills import present_bills
from delivery.paper_fallback import replace_by_letter
from delivery.reminders.bill_reminders import OVER, reminded_of, why_over
from delivery.reminders.payment_plan_reminders import waits_for_answer
from payments.amounts_due import amounts_due
from store import Store
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow
from store.db.leases import is_unleased, lease_heartbeat
from store.db.state_change import change_state
from store.delivery import CHANNELS, Delivery, is_any_due, next_due
from store.issuer import Issuer
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: E-mails that are leased at a time.
GROUP: Final = 50
#: How long one call sends, so that the worker's other tasks need not wait long.
SECONDS: Final = 2.0
#: A reminder that waits for a person to say what a payment is of is looked at again after so long.
_DECISION: Final = timedelta(days=1)


class Outgoing(msgspec.Struct, frozen=True):
    """An e-mail that is leased and about to be sent."""

    delivery_id: int
    issuer_id: int
    to: str
    notice: BillNotice


def awaits_sending(now: datetime) -> ColumnElement[bool]:
    """Return the SQL condition that `promote_due` or `send_due` has something to do."""
    waits = is_any_due(now, "waiting", *CHANNELS)
    return or_(waits, is_any_due(now, "ready", "portal", "email"), exists().where(is_lost()))


def send_due(
    store: Store, transport: MailTransport, public_url: str, now: datetime, calendar: Calendar | None = None,
    relay: Relay | None = None,
) -> int:  # fmt: skip
    """Present ready bills in the portal and send due e-mails. Returns how many deliveries were handled.

    A failed e-mail is retried later; while the mail server is down no other is tried. One call lasts about SECONDS:
    call again until it returns 0. *public_url* begins the links.
    """
    relay = relay or Relay()
    today, until = (calendar or Calendar()).day_of(now), time.monotonic() + SECONDS
    with store.writing() as session:
        end_attempt(session, relay.unrecorded, now)
        done = present_bills(session, now)
        done += reset_lost_attempts(session, now)
    relay.unrecorded = None
    try:
        while not relay.is_paused(now):
            with store.writing() as session:
                taken, group = _lease_next(session, public_url, now, today, relay.last_issuer_id)
            done += taken
            if not taken:
                break
            _send_group(store, transport, relay, group, now, until)
            if time.monotonic() > until:
                break
    finally:
        transport.hang_up()
    return done


def _lease_next(
    session: Session, public_url: str, now: datetime, today: date, after: int
) -> tuple[int, list[Outgoing]]:
    """Lease the next e-mails, one of each issuer in turn, beginning after issuer *after*.

    Those that must not be sent any more fail or are cancelled with the reason. Returns how many were looked at, and
    those leased.
    """
    ids = next_due(session, now, "ready", "email", GROUP, is_unleased(Delivery), after=after)
    found = {row[0].id: row for row in session.execute(_mails(ids))}
    rows = [found[each] for each in ids if each in found]
    bills = list({row[1].id: row[1] for row in rows}.values())
    amounts, unanswered = amounts_due(session, bills, today), waits_for_answer(session, bills, now)
    good: list[Outgoing] = []
    for delivery, bill, consumer, issuer, holds in rows:
        due = amounts[bill.id]
        if bill.state not in PRESENTABLE:
            change_state(session, Delivery, delivery.id, "ready", "cancelled", now, why=Reason("bill_withdrawn"))
        elif obstacle := _obstacle(consumer, holds=holds):
            _fail(session, delivery, obstacle, now)
        elif (about := _amount_to_name(delivery, bill, due)) is None:
            why = why_over(due) if due.kind in OVER else Reason("instalment_over")
            change_state(session, Delivery, delivery.id, "ready", "cancelled", now, why=why, reason=why)
        elif delivery.purpose != NOTIFY and (until := unanswered.get(bill.id) or _decided_by(due, now)):
            _pause(session, delivery, until)
        elif delivery.attempts >= MOST_ATTEMPTS:
            _fail(session, delivery, Reason.of("email_given_up", attempts=delivery.attempts), now)
        else:
            notice = _notice(delivery, bill, about, consumer, issuer, public_url)
            good.append(Outgoing(delivery.id, bill.issuer_id, consumer.email, notice))
    lease_deliveries(session, [each.delivery_id for each in good])
    return len(rows), good


def _mails(ids: Sequence[int]) -> Select[Delivery, BillRow, Consumer, str, bool]:
    """Select what these e-mails are written from."""
    mine = (Enrolment.consumer_id == Consumer.id, Enrolment.account_id == BillRow.account_id)
    holds = exists().where(*mine, is_in_force())
    return (
        select(Delivery, BillRow, Consumer, Issuer.name, holds)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(Consumer, Consumer.id == Delivery.person_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Delivery.id.in_(ids))
    )


def _obstacle(consumer: Consumer, *, holds: bool) -> Reason | None:
    """Return why this consumer may not be e-mailed any more, if so."""
    if not holds:
        return Reason("no_longer_holder")
    if consumer.can_be_mailed:
        return None
    failure = consumer.mail_failure
    return Reason.of("address_suspended", answer=failure) if failure else Reason("address_unconfirmed")


def _fail(session: Session, delivery: Delivery, why: Reason, now: datetime) -> None:
    change_state(session, Delivery, delivery.id, "ready", "failed", now, why=why)
    replace_by_letter(session, delivery, why, now)


def _decided_by(due: AmountDue, now: datetime) -> datetime | None:
    """When to look again at a bill of which a person has to say whether it was paid; None for any other."""
    return now + _DECISION if due.is_undecided else None


def _pause(session: Session, delivery: Delivery, until: datetime) -> None:
    """Leave a reminder until then: its reader has asked to pay in several parts and waits for the answer, or a person
    decides whether what was paid before is of this bill."""
    session.execute(update(Delivery).where(Delivery.id == delivery.id).values(due_at=until))


def _amount_to_name(delivery: Delivery, bill: BillRow, due: AmountDue) -> AmountDue | None:
    """Return the amount due that this e-mail names; None for a reminder with nothing left to remind of."""
    return due if delivery.purpose == NOTIFY else reminded_of(delivery.purpose, bill, due)


def _notice(
    delivery: Delivery, bill: BillRow, due: AmountDue, consumer: Consumer, issuer: str, public_url: str
) -> BillNotice:
    return BillNotice(
        purpose=delivery.purpose, language=consumer.language, name=consumer.name, issuer=issuer, number=bill.number,
        type_code=bill.type_code, issued=bill.issue_date, due=due, url=f"{public_url}/factures/{bill.uid}",
        paper_url=f"{public_url}/contrats",
    )  # fmt: skip


def _send_group(
    store: Store, transport: MailTransport, relay: Relay, group: Sequence[Outgoing], now: datetime, until: float
) -> None:
    """Send these e-mails until the time is over or the mail server is down; release the leases of the rest."""
    ids = [each.delivery_id for each in group]
    with lease_heartbeat(store, Delivery, *ids):
        for each in group:
            with store.writing() as session:
                end_attempt(session, relay.unrecorded, now)
                attempt = begin_attempt(session, each.delivery_id, transport.host, now)
            relay.last_issuer_id = each.issuer_id
            relay.unrecorded = last = None if attempt is None else _send(transport, attempt, each, now)
            relay.record_result(None if last is None else last.kind, now)
            if relay.is_paused(now) or time.monotonic() > until:
                break
    with store.writing() as session:
        end_attempt(session, relay.unrecorded, now)
        release_leases(session, ids)
    relay.unrecorded = None


def _send(transport: MailTransport, attempt: StartedAttempt, outgoing: Outgoing, now: datetime) -> Outcome:
    try:
        return Outcome(attempt, "sent", transport.send(_mail(transport, attempt, outgoing, now), outgoing.to))
    except MailError as error:
        return Outcome(attempt, error.kind, str(error))
    except Exception as error:
        if is_outage(error):
            return Outcome(attempt, "down", str(error))
        log.exception("mail %s cannot be sent", outgoing.delivery_id)
        return Outcome(attempt, "later", f"{type(error).__name__}: {error}")


def _mail(transport: MailTransport, attempt: StartedAttempt, outgoing: Outgoing, now: datetime) -> Message:
    return write_mail(notice_words(outgoing.notice), transport.sender, outgoing.to, attempt.message_id, now)
