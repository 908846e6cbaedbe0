"""The bills and accounts behind the figures of some days, page by page: as they are counted, so that a list has as many
rows as its figure."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, and_, literal, or_, select
from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
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

    account: CustomerAccount
    changes: bytes


def bills_of_month(session: Session, asked: AskedBills, after: int, limit: int) -> list[BillRow]:
    """The next *limit* bills, by issuer, the last issued first. *after* is the id of the last bill of the page before,
    0 for the first page."""
    last = session.get(BillRow, after) if after else None
    row, found = BillRow, list[BillRow]()
    for issuer_id in sorted(asked.issuer_ids):
        if last is not None and issuer_id < last.issuer_id:
            continue
        mine = [
            row.issuer_id == issuer_id, row.issue_date.between(asked.first, asked.last),
            *(CountedBill.figures.op("&")(literal(mask, BigInteger)) != 0 for mask in asked.masks),
        ]  # fmt: skip
        if last is not None and issuer_id == last.issuer_id:
            mine.append(or_(row.issue_date < last.issue_date,
                            and_(row.issue_date == last.issue_date, row.id < last.id)))  # fmt: skip
        query = select(row).join(CountedBill, CountedBill.bill_id == row.id).where(*mine)
        found += session.scalars(query.order_by(row.issue_date.desc(), row.id.desc()).limit(limit - len(found)))
        if len(found) >= limit:
            break
    return found


def counted_accounts_of(session: Session, issuer_ids: Sequence[int], after: int) -> Iterator[CountedChanges]:
    """Yield the counted accounts of these issuers with an id above *after*, by id."""
    while True:
        query = (
            select(CustomerAccount, CountedAccount.changes)
            .join(CountedAccount, CountedAccount.account_id == CustomerAccount.id)
            .where(CountedAccount.issuer_id.in_(issuer_ids), CustomerAccount.id > after)
            .order_by(CustomerAccount.id)
            .limit(_TOGETHER)
        )
        rows = session.execute(query).tuples().all()
        yield from (CountedChanges(*each) for each in rows)
        if len(rows) < _TOGETHER:
            return
        after = rows[-1][0].id
