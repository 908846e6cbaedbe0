"""Rank the bills that a payment may be of, for the person who decides. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec

from bill import MatchResult, compare_names
from bill.payment.payment_entry import PaymentEntry
from bill.payment.payment_reference_key import with_one_error
from payments.matching.demand import Demand
from payments.matching.match_movements import likely_keys
from payments.matching.named_bills import Demands

#: What speaks for a bill, and how much it weighs.
_WEIGHTS: Final = {
    "named": 8, "similar_number": 5, "same_amount": 4, "known_iban": 3, "same_name": 3, "close_name": 1, "open": 1,
}  # fmt: skip
MOST_LIKELY: Final = 8


class LikelyBill(msgspec.Struct, frozen=True, kw_only=True):
    """A bill with what is left of it, and the codes of what speaks for it, most telling first."""

    demand: Demand
    left: Decimal
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        return sum(_WEIGHTS[each] for each in self.reasons)


def likely_bills(
    entry: PaymentEntry, demands: Iterable[Demand], left: Mapping[int, Decimal], accounts: Iterable[int] = ()
) -> list[LikelyBill]:
    """The bills for which anything but their being open speaks, likeliest first, MOST_LIKELY at most. *left* is what
    is still asked of each, *accounts* are those that the payer is known to pay for."""
    known = Demands(demands)
    named = {each.bill_id for each in known.named_by(entry).bills}
    misspelt = {
        each.bill_id
        for key in likely_keys(entry.references, entry.remittance)
        for other in with_one_error(key)
        for each in known.under(other)
    }
    payers = frozenset(accounts)
    found = []
    for each in known.by_id.values():
        if each.currency != entry.currency:
            continue
        amount = left.get(each.bill_id, each.asks)
        name = max((_likeness(entry.debtor_name, own) for own in each.names), default="")
        speaks = {
            "named": each.bill_id in named, "similar_number": each.bill_id in misspelt,
            "same_amount": amount == entry.amount, "known_iban": each.account_id in payers,
            "same_name": name == "same_name", "close_name": name == "close_name", "open": amount > 0,
        }  # fmt: skip
        reasons = tuple(code for code, is_so in speaks.items() if is_so)
        if set(reasons) - {"open"}:
            found.append(LikelyBill(demand=each, left=amount, reasons=reasons))
    return sorted(found, key=lambda each: (-each.weight, each.demand.issued, each.demand.number))[:MOST_LIKELY]


def _likeness(name: str, other: str) -> str:
    if not name.strip() or not other:
        return ""
    return {MatchResult.SAME: "same_name", MatchResult.CLOSE: "close_name"}.get(compare_names(name, other), "")
