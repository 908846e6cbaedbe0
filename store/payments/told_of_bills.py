"""Whether anything was told of some bills that bears on what is due of them: asked in one statement, since of most
nothing ever is."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from sqlalchemy import Exists, exists, or_, select
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.bills.references_between_bills import BillReference
from store.db.bound_ids import is_among
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation
from store.payments.payment_plan import PlanRequest


class ToldOfBills(NamedTuple):
    """Whether any of the bills refers to another or is referred to; has a payment, ended ones too; a plan, in
    whatever state; was paid too much. Whoever needs it reads on."""

    references: bool
    payments: bool
    plans: bool
    too_much: bool


def told_of_bills(session: Session, bill_ids: Collection[int]) -> ToldOfBills:
    """What was told of any of these bills."""
    if not bill_ids:
        return ToldOfBills(references=False, payments=False, plans=False, too_much=False)
    return ToldOfBills(*map(bool, session.connection().execute(_QUERY, {"bill_ids": bill_ids}).one()))


_ASKED: Final = (
    select(BillRow.id, BillRow.issuer_id, BillRow.number).where(is_among(BillRow.id, "bill_ids")).cte("asked")
)


def _any(*conditions: Any) -> Exists:
    return exists().select_from(_ASKED).where(*conditions)


_QUERY: Final = select(
    or_(
        _any(BillReference.bill_id == _ASKED.c.id),
        _any(BillReference.issuer_id == _ASKED.c.issuer_id, BillReference.number == _ASKED.c.number),
    ),
    _any(PaymentAllocation.bill_id == _ASKED.c.id),
    _any(PlanRequest.bill_id == _ASKED.c.id),
    _any(PaymentRow.rest_of_id == _ASKED.c.id),
)
