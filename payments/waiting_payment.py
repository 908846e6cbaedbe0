"""A payment with the bills it may be of, for the person who decides."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from payments.affected_payments import AffectedPayments
from payments.amounts_due import amounts_left
from payments.match_payments import demands_of
from payments.matching.likely_bills import LikelyBill, likely_bills
from store.bills.bill_lookup import bills_by_id
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentOfBill, parts_of_payments


class WaitingPayment(NamedTuple):
    """A payment, what it is of now, and the bills that it may be of, likeliest first."""

    payment: PaymentRow
    parts: list[PaymentOfBill]
    likely: list[LikelyBill]


def waiting_payment(session: Session, row: PaymentRow) -> WaitingPayment:
    """This payment with its likely bills. They are of its issuer alone."""
    affected = AffectedPayments(session, row.issuer_id)
    affected.reach([row.id], [])
    demands = demands_of(session, affected.bills)
    rows = bills_by_id(session, [each.bill_id for each in demands])
    left = {bill_id: due.left for bill_id, due in amounts_left(session, rows).items()}
    accounts = affected.payers_besides().get(row.entry.debtor_iban, frozenset())
    return WaitingPayment(
        row, parts_of_payments(session, [row.id]).get(row.id, []), likely_bills(row.entry, demands, left, accounts)
    )
