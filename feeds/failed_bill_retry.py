"""List failed bills, and retry them when a named person asks for it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bill import Reason
from store.bills.bill import BillRow, is_set_apart
from store.db.event import Event
from store.db.leases import is_unleased
from store.db.row_counting import MOST_COUNTED, count_some
from store.db.state_change import change_state
from store.feeds.chunk import Chunk
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer

#: The number of bills retried in one transaction.
MOST_AT_ONCE: Final = 1000


class FailedBill(NamedTuple):
    """A failed bill: why, and since when."""

    bill: BillRow
    why: Reason
    since: datetime


def failed_bills(
    session: Session, issuer_id: int | None = None, numbers: Collection[str] = (), after: int = 0,
    limit: int = MOST_AT_ONCE, ids: Collection[int] = (),
) -> list[FailedBill]:  # fmt: skip
    """Failed bills by id (*after* is the last id of the page before), of one issuer or of all; limited to *numbers* or
    *ids* where given."""
    query = select(BillRow).where(is_set_apart(), BillRow.id > after).order_by(BillRow.id).limit(limit)
    query = query.where(of_issuer(BillRow.issuer_id, issuer_id))
    if numbers:
        query = query.where(BillRow.number.in_(list(numbers)))
    if ids:
        query = query.where(BillRow.id.in_(list(ids)))
    bills = session.scalars(query).all()
    told = _told(session, [bill.id for bill in bills])
    return [FailedBill(bill, *told.get(bill.id, (Reason(), bill.received_at))) for bill in bills]


def count_failed_bills(session: Session, issuer_id: int | None = None) -> int:
    """How many bills of released feeds are set apart, of one issuer or (None) of all, up to `MOST_COUNTED`."""
    query = select(BillRow.id).join(Feed, Feed.id == BillRow.feed_id).where(is_set_apart(), Feed.state.in_(OUT))
    return count_some(session, query.where(of_issuer(BillRow.issuer_id, issuer_id)))


def count_failed_by_feed(session: Session, feed_ids: Collection[int]) -> dict[int, int]:
    """How many bills of each of these feeds are set apart, by feed id; a feed with none is left out. Together up to
    `MOST_COUNTED`."""
    first = select(BillRow.feed_id).where(is_set_apart(), BillRow.feed_id.in_(feed_ids)).limit(MOST_COUNTED).subquery()
    query = select(first.c.feed_id, func.count()).group_by(first.c.feed_id)
    return dict(session.execute(query).tuples().all()) if feed_ids else {}


def retry_bills(session: Session, bills: Sequence[BillRow], by: str, reason: str, now: datetime) -> list[BillRow]:
    """Retry these bills from the step in which they failed; returns those that are retried. A bill whose chunk is being
    worked on is left out: ask again."""
    return [bill for bill in bills if _reopen(session, bill) and _take_up(session, bill, by, reason, now)]


def _take_up(session: Session, bill: BillRow, by: str, reason: str, now: datetime) -> bool:
    to = "released" if bill.pdf_sha256 is None else "rendered"
    return change_state(session, BillRow, bill.id, "failed", to, now, by=by, why=reason)


def _reopen(session: Session, bill: BillRow) -> bool:
    """Give the bill's chunk work again; finished bills in it are skipped."""
    mine = (Chunk.feed_id == bill.feed_id, Chunk.first_seq <= bill.item_seq, Chunk.last_seq >= bill.item_seq)
    opened = session.execute(
        update(Chunk)
        .where(*mine, is_unleased(Chunk))
        .values(state="todo", work="render", attempts=0, setbacks=0, not_before=0.0, lease_owner=None, lease_until=0.0)
    )
    return opened.rowcount > 0  # type: ignore[attr-defined,no-any-return]


def _told(session: Session, ids: Sequence[int]) -> dict[int, tuple[Reason, datetime]]:
    """The reason and time of each bill's last failure, from its events."""
    query = select(Event).where(Event.subject == "bill", Event.subject_id.in_(ids), Event.what == "failed")
    return {event.subject_id: (event.reason, event.at) for event in session.scalars(query.order_by(Event.id))}
