"""The bills and accounts behind the figures of some days, page by page: as they are counted, so that a list has as many
rows as its figure. Few among millions are found without looking at each."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from heapq import merge
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.bytes_within import bears
from store.facts.counted_contribution import CountedAccount, CountedBill

#: Accounts that are looked at together.
_TOGETHER: Final = 1000


class AskedBills(NamedTuple):
    """Which bills: of these issuers, issued on the days from *first* to *last*, whose figures have a bit of each of
    these masks."""

    issuer_ids: Sequence[int]
    masks: Sequence[int]
    first: date
    last: date


class CountedChanges(NamedTuple):
    """An account and the changes that it is counted by, packed."""

    account_id: int
    changes: bytes


def bills_of_month(session: Session, asked: AskedBills, after: int, limit: int) -> list[BillRow]:
    """The next *limit* bills, by issuer, the last issued first. *after* is the id of the last bill of the page before,
    0 for the first page."""
    last = session.get(BillRow, after) if after else None
    found: list[int] = []
    for issuer_id in sorted(asked.issuer_ids):
        if last is None or issuer_id > last.issuer_id:
            found += islice(_bills_of(session, issuer_id, asked, None, limit), limit - len(found))
        elif issuer_id == last.issuer_id:
            found += islice(_bills_of(session, issuer_id, asked, (last.issue_date, last.id), limit), limit)
        if len(found) >= limit:
            break
    bills = {each.id: each for each in session.scalars(select(BillRow).where(BillRow.id.in_(found)))}
    return [bills[each] for each in found]


def _bills_of(
    session: Session, issuer_id: int, asked: AskedBills, before: tuple[date, int] | None, limit: int
) -> Iterator[int]:
    """Yield the ids of at least the next *limit* bills of an issuer, those *before* a day and id. Bills that add the
    same to the figures lie together in the index, in this order; there are some dozens of such kinds."""
    row = CountedBill
    until = row.day <= asked.last if before is None else tuple_(row.day, row.bill_id) < before
    kinds: list[Sequence[Any]] = []
    for figures in _kinds_of_bills(session, issuer_id):
        if all(figures & mask for mask in asked.masks):
            query = select(row.day, row.bill_id).where(
                row.issuer_id == issuer_id, row.figures == figures, row.day >= asked.first, until
            )
            kinds.append(session.execute(query.order_by(row.day.desc(), row.bill_id.desc()).limit(limit)).all())
    yield from (bill_id for _, bill_id in merge(*kinds, reverse=True))


def _kinds_of_bills(session: Session, issuer_id: int) -> Iterator[int]:
    """Yield the figures that bills of an issuer have, each once: read by leaps through the index."""
    row, last = CountedBill, -1
    while (
        figures := session.scalar(select(func.min(row.figures)).where(row.issuer_id == issuer_id, row.figures > last))
    ) is not None:
        yield (last := figures)


def counted_accounts_of(
    session: Session, issuer_ids: Sequence[int], traces: Collection[bytes], after: int
) -> Iterator[CountedChanges]:
    """Yield the counted accounts of these issuers with an id above *after* whose packed changes have one of these
    bytes within, by id."""
    row = CountedAccount
    query = select(row.account_id, row.changes).where(
        row.issuer_id.in_(issuer_ids), or_(*(bears(row.changes, each) for each in traces))
    )
    while True:
        rows = session.execute(query.where(row.account_id > after).order_by(row.account_id).limit(_TOGETHER)).all()
        yield from (CountedChanges(*each) for each in rows)
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].account_id


def accounts_in_order(session: Session, account_ids: Sequence[int]) -> list[CustomerAccount]:
    """These accounts, by id."""
    query = select(CustomerAccount).where(CustomerAccount.id.in_(account_ids)).order_by(CustomerAccount.id)
    return list(session.scalars(query))
