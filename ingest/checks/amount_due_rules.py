"""Checks that the amount due adds up: BR-CO-15 and BR-CO-16, fatal whatever the profile's acceptance."""

from bill import ZERO, Bill
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import adds_up
from ingest.checks.ubl_cii_differences import Binding


def check_amount_due(
    bill: Bill, binding: Binding, strict: bool, broken: list[BrokenRule], knows_currency: bool = True
) -> None:
    """Check BR-CO-15 (total with VAT = total without VAT + VAT) and BR-CO-16 (due = total with VAT - paid + rounding).

    Unless *strict*, an absent total is not checked, and the rounding may be missing on either side, as in plain UBL.
    Without *knows_currency* the bill has no VAT total.
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
    """Report BR-CO-15 and BR-CO-16 for absent terms. Only CII allows a bill without VAT to omit its VAT total."""
    totals = bill.totals
    untaxed = not binding.asks_vat_total and totals.gross is not None and totals.gross == totals.net
    if knows_currency and not untaxed:
        wrong = "the totals without VAT, of VAT in {currency} and with VAT are not all there"
        broken.append(BrokenRule("BR-CO-15", wrong, "BT-109, BT-110, BT-112", {"currency": bill.currency[:40]}))
    if totals.gross is None:
        broken.append(BrokenRule("BR-CO-16", "there is no total with VAT to compare the amount due with", "BT-112"))
