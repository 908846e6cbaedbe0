"""What an issuer's bills were paid, by the day on which it was booked, a page at a time."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased, undefer

from store.bills.bill import BillRow
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation
from store.store import Store

_PAGE: Final = 500
#: Movements of money to the customer, and to the issuer. What is only announced or refused moves none.
_BACK: Final = ("returned", "refunded")
_IN: Final = ("received", "collected", "refund_returned")

_Undone: Final = aliased(PaymentRow)


class BookedPart(NamedTuple):
    """A part of a movement that is of a bill. *amount* is negative where the money went back; *day* is then the day of
    the payment that went back, if that is known."""

    day: date
    amount: Decimal
    bill: BillRow


def parts_by_booking_date(store: Store, issuer_id: int, start: date, end: date) -> Iterator[BookedPart]:
    """The parts of an issuer's payments of these days, with their bills whole. No transaction lasts longer than a
    page."""
    last = 0
    while True:
        query = (
            _booked(issuer_id, start, end)
            .where(PaymentAllocation.until.is_(None), PaymentAllocation.id > last)
            .order_by(PaymentAllocation.id)
            .limit(_PAGE)
        )
        with store.reading() as session:
            page = session.execute(query).all()
            session.expunge_all()
        for part, payment, undone_on, bill in page:
            is_back = payment.kind in _BACK
            yield BookedPart(undone_on or payment.booked_on, -part.amount if is_back else part.amount, bill)
        if len(page) < _PAGE:
            return
        last = page[-1][0].id


def has_payment_changed_since(store: Store, issuer_id: int, start: date, end: date, moment: datetime) -> bool:
    """Whether a part of a payment of these days was found, or counts no more, since that moment."""
    changed = or_(PaymentAllocation.since > moment, PaymentAllocation.until > moment)
    with store.reading() as session:
        return session.execute(_booked(issuer_id, start, end).where(changed).limit(1)).first() is not None


def _booked(issuer_id: int, start: date, end: date) -> Select[PaymentAllocation, PaymentRow, date, BillRow]:
    """Parts of payments that were booked on these days, or that undo one of these days."""
    undoes = and_(PaymentRow.kind == "returned", _Undone.booked_on.is_not(None))
    return (
        select(PaymentAllocation, PaymentRow, _Undone.booked_on, BillRow)
        .join(PaymentRow, PaymentRow.id == PaymentAllocation.payment_id)
        .outerjoin(_Undone, and_(_Undone.id == PaymentRow.undoes_id, PaymentRow.kind == "returned"))
        .join(BillRow, BillRow.id == PaymentAllocation.bill_id)
        .where(PaymentRow.issuer_id == issuer_id, PaymentRow.kind.in_([*_IN, *_BACK]))
        .where(
            or_(
                and_(~undoes, PaymentRow.booked_on.between(start, end)),
                and_(undoes, _Undone.booked_on.between(start, end)),
            )
        )
        .options(undefer(BillRow.content))
    )
