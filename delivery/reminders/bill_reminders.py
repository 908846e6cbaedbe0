"""Plans and cancels reminders: of bills that nobody has viewed, and of instalments before their due day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bill import ZERO, AmountDue, Instalment, Reason
from delivery.calendar.postal_calendar import MORNING, Calendar
from delivery.choosing.planned_delivery import Holder, MessageChannel, PlannedDelivery
from issuers.profile import Policy
from payments.amounts_due import amounts_due, related_bills
from store.bills.bill import BillRow
from store.db.event import record_all
from store.db.row_locks import lock_rows
from store.delivery import Delivery

#: Working days between a reminder and its instalment's due date; a transfer takes one of them.
DAYS_BEFORE_INSTALMENT: Final = 5

#: Kinds of `bill.AmountDue` for which nothing is due any more, though it was when the bill was issued.
OVER: Final = frozenset({"credited", "replaced", "paid", "said_paid"})
_LENGTH_OF_DAY: Final = len("20270131")


def unread_reminders(
    told: Iterable[tuple[Holder, datetime]], policy: Policy, reader: Calendar, cut_off: datetime
) -> list[PlannedDelivery]:
    """Plan the reminders of an unread bill, in the morning of the working days that the policy names, where its readers
    live. None is planned at or after *cut_off*, when the letter is on its way. *told*: each holder and when the notice
    is sent, from which the days count.

    Each comes by another channel than the one before; the first channel of a person brought the notice. Who has one
    channel only is reminded once, on the last of these days: the same message again makes people unsubscribe.
    """
    planned = []
    for holder, since in told:
        day = reader.day_of(since)
        moments = [(days, reader.at(reader.days_after(day, days), MORNING)) for days in policy.remind_after_days]
        steps = [(days, due_at) for days, due_at in moments if since < due_at < cut_off]
        steps = steps if len(holder.channels) > 1 else steps[-1:]
        for n, (days, due_at) in enumerate(steps, 1):
            why = Reason.of("reminder_if_unread", reminder=n, working_days=days)
            channel = holder.channels[n % len(holder.channels)]
            planned.append(_message(holder, channel, f"remind-{n}", due_at, why))
    return sorted(planned, key=lambda each: each.due_at)


def instalment_reminders(
    holders: Sequence[Holder], days: Sequence[date | None], reader: Calendar, now: datetime
) -> list[PlannedDelivery]:
    """Plan a reminder DAYS_BEFORE_INSTALMENT working days before each instalment, in the morning, by the first channel
    of each holder, whether or not the bill was viewed. *days* are the instalments' due dates in their order; None has
    no reminder."""
    planned = []
    for n, day in enumerate(days, 1):
        if day is None:
            continue
        due_at = reader.at(reader.days_before(day, DAYS_BEFORE_INSTALMENT), MORNING)
        if now < due_at:
            why = Reason.of("instalment_due", instalment=n, day=day.isoformat())
            planned += [_message(holder, holder.channels[0], f"due-{n}", due_at, why) for holder in holders]
    return planned


def _message(holder: Holder, channel: MessageChannel, purpose: str, due_at: datetime, why: Reason) -> PlannedDelivery:
    return PlannedDelivery(
        person_id=holder.person_id, channel=channel, purpose=purpose, state="waiting", due_at=due_at, reason=why
    )


def is_reminder() -> ColumnElement[bool]:
    """Return the SQL condition that a delivery is a reminder of either kind."""
    return or_(Delivery.purpose.like("remind-%"), Delivery.purpose.like("due-%"))


def instalment_days(instalments: Iterable[Instalment]) -> list[date | None]:
    """Return the due dates of a bill's instalments, soonest first; the order numbers them from 1."""
    return sorted((each.due for each in instalments), key=lambda day: day or date.max)


def reminded_of(purpose: str, row: BillRow, due: AmountDue) -> AmountDue | None:
    """Return what a reminder of this purpose asks for today, or None when nothing is left to remind of, or so little
    that nobody is.

    *purpose* is `remind-n` or `due-n`. Nobody is reminded of a bill that asks for nothing, or that the issuer
    collects. `due-2` asks for what is left of the second instalment, `due-20270131` of that
    day's in a payment plan, until its day has passed.
    """
    kind, _, n = purpose.partition("-")
    if due.kind in OVER or due.is_trifle:
        return None
    if kind != "due":
        return due if due.is_asking else None
    day = _day_of(n, row)
    left = [each for each in due.instalments if each.due == day and day is not None]
    if not due.is_asking or not left:
        return None
    return due._replace(amount=sum((each.amount for each in left), ZERO), due=day, instalments=())


def _day_of(n: str, row: BillRow) -> date | None:
    """The day of the bill's *n*-th instalment, or that *n* itself is (`20270131`)."""
    if len(n) == _LENGTH_OF_DAY:
        return date.fromisoformat(n)
    days = instalment_days(row.demand.instalments)
    return days[int(n) - 1] if 0 < int(n) <= len(days) else None


def why_over(due: AmountDue) -> Reason:
    """Return why nothing is due any more, for the reminders that are cancelled."""
    numbers = [each.number for each in due.by]
    match due.kind:
        case "credited":
            return Reason.of("credited", credit_notes=numbers)
        case "replaced":
            return Reason.of("replaced", bills=numbers)
        case "paid" | "said_paid":
            return Reason(due.kind)
        case "collected":
            return Reason("collected_by_debit")
        case "asks":
            return Reason("trifle_left") if due.is_trifle else Reason("instalment_over")
    return Reason("nothing_asked")


def stop_reminders(session: Session, rows: Sequence[BillRow], now: datetime, today: date) -> int:
    """Cancel the open reminders of bills that these new bills credit or replace so that nothing is due. Returns how
    many. The earlier bills are still presented or posted."""
    touched = related_bills(session, rows)
    over = {bill_id: due for bill_id, due in amounts_due(session, touched, today).items() if due.kind in OVER}
    open_ones = (Delivery.bill_id.in_(over), is_reminder(), Delivery.state.in_(["waiting", "ready"]))
    locked = lock_rows(session, Delivery, *open_ones) if over else []
    of_bill: dict[int, list[int]] = {}
    for delivery_id, bill_id in session.execute(select(Delivery.id, Delivery.bill_id).where(Delivery.id.in_(locked))):
        of_bill.setdefault(bill_id, []).append(delivery_id)
    for bill_id, ids in of_bill.items():
        why = why_over(over[bill_id])
        session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state="cancelled", reason=why))
        record_all(session, "delivery", ids, "cancelled", now, why=why)
    return len(locked)
