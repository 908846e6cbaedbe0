"""Finds the bill that a document brings in again: one that an issuer on board delivered, or another document."""

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from bill import Bill, number_key
from consumers.imports.issuer_identity import issuer_of_bill
from store.accounts.consumer import Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow


def known_bill(session: Session, consumer_id: int, bill: Bill) -> BillRow | None:
    """The person's bill of the same issuer, number, date and amount; None if they have none."""
    query = (
        select(BillRow)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force(), BillRow.state.in_(PRESENTABLE))
        .where(BillRow.issue_date == bill.issue_date, BillRow.payable == bill.totals.payable)
        .where(BillRow.currency == bill.currency)
        .options(undefer(BillRow.content))
    )
    wanted, issuer = number_key(bill.number), issuer_of_bill(bill)
    return next(
        (
            row
            for row in session.scalars(query)
            if number_key(row.number) == wanted and issuer.is_same(issuer_of_bill(row.bill))
        ),
        None,
    )
