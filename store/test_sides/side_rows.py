"""Which rows are a test side's, in every table, and how they are deleted: those that refer to it by any foreign key,
its customers and what refers to them, its print batches and jobs; with each row its events.

A table that comes later is found by its foreign keys, so that nothing is forgotten. What a reset leaves is `KEPT`.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from store.all_models import Base
from store.db.event import Event
from store.db.leases import Leased, is_unleased
from store.delivery import OPEN_STATES, Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.job import Job
from store.print_batch import PrintBatch, house_of_side
from store.test_sides.side_customer import SideCustomer

#: What a reset leaves: the side itself, its settings, keys and endpoints, and the numbers of its events, which go on.
KEPT: Final = frozenset({
    "issuer", "issuer_key", "sftp_key", "staff", "template", "profile_version", "payment_provider", "webhook_endpoint",
    "webhook_secret", "outbox_sequence",
})  # fmt: skip
#: The job that resets a side: it outlives what it deletes.
RESET: Final = "reset_test_side"
#: Rows deleted in one transaction.
AT_A_TIME: Final = 1000
#: Columns that name a blob. Only the bytes of a feed may be another row's as well: all others are encrypted.
_BLOBS: Final = {
    "bill": "segment_sha256", "enclosure": "blob_sha256", "page_pictures": "blob_sha256",
    "bill_archive_part": "blob_sha256", "feed": "sha256", "heir": "blob_sha256",
}  # fmt: skip
#: What the particulars of jobs call rows that a side may have, and their tables.
_NAMED_IN_JOBS: Final = {
    "feed_id": "feed", "consumer_id": "consumer", "bill_id": "bill", "account_id": "account",
    "mandate_id": "debit_mandate", "plan_id": "payment_plan", "enquiry_id": "enquiry", "notice_id": "holder_notice",
}  # fmt: skip


def rows_of_side(table: Table, side: int) -> ColumnElement[bool] | None:
    """SQL condition: a row of this table is this test side's. None for a table that has none of any side."""
    if table.name == "errand":
        return _jobs(side)
    if table.name == "print_batch":
        return PrintBatch.house == house_of_side(side)
    if table.name == "consumer":
        return table.c.id.in_(select(SideCustomer.consumer_id).where(SideCustomer.issuer_id == side))
    if (issuer := _issuer_column(table)) is not None:
        return issuer == side
    conditions = [
        key.parent.in_(select(key.column).where(of_parent))
        for key in table.foreign_keys
        if key.column.table is not table and key.column.table.name not in {"issuer", "errand"}
        if (of_parent := rows_of_side(key.column.table, side)) is not None
    ]
    return or_(*conditions) if conditions else None


@cache
def side_tables() -> tuple[Table, ...]:
    """The tables with rows that a reset deletes, each before those that it refers to. Jobs go early, while there is
    what they name, and customers last: they say which other rows are theirs."""
    mine = [each for each in Base.metadata.sorted_tables if each.name not in KEPT and rows_of_side(each, 0) is not None]
    jobs, *last = (Base.metadata.tables[name] for name in ("errand", "test_customer", "consumer"))
    of_jobs = {jobs}
    for table in mine:
        if any(key.column.table in of_jobs for key in table.foreign_keys):
            of_jobs.add(table)
    first = [each for each in reversed(mine) if each in of_jobs and each is not jobs]
    return (*first, jobs, *(each for each in reversed(mine) if each not in {*of_jobs, *last}), *last)


def stop_work(session: Session, side: int) -> bool:
    """Leave nothing of this side to be claimed. Returns False while somebody works at something of it."""
    of_feeds = select(Feed.id).where(Feed.issuer_id == side)
    mine = (Feed.issuer_id == side, Feed.state.in_(["received", "reading", "held"]), is_unleased(Feed))
    session.execute(update(Feed).where(*mine).values(state="rejected"))
    session.execute(delete(Chunk).where(Chunk.feed_id.in_(of_feeds), is_unleased(Chunk)))
    still = (Delivery.issuer_id == side, Delivery.state.in_(OPEN_STATES), is_unleased(Delivery))
    session.execute(update(Delivery).where(*still).values(state="cancelled"))
    waiting = (PrintBatch.house == house_of_side(side), is_unleased(PrintBatch))
    session.execute(update(PrintBatch).where(*waiting).values(state="acknowledged"))
    return not any(_is_leased(session, row, side) for row in _leased_rows())


def loosen_rows(session: Session, side: int) -> None:
    """Let the side's rows refer to none of their own table, so that they can be deleted in any order."""
    for table in side_tables():
        for column in (key.parent for key in table.foreign_keys if key.column.table is table):
            of_side = _rows(table, side)
            session.execute(update(table).where(of_side, column.is_not(None)).values({column.name: None}))


def delete_some(session: Session, table: Table, side: int) -> tuple[int, list[str]]:
    """Delete some rows of this side in one table, at most AT_A_TIME, with their events. Returns how many, and the blobs
    that they named and no other row does."""
    keys = list(table.primary_key.columns)
    some = session.execute(select(*keys).where(_rows(table, side)).limit(AT_A_TIME)).all()
    if not some:
        return 0, []
    is_some = keys[0].in_([row[0] for row in some]) if len(keys) == 1 else tuple_(*keys).in_([tuple(r) for r in some])
    blobs = _blobs(session, table, is_some)
    if [key.name for key in keys] == ["id"]:
        about = (Event.subject == table.name, Event.subject_id.in_([row[0] for row in some]))
        session.execute(delete(Event).where(*about))
    session.execute(delete(table).where(is_some))
    return len(some), [blob for blob in blobs if table.name != "feed" or not _is_other_feed(session, blob)]


def count_rows(session: Session, side: int) -> int:
    """How many rows a reset of this side deletes, without their events."""
    counted = (select(func.count()).select_from(table).where(_rows(table, side)) for table in side_tables())
    return sum(session.scalar(each) or 0 for each in counted)


def _rows(table: Table, side: int) -> ColumnElement[bool]:
    condition = rows_of_side(table, side)
    assert condition is not None
    return condition


def _issuer_column(table: Table) -> Column[Any] | None:
    """The column that says whose a row is."""
    column = table.c.get("issuer_id")
    return column if column is not None and column.foreign_keys else None


def _jobs(side: int) -> ColumnElement[bool]:
    """Jobs by what their particulars name: the side, a customer, or another row of the side."""
    said, ways = Job.particulars, [Job.particulars["issuer_id"].as_integer() == side]
    for name, table in _NAMED_IN_JOBS.items():
        whose = Base.metadata.tables[table]
        ways.append(said[name].as_integer().in_(select(whose.c.id).where(_rows(whose, side))))
    return (Job.kind != RESET) & or_(*ways)


def _blobs(session: Session, table: Table, condition: ColumnElement[bool]) -> set[str]:
    if table.name not in _BLOBS:
        return set()
    return {name for name in session.scalars(select(table.c[_BLOBS[table.name]]).where(condition)) if name}


def _is_other_feed(session: Session, blob: str) -> bool:
    """Whether the same bytes were dropped on another side too."""
    return session.scalar(select(exists().where(Feed.sha256 == blob))) or False


def _leased_rows() -> Iterable[Any]:
    rows = (each.class_ for each in Base.registry.mappers)
    return [each for each in rows if issubclass(each, Leased) and each is not Job]


def _is_leased(session: Session, row: Any, side: int) -> bool:
    condition = rows_of_side(row.__table__, side)
    if condition is None:
        return False
    held = (row.lease_owner.is_not(None), ~is_unleased(row), condition)
    return session.scalar(select(exists().where(*held))) or False
