"""Counts what one bill adds to the adoption figures of its month: presented, read, printed, saved, bounced.

`adoption.monthly_facts` defines each figure. The monthly facts and their recount use the same query.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, literal, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.delivery import Delivery, Receipt
from store.facts.counted_contribution import OfBill
from store.facts.fact_trigger import COUNTED
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer

#: What a bill can add 1 to, in the order of the bits of `store.facts.counted_contribution`.
BILL_MEASURES: Final = ("bills", "presented", "read7", "letters", "fallbacks", "letters_saved", "bounced")
READ_WITHIN_SECONDS: Final = 7 * 24 * 3600

#: The measures of each sum of bits.
_MEASURES_OF: Final = tuple(
    tuple(measure for bit, measure in enumerate(BILL_MEASURES) if bits >> bit & 1)
    for bits in range(1 << len(BILL_MEASURES))
)


def measures_of(figures: int) -> tuple[str, ...]:
    """Return the measures that a bill adds 1 to, from their bits."""
    return _MEASURES_OF[figures]


def bill_figures(session: Session, bill_ids: Collection[int]) -> dict[int, OfBill]:
    """Return what each of these bills adds; bills that do not count are left out."""
    each = _each_bill(BillRow.id.in_(bill_ids))
    bits = sum((each.c[measure] * (1 << bit) for bit, measure in enumerate(BILL_MEASURES)), literal(0))
    query = select(each.c.id, each.c.issuer_id, each.c.account_id, each.c.issue_date, bits)
    return {
        bill_id: OfBill(issuer_id, account_id, issued.replace(day=1), figures)
        for bill_id, issuer_id, account_id, issued, figures in session.execute(query)
    }


def bills_by_month(session: Session, end: date) -> dict[tuple[int, date], dict[str, int]]:
    """Return the figures of all bills issued before *end*, by issuer and month."""
    each = _each_bill(BillRow.issue_date < end).c
    year, month = extract("year", each.issue_date).label("year"), extract("month", each.issue_date).label("month")
    sums = [func.sum(each[measure]).label(measure) for measure in BILL_MEASURES]
    query = select(each.issuer_id, year, month, *sums).group_by(each.issuer_id, year, month)
    return {
        (row.issuer_id, date(int(row.year), int(row.month), 1)): {
            measure: int(getattr(row, measure)) for measure in BILL_MEASURES
        }
        for row in session.execute(query)
    }


def _each_bill(*conditions: ColumnElement[bool]) -> Any:
    """A row for each of these bills that counts, with 0 or 1 for each measure."""
    bill = _with_its_deliveries(*conditions).subquery().c
    seconds_to_view = extract("epoch", bill.viewed_at) - extract("epoch", bill.presented_at)
    return select(
        bill.id, bill.issuer_id, bill.account_id, bill.issue_date,
        literal(1).label("bills"),
        _one_if(bill.presented_at.is_not(None)).label("presented"),
        _one_if(seconds_to_view <= READ_WITHIN_SECONDS).label("read7"),
        _one_if(bill.posted_at.is_not(None)).label("letters"),
        _one_if(and_(bill.posted_at.is_not(None), bill.notified_at.is_not(None))).label("fallbacks"),
        _one_if(and_(bill.channel.is_not(None), bill.has_letter == 0)).label("letters_saved"),
        bill.has_bounced.label("bounced"),
    ).subquery()  # fmt: skip


def _with_its_deliveries(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select each bill that counts, with the moments of its deliveries."""
    is_letter = Delivery.channel == "paper"
    # A returned letter was posted all the same; one cancelled before its handover is saved.
    is_owed_or_posted = and_(is_letter, (Delivery.state != "cancelled") | Delivery.sent_at.is_not(None))
    return (
        select(
            BillRow.id, BillRow.issuer_id, BillRow.account_id, BillRow.issue_date, BillRow.viewed_at, BillRow.channel,
            _first_sent(Delivery.purpose == "present").label("presented_at"),
            _first_sent(Delivery.purpose == "notify").label("notified_at"),
            _first_sent(is_letter).label("posted_at"),
            func.max(_one_if(is_owed_or_posted)).label("has_letter"),
            func.max(_one_if(Receipt.id.is_not(None))).label("has_bounced"),
        )
        .join(Feed, Feed.id == BillRow.feed_id)
        .outerjoin(Delivery, Delivery.bill_id == BillRow.id)
        .outerjoin(Receipt, and_(Receipt.delivery_id == Delivery.id, Receipt.kind == "bounced"))
        .where(Feed.state.in_(OUT), BillRow.state.in_(COUNTED), of_issuer(BillRow.issuer_id, None), *conditions)
        .group_by(BillRow.id)
    )  # fmt: skip


def _first_sent(condition: ColumnElement[bool]) -> ColumnElement[datetime | None]:
    return func.min(case((condition, Delivery.sent_at)))


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
