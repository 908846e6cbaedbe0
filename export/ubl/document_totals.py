"""Writes the amounts of a UBL document: allowances and charges, VAT breakdown, totals (BG-20 to BG-23)."""

from collections.abc import Iterable
from decimal import Decimal

from bill import ZERO, AllowanceCharge, Bill, Totals, VatBreakdown
from export.ubl.xml_elements import amount, branch, leaf, number, tax_category


def write_allowances_charges(changes: Iterable[AllowanceCharge], currency: str) -> str:
    """Return allowances and charges of the document or of a line (BG-20, BG-21, BG-27, BG-28)."""
    return "".join(_allowance_charge(each, currency) for each in changes)


def _allowance_charge(change: AllowanceCharge, currency: str) -> str:
    return branch(
        "AllowanceCharge",
        leaf("ChargeIndicator", "true" if change.is_charge else "false"),
        leaf("AllowanceChargeReasonCode", change.reason_code),
        leaf("AllowanceChargeReason", change.reason),
        number("MultiplierFactorNumeric", change.percent),
        amount("Amount", change.amount, currency),
        amount("BaseAmount", change.base, currency),
        tax_category("TaxCategory", change.vat_category, change.vat_rate),
    )


def write_tax_totals(bill: Bill) -> str:
    """Return the VAT (BT-110) with its breakdown, and the VAT in the accounting currency (BT-111) if it is given."""
    totals = bill.totals
    vat = totals.vat if totals.vat is not None else (totals.gross or ZERO) - (totals.net or ZERO)
    rows = [_breakdown(each, bill.currency) for each in bill.vat]
    elsewhere = amount("TaxAmount", totals.vat_in_vat_currency, bill.vat_currency)
    return branch("TaxTotal", amount("TaxAmount", vat, bill.currency), *rows) + branch("TaxTotal", elsewhere)


def _breakdown(vat: VatBreakdown, currency: str) -> str:
    exemption = leaf("TaxExemptionReasonCode", vat.exemption_code), leaf("TaxExemptionReason", vat.exemption_reason)
    return branch(
        "TaxSubtotal",
        amount("TaxableAmount", vat.taxable, currency),
        amount("TaxAmount", vat.vat, currency),
        tax_category("TaxCategory", vat.category, vat.rate, *exemption),
    )


def write_totals(bill: Bill) -> str:
    """Return the totals of the document (BG-22)."""
    totals, currency = bill.totals, bill.currency
    return branch(
        "LegalMonetaryTotal",
        amount("LineExtensionAmount", totals.lines, currency),
        amount("TaxExclusiveAmount", totals.net, currency),
        amount("TaxInclusiveAmount", totals.gross, currency),
        amount("AllowanceTotalAmount", totals.allowances, currency),
        amount("ChargeTotalAmount", totals.charges, currency),
        amount("PrepaidAmount", _paid(totals), currency),
        amount("PayableRoundingAmount", totals.rounding, currency),
        amount("PayableAmount", totals.payable, currency),
    )


def _paid(totals: Totals) -> Decimal | None:
    """Return the amount paid (BT-113), less what is collected for others, of which EN 16931 has no term (BR-CO-16)."""
    return totals.paid if totals.third_party is None else (totals.paid or ZERO) - totals.third_party
