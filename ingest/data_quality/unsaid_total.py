"""Warns about an amount due that its own lines do not make, where no total is there to compare it with."""

from collections import defaultdict
from decimal import Decimal

from bill import ZERO, Bill, Value
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import cents

#: What each line may be rounded by.
_CENT = Decimal("0.01")


def check_unsaid_total(bill: Bill, broken: list[BrokenRule]) -> None:
    """DQ-LINES-DIFFER (BT-115): a bill of lines without totals asks another amount than its lines with their VAT make.
    BR-CO-15 and BR-CO-16 compare totals, and say nothing of absent ones. Where anything else may be part of the amount
    (an allowance, a balance, a payment) nothing is said."""
    totals, lines = bill.totals, [line for line in bill.lines if line.counts]
    if totals.gross is not None or not lines or bill.allowances_charges or _asks_more(bill):
        return
    taxable: defaultdict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.net_amount is None or line.vat_rate is None:
            return
        taxable[line.vat_rate] += line.net_amount
    due = cents(sum((net + net * rate / 100 for rate, net in taxable.items()), ZERO))
    if abs(totals.payable - due) > _CENT * len(lines):
        wrong = "the amount due is {amount} {currency}, but the lines with their VAT make {due}: say the totals, too"
        terms: dict[str, Value] = {"amount": totals.payable, "currency": bill.currency, "due": due}
        broken.append(BrokenRule("DQ-LINES-DIFFER", wrong, "BT-115", terms))


def _asks_more(bill: Bill) -> bool:
    totals = bill.totals
    others = (totals.paid, totals.rounding, totals.previous_balance, totals.payments, totals.third_party)
    return any(each is not None for each in (*others, totals.allowances, totals.charges))
