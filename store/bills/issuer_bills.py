"""Select the bills of an issuer that a filter leaves, page by page, by index, however many bills there are.

Each filter has an index in whose order the page is read; what else is asked is looked at row by row, of `LOOKED_AT`
rows at most. So each page costs the same, however rare what is asked for: it may hold fewer bills than it has room
for, or none, and still lead on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from store.bills.bill import BillRow, stands
from store.feeds.feed import OUT, Feed

#: Rows that one page looks at.
LOOKED_AT: Final = 5_000
#: States of a bill that an issuer can ask for: of these few bills are at a time, and none of them was seen or posted.
UNCOMMON_STATES: Final = ("released", "failed", "recalled", "superseded")
ASKED_STATES: Final = (*UNCOMMON_STATES, "rendered", "chosen")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerBillFilter:
    """What bills are limited to; all parts at once. Days are first and last, both included; *amount* is what the bill
    asks by itself (EN 16931 BT-115), of a credit note below zero; *changed_since*: changed at this moment or later."""

    number: str | None = None
    account_id: int | None = None
    state: str | None = None
    channel: str | None = None
    issued: tuple[date | None, date | None] = (None, None)
    due: tuple[date | None, date | None] = (None, None)
    feed_id: int | None = None
    amount: Decimal | None = None
    changed_since: datetime | None = None


class BillPlace(NamedTuple):
    """A bill's place in a list: what the list is ordered by first (None where that is *number*), and the bill's id, or
    its place in the feed where the list is one feed's."""

    value: date | datetime | None
    number: int


class IssuerBills(NamedTuple):
    """A page of bills; *last*: the place after which the next page begins, None on the last page."""

    rows: Sequence[BillRow]
    last: BillPlace | None


class _Order(NamedTuple):
    """The columns that a list is ordered by, whether the greatest come first, and the type of the first of two."""

    columns: tuple[Any, ...]
    is_falling: bool
    kind: type = type(None)

    def key(self, place: BillPlace) -> tuple[object, ...]:
        return (place.number,) if len(self.columns) == 1 else tuple(place)

    def after(self, place: BillPlace) -> ColumnElement[bool]:
        here, there = tuple_(*self.columns), tuple_(*self.key(place))
        return here < there if self.is_falling else here > there

    def up_to(self, place: BillPlace) -> ColumnElement[bool]:
        here, there = tuple_(*self.columns), tuple_(*self.key(place))
        return here >= there if self.is_falling else here <= there

    @property
    def by(self) -> list[Any]:
        return [each.desc() for each in self.columns] if self.is_falling else list(self.columns)

    def place(self, row: Any) -> BillPlace:
        return BillPlace(None if len(self.columns) == 1 else row[0], row[-1])


def bills_of_issuer(
    session: Session, issuer_id: int, only: IssuerBillFilter, limit: int, after: BillPlace | None = None
) -> IssuerBills:
    """The released bills of this issuer that the filter leaves, *limit* at most, from *after* on: the latest issued
    first; by due date the first due, of a feed in its order, by changes the first changed; else the last received.
    Raises ValueError if *after* is a place of a list in another order."""
    order, driving, looked_at = _way(issuer_id, only)
    if after is not None:
        if type(after.value) is not order.kind:
            raise ValueError(f"no place in this list: {after}")
        driving = [*driving, order.after(after)]
    last = _last_looked_at(session, order, driving)
    if last is not None:
        driving = [*driving, order.up_to(last)]
    query = (
        select(BillRow)
        # From the feed on, all its bills would be read and sorted: the sum prevents that plan on both databases.
        .join(Feed, Feed.id == BillRow.feed_id + 0)
        .where(*driving, *looked_at, Feed.state.in_(OUT))
        .order_by(*order.by)
        .limit(limit + 1)
    )
    rows = session.scalars(query).all()
    if len(rows) > limit:
        shown = rows[:limit]
        return IssuerBills(shown, _place_of(shown[-1], order))
    return IssuerBills(rows, last)


def _place_of(row: BillRow, order: _Order) -> BillPlace:
    return order.place([getattr(row, column.key) for column in order.columns])


def _last_looked_at(session: Session, order: _Order, driving: Sequence[ColumnElement[bool]]) -> BillPlace | None:
    """The place of the last row that a page looks at; None where there are fewer."""
    query = select(*order.columns).where(*driving).order_by(*order.by).offset(LOOKED_AT - 1).limit(2)
    found = session.execute(query).all()
    return order.place(found[0]) if len(found) > 1 else None


def _way(issuer_id: int, only: IssuerBillFilter) -> tuple[_Order, list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """In which order the bills are read, by which conditions of an index, and what is looked at row by row."""
    mine, issued = BillRow.issuer_id == issuer_id, _between(BillRow.issue_date, *only.issued)
    ways: list[tuple[bool, _Order, list[ColumnElement[bool]]]] = [
        (only.number is not None, _BY_ID, [BillRow.number == only.number, stands()]),
        (only.changed_since is not None, _BY_CHANGE, _between(BillRow.changed_at, only.changed_since)),
        (only.account_id is not None, _BY_ISSUE, [BillRow.account_id == only.account_id, *issued]),
        (only.state in UNCOMMON_STATES, _BY_ID, [BillRow.state == only.state, *_unreached()]),
        (only.amount is not None, _BY_ID, [BillRow.payable == only.amount]),
        (only.feed_id is not None, _BY_FEED, [BillRow.feed_id == only.feed_id]),
        (only.due != (None, None), _BY_DUE, _between(BillRow.due_date, *only.due)),
        (only.channel is not None, _BY_ISSUE, [BillRow.channel == only.channel, *issued]),
        (True, _BY_ISSUE, issued),
    ]
    order, driving = next((order, driving) for is_asked, order, driving in ways if is_asked)
    is_of_issuer = order is not _BY_FEED and only.account_id is None
    return order, [*driving, mine] if is_of_issuer else driving, [mine, *_conditions(only)]


def _conditions(only: IssuerBillFilter) -> list[ColumnElement[bool]]:
    """Everything that the filter asks of a bill."""
    asked: list[tuple[object, ColumnElement[bool]]] = [
        (only.number, BillRow.number == only.number),
        (only.account_id, BillRow.account_id == only.account_id),
        (only.state, BillRow.state == only.state),
        (only.channel, BillRow.channel == only.channel),
        (only.feed_id, BillRow.feed_id == only.feed_id),
        (only.amount, BillRow.payable == only.amount),
    ]
    ranges = [
        *_between(BillRow.issue_date, *only.issued),
        *_between(BillRow.due_date, *only.due),
        *_between(BillRow.changed_at, only.changed_since),
    ]
    return [condition for value, condition in asked if value is not None] + ranges


def _between(column: Any, first: object | None, last: object | None = None) -> list[ColumnElement[bool]]:
    from_first = [] if first is None else [column >= first]
    return from_first if last is None else [*from_first, column <= last]


def _unreached() -> list[ColumnElement[bool]]:
    """The terms of the partial index `ix_bill_unreached`."""
    return [BillRow.viewed_at.is_(None), BillRow.posted_at.is_(None)]


_BY_ISSUE: Final = _Order((BillRow.issue_date, BillRow.id), is_falling=True, kind=date)
_BY_DUE: Final = _Order((BillRow.due_date, BillRow.id), is_falling=False, kind=date)
_BY_CHANGE: Final = _Order((BillRow.changed_at, BillRow.id), is_falling=False, kind=datetime)
_BY_FEED: Final = _Order((BillRow.item_seq,), is_falling=False)
_BY_ID: Final = _Order((BillRow.id,), is_falling=True)
