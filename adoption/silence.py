"""Silent bills: past their deadline, and nobody has looked at them, no letter was posted. There must be none
(design.md §7): this is the question an operator's evening begins with."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from delivery.calendar import Calendar
from store.bill import BillRow
from store.delivery import OPEN_STATES, Delivery
from store.feed import Feed
from store.print_batch import TIME_TO_HAND_OVER

#: How long the road may take, in bad weather, from a feed's release to the choice of a way for each of its bills.
TIME_TO_CHOOSE: Final = timedelta(days=1)


def silent_bills(
    session: Session, now: datetime, issuer_id: int | None = None, limit: int = 50, calendar: Calendar | None = None
) -> list[BillRow]:
    """The silent bills of one issuer or of all, the oldest first."""
    query = _narrow(select(BillRow), now, issuer_id, calendar or Calendar())
    return list(session.scalars(query.order_by(BillRow.issue_date, BillRow.id).limit(limit)))


def count_silent(
    session: Session, now: datetime, issuer_id: int | None = None, calendar: Calendar | None = None
) -> int:
    """How many silent bills there are."""
    query = _narrow(select(func.count()).select_from(BillRow), now, issuer_id, calendar or Calendar())
    return session.scalar(query) or 0


def last_cut_off(now: datetime, calendar: Calendar) -> datetime:
    """The latest cut-off whose letters must have been handed over by now."""
    moment = now - TIME_TO_HAND_OVER
    today = calendar.day_of(moment)
    cut_off = calendar.cut_off_of(calendar.days_before(today, 0))
    return cut_off if cut_off <= moment else calendar.cut_off_of(calendar.days_before(today - timedelta(days=1), 0))


def _narrow(query: Select[Any], now: datetime, issuer_id: int | None, calendar: Calendar) -> Select[Any]:
    query = (
        query.join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(["released", "settled"]), BillRow.viewed_at.is_(None))
        .where(_is_without_a_way(now) | _has_missed_its_letter(last_cut_off(now, calendar)))
    )
    return query if issuer_id is None else query.where(BillRow.issuer_id == issuer_id)


def _is_without_a_way(now: datetime) -> ColumnElement[bool]:
    """Never rendered or chosen (or set apart, and nobody has taken it in hand), though its feed was released."""
    return BillRow.state.in_(["released", "rendered", "failed"]) & (Feed.released_at < now - TIME_TO_CHOOSE)


def _has_missed_its_letter(cut_off: datetime) -> ColumnElement[bool]:
    """Chosen, but no letter was posted, none is to come by a later cut-off, and nobody answers for that."""
    posted = Delivery.sent_at.is_not(None)
    to_come = Delivery.state.in_(OPEN_STATES) & (Delivery.due_at > cut_off)
    answered = Delivery.decided_by != ""
    letter = exists().where(Delivery.bill_id == BillRow.id, Delivery.channel == "paper", posted | to_come | answered)
    return (BillRow.state == "chosen") & ~letter.correlate(BillRow)
