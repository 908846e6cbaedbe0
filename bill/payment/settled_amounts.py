"""The amounts settled before a bill: paid in advance (BT-113), refunded, or carried over from earlier bills.

EN 16931 has one term for all of it, which bills send with either sign.
"""

from decimal import Decimal
from typing import Literal, NamedTuple

from bill.bill import Bill
from bill.money import ZERO

#: `paid`: by the customer, in advance. `refunded`: to the customer, already. `balance_due`, `balance_in_favour`: left
#: from earlier bills. `payments`: received since the last bill; `payments_returned`: taken back, or bounced.
SettledKind = Literal["paid", "refunded", "balance_due", "balance_in_favour", "payments", "payments_returned"]


class SettledAmount(NamedTuple):
    """Its kind, and its amount with the sign of the sum: the total with VAT plus all of these is the amount due."""

    kind: SettledKind
    amount: Decimal


def settled_amounts(bill: Bill) -> list[SettledAmount]:
    """The amounts between the total with VAT (BT-112) and the amount due (BT-115): previous balance and payments where
    the bill states them, else the paid amount. A sum of 0 is left out."""
    totals = bill.totals
    if totals.previous_balance is None and totals.payments is None:
        return [SettledAmount(_paid_kind(bill, totals.paid), -totals.paid)] if totals.paid else []
    found = []
    if totals.previous_balance:
        is_due = (totals.previous_balance > 0) is not bill.is_credit_note
        found.append(SettledAmount("balance_due" if is_due else "balance_in_favour", totals.previous_balance))
    if totals.payments:
        found.append(SettledAmount("payments" if totals.payments > 0 else "payments_returned", -totals.payments))
    return found


def _paid_kind(bill: Bill, paid: Decimal) -> SettledKind:
    """The kind of a paid amount (BT-113), by its sign. Where it makes the customer owe more than was billed, it is a
    balance of earlier bills, or a refund that was made; else a payment, or a balance in the customer's favour."""
    owes_more = (paid < 0) is not bill.is_credit_note
    billed = bill.totals.gross
    is_billed = ((ZERO if billed is None else billed) >= 0) is not bill.is_credit_note
    if owes_more:
        return "balance_due" if is_billed else "refunded"
    return "paid" if is_billed or not bill.is_credit_note else "balance_in_favour"
