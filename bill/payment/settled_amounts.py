"""What was settled before a bill, by who owed it: amounts paid (BT-113), refunded, or owed from before.

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
    """What it is, and its amount as the sum has it: the total with VAT, plus all of these, is what is to pay."""

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
    """What a paid amount is by its sign: more to pay than was billed comes from before, and less for a customer who is
    to get money back was given back."""
    owes_more = (paid < 0) is not bill.is_credit_note
    billed = bill.totals.gross
    is_billed = ((ZERO if billed is None else billed) >= 0) is not bill.is_credit_note
    if owes_more:
        return "balance_due" if is_billed else "refunded"
    return "paid" if is_billed or not bill.is_credit_note else "balance_in_favour"
