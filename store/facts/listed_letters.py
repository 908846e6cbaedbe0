"""The bills that went on paper for one reason, page by page: read from the index of counted bills."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.facts.counted_contribution import CountedBill


class AskedLetters(NamedTuple):
    """Which bills: of these issuers, issued on the days from *first* to *last*, posted for this reason."""

    issuer_ids: Sequence[int]
    code: str
    first: date
    last: date


def letters_listed(session: Session, asked: AskedLetters, after: int, limit: int) -> list[BillRow]:
    """The next *limit* bills, by issuer, the last issued first. *after* is the id of the last bill of the page before,
    0 for the first page."""
    last = session.get(CountedBill, after) if after else None
    row, found = CountedBill, list[BillRow]()
    for issuer_id in sorted(asked.issuer_ids):
        if last is not None and issuer_id < last.issuer_id:
            continue
        mine = [
            row.issuer_id == issuer_id,
            row.why == asked.code,
            row.why != "",
            row.day.between(asked.first, asked.last),
        ]
        if last is not None and issuer_id == last.issuer_id:
            mine.append(or_(row.day < last.day, and_(row.day == last.day, row.bill_id < last.bill_id)))
        query = select(BillRow).join(row, row.bill_id == BillRow.id).where(*mine)
        query = query.order_by(row.issuer_id, row.why, row.day.desc(), row.bill_id.desc())
        found += session.scalars(query.limit(limit - len(found)))
        if len(found) >= limit:
            break
    return found
