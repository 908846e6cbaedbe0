"""Find silent bills: past their delivery deadline, not viewed on line and not posted as a letter. A letter that came
back is not posted: its bill is silent unless it is held, while another address is asked for, or by a named person.

There must be none (docs/promises.md). `facteur check` and the dashboard use the same query. It reads the partial index
`ix_bill_unreached`, which holds only bills that have reached nobody.
"""

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, false, or_, select, tuple_
from sqlalchemy.orm import Session

from audit.invariant_violations import count
from audit.late_batches import TIME_TO_HAND_OVER
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.letter_address import CAME_BACK, SUPPRESSED
from delivery.channels.paper.vanished_print_files import ALL_THERE, LostLetters
from delivery.feedback.returned_mail import TIME_TO_ANSWER
from store.bills.bill import BillRow
from store.delivery import OPEN_STATES, Delivery, Receipt
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer
from store.print_batch import PrintBatch

#: The longest time, outages included, from a feed's release to the choice of a channel for each of its bills.
TIME_TO_CHOOSE: Final = timedelta(days=1)
_WITHOUT_A_WAY: Final = ("released", "rendered", "failed")


class SilentBillSample(NamedTuple):
    """How many bills are silent, and the first of them."""

    number: int
    first: list[BillRow]


def silent_bill_sample(
    session: Session, now: datetime, calendar: Calendar, lost: LostLetters, issuer_id: int | None = None, size: int = 5
) -> SilentBillSample:  # fmt: skip
    """Counts the silent bills of one issuer or (None) of all, and reads the *size* oldest."""
    silent = silent_bills(now, calendar, lost, issuer_id)
    ids = session.scalars(silent.limit(size + 1)).all() if size else ()
    is_all = size > 0 and len(ids) <= size
    number = len(ids) if is_all else count(session, silent)
    return SilentBillSample(number, [session.get_one(BillRow, bill_id) for bill_id in ids[:size]])


def silent_bills_after(session: Session, silent: Select[int, str, date], limit: int, after: int = 0) -> list[BillRow]:
    """Reads *limit* of these silent bills (`silent_bills`), oldest first; *after* is the last id of the page before."""
    rows = silent.order_by(None).subquery()
    query = select(rows.c.id).order_by(rows.c.issue_date, rows.c.id).limit(limit)
    if after and (last := session.get(BillRow, after)) is not None:
        query = query.where(tuple_(rows.c.issue_date, rows.c.id) > (last.issue_date, last.id))
    return [session.get_one(BillRow, bill_id) for bill_id in session.scalars(query).all()]


def silent_bills(
    now: datetime, calendar: Calendar, lost: LostLetters = ALL_THERE, issuer_id: int | None = None
) -> Select[int, str, date]:  # fmt: skip
    """Select id, number and issue date of the silent bills of one issuer or of all, oldest first. Letters in *lost* do
    not count as posted."""
    cut_off = last_handover_cut_off(now, calendar)
    to_come = _is_to_come(now, cut_off)
    # Starting from the feed would scan all its bills; the sum prevents that plan on both databases.
    waiting = (
        select(BillRow.id, BillRow.number, BillRow.issue_date)
        .join(Feed, Feed.id == BillRow.feed_id + 0)
        .where(Feed.state.in_(OUT), BillRow.viewed_at.is_(None), BillRow.state.in_([*_WITHOUT_A_WAY, "chosen"]))
        .where(_is_without_a_way(now) | _has_missed_its_letter(to_come, lost, cut_off))
    )
    waiting = waiting.where(of_issuer(BillRow.issuer_id, issuer_id))
    unposted = waiting.where(BillRow.posted_at.is_(None))
    if not any(lost):
        return unposted.order_by(BillRow.issue_date, BillRow.id)
    unprinted = waiting.where(BillRow.id.in_(select(Delivery.bill_id).where(_is_lost(lost))))
    both = unposted.union(unprinted).subquery()
    return select(both.c.id, both.c.number, both.c.issue_date).order_by(both.c.issue_date, both.c.id)


def last_handover_cut_off(now: datetime, calendar: Calendar) -> datetime:
    """The latest cut-off whose letters must have been handed over by *now*."""
    moment = now - TIME_TO_HAND_OVER
    today = calendar.day_of(moment)
    cut_off = calendar.cut_off_of(calendar.days_before(today, 0))
    return cut_off if cut_off <= moment else calendar.cut_off_of(calendar.days_before(today - timedelta(days=1), 0))


def _is_without_a_way(now: datetime) -> ColumnElement[bool]:
    """Not rendered or chosen yet though its feed was released, or failed without a person in charge."""
    return BillRow.state.in_(_WITHOUT_A_WAY) & (Feed.released_at < now - TIME_TO_CHOOSE)


def _is_to_come(now: datetime, cut_off: datetime) -> ColumnElement[bool]:
    """SQL condition: the letter is due at a later cut-off than the last, or has joined a batch that goes at its own
    (its print house's may be later, and no worker may have seen to the letter before)."""
    is_timely = PrintBatch.cut_off_at > now - TIME_TO_HAND_OVER
    batches = select(PrintBatch.id).where(PrintBatch.state.in_(["open", "closed"]), is_timely)
    return Delivery.state.in_(OPEN_STATES) & or_(Delivery.due_at > cut_off, Delivery.batch_id.in_(batches))


def _has_missed_its_letter(
    to_come: ColumnElement[bool], lost: LostLetters, cut_off: datetime
) -> ColumnElement[bool]:  # fmt: skip
    """Chosen, but no letter is posted, none is due at a later cut-off or waits for an address since then, and no person
    is in charge."""
    posted = Delivery.state.in_(["sent", "delivered"]) & Delivery.sent_at.is_not(None) & ~_is_lost(lost)
    answered = Delivery.decided_by != ""
    is_reached = posted | to_come | answered | _awaits_address(cut_off - TIME_TO_ANSWER)
    letter = exists().where(Delivery.bill_id == BillRow.id, Delivery.channel == "paper", is_reached)
    return (BillRow.state == "chosen") & ~letter.correlate(BillRow)


def _awaits_address(since: datetime) -> ColumnElement[bool]:
    """The letter came back, or is held because another did, and another address was asked for *since* then."""
    returned = exists().where(Receipt.delivery_id == Delivery.id, Receipt.kind == "returned", Receipt.at > since)
    came_back = (Delivery.reason_code == CAME_BACK) & returned.correlate(Delivery)
    is_held = (Delivery.reason_code == SUPPRESSED) & (Delivery.due_at > since)
    return (Delivery.state == "failed") & (came_back | is_held)


def _is_lost(lost: LostLetters) -> ColumnElement[bool]:
    """SQL condition: the letter is one of these ids. Thousands of ids are written into the statement, since databases
    limit the number of parameters."""
    if not any(lost):
        return false()
    letters: BindParameter[list[int]] = bindparam("lost_letters", lost.letters, expanding=True, literal_execute=True)
    return Delivery.batch_id.in_(lost.batches) | Delivery.id.in_(letters)
