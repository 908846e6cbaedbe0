"""What became of the bills issued in a month, counted by issuer (`adoption.facts` says what each figure means)."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, and_, case, extract, func, select
from sqlalchemy.orm import Session

from store.bill import BillRow
from store.delivery import Delivery, Receipt
from store.feed import Feed

#: Bills that count: an erased one was a bill all the same, a recalled or superseded one should not have been.
COUNTED: Final = ("released", "rendered", "chosen", "failed", "erased")
RELEASED: Final = ("released", "settled")
READ_WITHIN_SECONDS: Final = 7 * 24 * 3600

Figures = dict[tuple[int, date], dict[str, int]]


def bills_by_month(session: Session, first: date, end: date) -> Figures:
    """The figures of the bills issued from *first* to before *end*, by issuer and month."""
    figures: Figures = {}
    for query in (_ways(first, end), _bounces(first, end)):
        for row in session.execute(query).mappings():
            counted = dict(row)
            key = counted.pop("issuer_id"), date(int(counted.pop("year")), int(counted.pop("month")), 1)
            figures.setdefault(key, {}).update({measure: int(number) for measure, number in counted.items()})
    return figures


def _ways(first: date, end: date) -> Select[Any]:
    """Each bill with the moments of its deliveries, then added up."""
    is_letter = Delivery.channel == "paper"
    # A letter that came back was posted all the same; one that was cancelled before its handover is saved.
    is_owed_or_posted = and_(is_letter, (Delivery.state != "cancelled") | Delivery.sent_at.is_not(None))
    each = (
        _issued(
            BillRow.viewed_at, BillRow.channel,
            _first_sent(Delivery.purpose == "present").label("presented_at"),
            _first_sent(Delivery.purpose == "notify").label("notified_at"),
            _first_sent(is_letter).label("posted_at"),
            func.max(case((is_owed_or_posted, 1), else_=0)).label("has_letter"),
            first=first, end=end,
        )
        .outerjoin(Delivery, Delivery.bill_id == BillRow.id)
        .group_by(BillRow.id)
        .subquery()
    )  # fmt: skip
    bill = each.c
    seconds_to_view = extract("epoch", bill.viewed_at) - extract("epoch", bill.presented_at)
    return select(
        bill.issuer_id, bill.year, bill.month,
        func.count().label("bills"),
        _how_many(bill.presented_at.is_not(None)).label("presented"),
        _how_many(seconds_to_view <= READ_WITHIN_SECONDS).label("read7"),
        _how_many(bill.posted_at.is_not(None)).label("letters"),
        _how_many(and_(bill.posted_at.is_not(None), bill.notified_at.is_not(None))).label("fallbacks"),
        _how_many(and_(bill.channel.is_not(None), bill.has_letter == 0)).label("letters_saved"),
    ).group_by(bill.issuer_id, bill.year, bill.month)  # fmt: skip


def _bounces(first: date, end: date) -> Select[Any]:
    """Bills of which a mail came back, once each."""
    bill = (
        _issued(BillRow.id, first=first, end=end)
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .join(Receipt, and_(Receipt.delivery_id == Delivery.id, Receipt.kind == "bounced"))
        .distinct()
        .subquery()
        .c
    )
    return select(bill.issuer_id, bill.year, bill.month, func.count().label("bounced")).group_by(
        bill.issuer_id, bill.year, bill.month
    )


def _issued(*columns: Any, first: date, end: date) -> Select[Any]:
    """Bills that count, with their issuer and the month they were issued in."""
    return (
        select(
            BillRow.issuer_id,
            extract("year", BillRow.issue_date).label("year"),
            extract("month", BillRow.issue_date).label("month"),
            *columns,
        )
        .join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(RELEASED), BillRow.state.in_(COUNTED))
        .where(BillRow.issue_date >= first, BillRow.issue_date < end)
    )


def _first_sent(condition: ColumnElement[bool]) -> ColumnElement[datetime | None]:
    return func.min(case((condition, Delivery.sent_at)))


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0, type_=Integer)
