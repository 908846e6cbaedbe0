"""Warns about amounts whose sign is probably wrong: a credit note with a negative amount."""

from bill import Bill, Value
from ingest.checks.broken_rule import BrokenRule


def check_amount_sign(bill: Bill, broken: list[BrokenRule]) -> None:
    """DQ-CREDIT-NEGATIVE (BT-3, BT-115): a credit note with a negative amount asks its customer for money."""
    if bill.is_credit_note and bill.totals.payable < 0:
        wrong = "the credit note is negative: it asks {amount} {currency} of its customer; a credit is positive"
        terms: dict[str, Value] = {"amount": -bill.totals.payable, "currency": bill.currency}
        broken.append(BrokenRule("DQ-CREDIT-NEGATIVE", wrong, "BT-115", terms))
