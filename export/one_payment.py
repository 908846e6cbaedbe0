"""Chooses the one means of payment that a syntax has room for (CII-SR-467, UBL-SR-47: one code a bill)."""

from bill import Bill, Payment


def one_payment(bill: Bill) -> Payment:
    """Return the means of payment to write: a direct debit wins, since nobody should pay it by hand."""
    payments = (bill.payment, *bill.payments)
    return next((each for each in payments if each.is_direct_debit), bill.payment)
