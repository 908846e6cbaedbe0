"""What is owed must add up: BR-CO-15 and BR-CO-16 are fatal in either acceptance."""

from bill import ZERO, Bill
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import adds_up
from ingest.checks.syntax_binding import Binding


def payable(bill: Bill, binding: Binding, strict: bool, broken: list[BrokenRule], knows_currency: bool = True) -> None:
    """BR-CO-15: with VAT = without VAT + VAT. BR-CO-16: due = with VAT - paid + rounding.

    Unless *strict*, a total that is absent is not tested, and the rounding may have been left out of either side, as
    plain UBL does. A bill that does not say its currency has no VAT total in it.
    """
    totals = bill.totals
    gross = totals.gross
    if gross is None or totals.net is None or totals.vat is None:
        if strict:
            _absent(bill, binding, knows_currency, broken)
    else:
        rounding = ZERO if totals.rounding is None else totals.rounding
        due = totals.net + totals.vat
        if not (
            adds_up(gross, due)
            or (not binding.asks_vat_total and gross == totals.net)
            or (not strict and adds_up(gross - rounding, due))
        ):
            wrong = "the total with VAT is {gross}, but {net} and VAT of {vat} make {due}"
            values = {"gross": gross, "net": totals.net, "vat": totals.vat, "due": due}
            broken.append(BrokenRule("BR-CO-15", wrong, "BT-112", values))
    if gross is None:
        return
    rounding = ZERO if totals.rounding is None else totals.rounding
    due = gross if totals.paid is None else gross - totals.paid
    if not strict and totals.third_party is not None:
        due += totals.third_party  # XRechnung BR-DEX-09, which takes the place of BR-CO-16 in the extension
    if totals.payable != due + rounding and (strict or totals.payable != due):
        wrong = "the amount due is {payable}, but {gross}, less what is paid, rounded, is {due}"
        values = {"payable": totals.payable, "gross": gross, "due": due + rounding}
        broken.append(BrokenRule("BR-CO-16", wrong, "BT-115", values))


def _absent(bill: Bill, binding: Binding, knows_currency: bool, broken: list[BrokenRule]) -> None:
    """In the standard a sum with an absent term is no sum; only CII lets a bill without VAT go without its total."""
    totals = bill.totals
    untaxed = not binding.asks_vat_total and totals.gross is not None and totals.gross == totals.net
    if knows_currency and not untaxed:
        wrong = "the totals without VAT, of VAT in {currency} and with VAT are not all there"
        broken.append(BrokenRule("BR-CO-15", wrong, "BT-109, BT-110, BT-112", {"currency": bill.currency[:40]}))
    if totals.gross is None:
        broken.append(BrokenRule("BR-CO-16", "there is no total with VAT to compare the amount due with", "BT-112"))
