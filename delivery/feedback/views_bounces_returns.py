"""Hear back: a bill was looked at, a mail bounced, a letter came back. What is said twice is heard once."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from delivery.paper_fallback import replace_by_letter
from delivery.postal_calendar import Calendar
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import record, record_all
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.delivery import OPEN_STATES, Delivery, record_receipt
from words.written_dates import written_date


def bill_viewed(
    session: Session, bill: BillRow, consumer_id: int, now: datetime, calendar: Calendar | None = None
) -> bool:  # fmt: skip
    """Somebody who signed in looks at a bill; False when this consumer had done so before.

    The first look at a bill cancels its waiting reminders, and its letter up to the batch's cut-off (never the
    letter of an account that wants paper). Instalments are reminded of all the same.
    """
    present = session.scalar(
        select(Delivery).where(
            Delivery.bill_id == bill.id, Delivery.person_id == consumer_id, Delivery.channel == "portal",
            Delivery.purpose == "present",
        )
    )  # fmt: skip
    if present is not None and present.state == "delivered":
        return False
    first = session.execute(
        update(BillRow).where(BillRow.id == bill.id, BillRow.viewed_at.is_(None)).values(viewed_at=now)
    )
    is_first = first.rowcount == 1  # type: ignore[attr-defined]
    if present is None and not is_first:
        return False
    if present is not None:
        _presented(session, present, now)
    day = written_date((calendar or Calendar()).day_of(now))
    record(session, "bill", bill.id, "viewed", now, by=f"consumer {consumer_id}")
    _cancel_what_waits(session, bill, consumer_id, f"vue le {day}", now)
    return True


def _presented(session: Session, present: Delivery, now: datetime) -> None:
    record_receipt(session, present.id, "viewed", now)
    change_state(
        session, Delivery, present.id, ["waiting", "ready", "attempting", "sent"], "delivered", now,
        why="vue", sent_at=present.sent_at or now, delivered_at=now,
    )  # fmt: skip


def _cancel_what_waits(session: Session, bill: BillRow, consumer_id: int, why: str, now: datetime) -> None:
    open_mail = and_(
        Delivery.channel == "email",
        Delivery.state.in_(["waiting", "ready"]),
        Delivery.purpose.not_like("due-%"),
        or_(Delivery.purpose.like("remind-%"), Delivery.person_id == consumer_id),
    )
    letter_states = ["waiting", "ready"] if bill.channel == "portal" else ["waiting"]
    open_letter = and_(Delivery.channel == "paper", Delivery.state.in_(letter_states))
    _cancel(session, and_(Delivery.bill_id == bill.id, or_(open_mail, open_letter)), why, now)


def _cancel(session: Session, condition: ColumnElement[bool], why: str, now: datetime) -> None:
    ids = lock_rows(session, Delivery, condition)
    if not ids:
        return
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state="cancelled", batch_id=None))
    record_all(session, "delivery", ids, "cancelled", now, why=why)


def mail_bounced(session: Session, delivery_id: int, words: str, now: datetime) -> bool:
    """A mail was refused for good: its address may not be used again, and the letter is due now unless another
    holder was told. False when it was known already."""
    if not record_receipt(session, delivery_id, "bounced", now, words):
        return False
    failed = session.get_one(Delivery, delivery_id)
    why = f"le message est revenu : {words}"
    change_state(
        session,
        Delivery,
        delivery_id,
        [*OPEN_STATES, "sent"],
        "failed",
        now,
        why=why,
        lease_owner=None,
        lease_until=0.0,
    )
    _suppress_address(session, failed.person_id, words, now)
    to_that_address = and_(
        Delivery.bill_id == failed.bill_id, Delivery.person_id == failed.person_id, Delivery.channel == "email",
        Delivery.state.in_(["waiting", "ready"]),
    )  # fmt: skip
    _cancel(session, to_that_address, why, now)
    replace_by_letter(session, failed, why, now)
    return True


def _suppress_address(session: Session, consumer_id: int, words: str, now: datetime) -> None:
    suppressed = session.execute(
        update(Consumer)
        .where(Consumer.id == consumer_id, Consumer.mail_failed_at.is_(None))
        .values(mail_failed_at=now, mail_failure=words[:500])
    )
    if suppressed.rowcount == 1:  # type: ignore[attr-defined]
        record(session, "consumer", consumer_id, "address suppressed", now, why=words)


def letter_returned(session: Session, delivery_id: int, words: str, now: datetime) -> bool:
    """A letter came back by the post (returned mail): it did not reach its person, and its address is in doubt until
    the issuer gives another; a person decides. False when it was known already."""
    if not record_receipt(session, delivery_id, "returned", now, words):
        return False
    why = f"le pli est revenu : {words}"
    change_state(session, Delivery, delivery_id, ["sent", "delivered"], "failed", now, why=why, reason=why)
    account = session.scalar(
        select(CustomerAccount.id)
        .join(BillRow, BillRow.account_id == CustomerAccount.id)
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .where(Delivery.id == delivery_id)
    )
    if account is not None:
        record(session, "account", account, "address suppressed", now, why=words)
    return True
