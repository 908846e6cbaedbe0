"""The bills of an issuer by their day of issue, read whole, a page at a time."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import undefer

from store.bills.bill import BillRow
from store.bills.bill_lookup import released
from store.bills.references_between_bills import BillReference, names_of
from store.store import Store

_PAGE: Final = 500
#: States of bills that do not count.
_GONE: Final = ("recalled", "superseded")


def bills_by_issue_date(store: Store, issuer_id: int, start: date, end: date) -> Iterator[BillRow]:
    """Released bills issued on these days that nothing has superseded, by day. No transaction lasts longer than a
    page."""
    day, last = start, 0
    while True:
        later = or_(BillRow.issue_date > day, and_(BillRow.issue_date == day, BillRow.id > last))
        query = released().where(
            BillRow.issuer_id == issuer_id, BillRow.issue_date.between(day, end), later,
            BillRow.state.not_in(_GONE),
        )  # fmt: skip
        with store.reading() as session:
            page = session.scalars(
                query.order_by(BillRow.issue_date, BillRow.id).limit(_PAGE).options(undefer(BillRow.content))
            ).all()
            session.expunge_all()
        yield from page
        if len(page) < _PAGE:
            return
        day, last = page[-1].issue_date, page[-1].id


def bills_replaced_by(store: Store, row: BillRow) -> Sequence[BillRow]:
    """The bills whose place a corrective invoice takes, whole: of each bill it names the latest earlier corrective of
    it, else the bill itself. Nothing for any other bill, and nothing of another account or currency."""
    if not row.demand.replaces:
        return []
    query = (
        released()
        .where(BillRow.account_id == row.account_id, BillRow.currency == row.currency, BillRow.state.not_in(_GONE))
        .options(undefer(BillRow.content))
    )
    found: dict[int, BillRow] = {}
    with store.reading() as session:
        for number in names_of(session, [row.id]).get(row.id, ()):
            naming = select(BillReference.bill_id).where(
                BillReference.issuer_id == row.issuer_id, BillReference.number == number
            )
            own = (BillRow.issuer_id == row.issuer_id) & (BillRow.number == number)
            standing = [each for each in session.scalars(query.where(own | BillRow.id.in_(naming)))
                        if _comes_before(each, row) and (each.number == number or each.demand.replaces)]  # fmt: skip
            if standing:
                latest = max(standing, key=_order)
                found[latest.id] = latest
        session.expunge_all()
    return list(found.values())


def _order(row: BillRow) -> tuple[date, str]:
    return row.issue_date, row.number


def _comes_before(one: BillRow, other: BillRow) -> bool:
    return _order(one) < _order(other)
