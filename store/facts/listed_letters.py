"""The bills that went on paper for some reasons, page by page: read from the index of counted bills."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.facts.counted_contribution import CountedBill


class AskedLetters(NamedTuple):
    """Which bills: of these issuers, issued on the days from *first* to *last*, posted for one of these reasons."""

    issuer_ids: Sequence[int]
    codes: Sequence[str]
    first: date
    last: date


def letters_listed(session: Session, asked: AskedLetters, after: int, limit: int) -> list[BillRow]:
    """The next *limit* bills, by issuer and reason, the last issued first. *after* is the id of the last bill of the
    page before, 0 for the first page."""
    last = session.get(CountedBill, after) if after else None
    row, found = CountedBill, list[BillRow]()
    for here in product(sorted(asked.issuer_ids), sorted(asked.codes)):
        if last is not None and here < (last.issuer_id, last.why):
            continue
        mine = [row.issuer_id == here[0], row.why == here[1], row.why != "", row.day >= asked.first]
        if last is not None and here == (last.issuer_id, last.why):
            mine.append(tuple_(row.day, row.bill_id) < (last.day, last.bill_id))
        else:
            mine.append(row.day <= asked.last)
        query = select(BillRow).join(row, row.bill_id == BillRow.id).where(*mine)
        query = query.order_by(row.issuer_id, row.why, row.day.desc(), row.bill_id.desc())
        found += session.scalars(query.limit(limit - len(found)))
        if len(found) >= limit:
            break
    return found
