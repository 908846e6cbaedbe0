"""Count, sum and page through a feed's items by outcome."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, exists, func, select, type_coerce
from sqlalchemy.orm import Session, load_only

from store.base import AMOUNT_SCALE
from store.feeds.conflict import Conflict, conflicts_at
from store.feeds.item import FindingRow, Item

#: Amounts are summed in two halves, since the sum of many largest amounts exceeds 64 bits.
_HALF: Final = 10**9

#: The key of items without an outcome: their feed is being read, or held.
WAITING: Final = "waiting"


class OutcomeTotals(NamedTuple):
    """The items of one outcome: number, sums by currency, and the number of those whose amount is unknown."""

    items: int
    sums: dict[str, Decimal]
    unknown: int


def outcome_totals(session: Session, feed_id: int) -> dict[str, OutcomeTotals]:
    """The items of a feed by outcome (`WAITING`: none yet), summed exactly. Counts every row; pages use
    `store.feeds.feed_outcome_counts`."""
    return tallies_of_items(session, Item.feed_id == feed_id).get(feed_id, {})


def tallies_of_items(session: Session, *conditions: ColumnElement[bool]) -> dict[int, dict[str, OutcomeTotals]]:
    """The items that meet these conditions by feed and outcome, summed exactly."""
    query = (
        select(Item.feed_id, Item.outcome, Item.currency, func.count(), *halves(Item.payable))
        .where(*conditions)
        .group_by(Item.feed_id, Item.outcome, Item.currency)
    )
    tallies: dict[int, dict[str, OutcomeTotals]] = defaultdict(dict)
    for feed_id, outcome, currency, items, large, small in session.execute(query):
        known = {} if currency is None else {currency: _whole(large, small)}
        one, name = OutcomeTotals(items, known, items if currency is None else 0), outcome or WAITING
        before = tallies[feed_id].get(name)
        tallies[feed_id][name] = one if before is None else total([before, one])
    return tallies


def _whole(large: int, small: int) -> Decimal:
    return (Decimal(large) * _HALF + Decimal(small)).scaleb(-AMOUNT_SCALE)


def halves(amount: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """SQL sums of an amount column in a high and a low half, since their total may exceed 64 bits."""
    whole = type_coerce(amount, BigInteger)
    return func.sum(whole // _HALF), func.sum(whole % _HALF)


class ItemFindings(NamedTuple):
    """An item with its findings, and its conflict if it has or had one."""

    item: Item
    findings: list[FindingRow]
    conflict: Conflict | None = None


def items_after(
    session: Session, feed_id: int, after: int, limit: int, outcome: str | None = None, rule: str | None = None
) -> list[ItemFindings]:
    """Items by position, by keyset (*after* is the last position of the page before); limited to one *outcome* and to
    those that broke a *rule*, where given."""
    query = (
        select(Item)
        .options(load_only(Item.number, Item.place, Item.currency, Item.payable, Item.outcome, Item.bill_id))
        .where(Item.feed_id == feed_id, Item.seq > after)
        .order_by(Item.seq)
        .limit(limit)
    )
    if outcome is not None:
        query = query.where(Item.outcome.is_(None) if outcome == WAITING else Item.outcome == outcome)
    if rule is not None:
        broken = exists().where(
            FindingRow.feed_id == feed_id, FindingRow.seq == Item.seq, FindingRow.rule == rule
        )  # fmt: skip
        query = query.where(broken)
    items = session.scalars(query).all()
    seqs = [item.seq for item in items]
    findings, conflicts = _findings_of(session, feed_id, seqs), conflicts_at(session, feed_id, seqs)
    return [ItemFindings(item, findings[item.seq], conflicts.get(item.seq)) for item in items]


def all_items(
    session: Session, feed_id: int, page: int, outcome: str | None = None, rule: str | None = None
) -> Iterator[ItemFindings]:
    """All such items in order, read a page at a time, so that memory stays flat for feeds of any length."""
    after = 0
    while found := items_after(session, feed_id, after, page, outcome, rule):
        yield from found
        after = found[-1].item.seq
        session.expunge_all()


def findings_of_feed(session: Session, feed_id: int) -> list[FindingRow]:
    """The findings of the feed as a whole."""
    query = select(FindingRow).where(FindingRow.feed_id == feed_id, FindingRow.seq.is_(None))
    return list(session.scalars(query.order_by(FindingRow.id)))


def _findings_of(session: Session, feed_id: int, seqs: Sequence[int]) -> dict[int, list[FindingRow]]:
    found: dict[int, list[FindingRow]] = defaultdict(list)
    query = select(FindingRow).where(FindingRow.feed_id == feed_id, FindingRow.seq.in_(seqs))
    for row in session.scalars(query.order_by(FindingRow.id)) if seqs else ():
        assert row.seq is not None
        found[row.seq].append(row)
    return found


def total(tallies: Iterable[OutcomeTotals]) -> OutcomeTotals:
    """The sum of these totals."""
    items = unknown = 0
    sums: dict[str, Decimal] = {}
    for tally in tallies:
        items, unknown = items + tally.items, unknown + tally.unknown
        for currency, amount in tally.sums.items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return OutcomeTotals(items, dict(sorted(sums.items())), unknown)
