"""The rules of lines, allowances and charges, checked on UBL elements (EN 16931-3-2, from the official validation
1.3.16)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from ingest.ubl.official_rules.shared_predicates import (
    ALLOWANCES,
    ANY_ALLOWANCE,
    ANY_CHARGE,
    CHARGES,
    LINE_ALLOWANCES,
    LINE_CHARGES,
    LINES,
    TAG,
    VAT,
    of_lines,
)
from ingest.xml.document_elements import DocumentElements
from ingest.xml.official_rule_kinds import DocumentRule, ElementRule, Rule, decimals, once
from ingest.xml.xpath_values import double_of, is_at_least_zero

_NO_REASON: Final = "an allowance or charge must have a reason"
_UNREASONED: Final = "not(cbc:AllowanceChargeReason or cbc:AllowanceChargeReasonCode)"


def _money(on: str, amount: str, reason: str, coherent: str, places: str, base_places: str) -> Iterator[Rule]:
    yield ElementRule(amount, on, "not(cbc:Amount)", "an allowance or charge must have an amount")
    yield ElementRule(reason, on, _UNREASONED, _NO_REASON)
    yield ElementRule(coherent, on, _UNREASONED, _NO_REASON)
    yield from decimals((places, on, "cbc:Amount"), (base_places, on, "cbc:BaseAmount"))


_MONEY: Final[tuple[Rule, ...]] = (
    *_money(ALLOWANCES, "BR-31", "BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02"),
    *_money(CHARGES, "BR-36", "BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06"),
    *_money(LINE_ALLOWANCES, "BR-41", "BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25"),
    *_money(LINE_CHARGES, "BR-43", "BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28"),
    ElementRule("BR-32", ALLOWANCES, f"not(cac:TaxCategory{VAT}/cbc:ID)",
                "an allowance must have a VAT category (BT-95)"),
    ElementRule("BR-37", CHARGES, f"not(cac:TaxCategory{VAT}/cbc:ID)", "a charge must have a VAT category (BT-102)"),
    ElementRule("UBL-SR-30", ANY_ALLOWANCE, "cbc:AllowanceChargeReason[2]",
                "why there is an allowance may be said once (BT-97)"),
    ElementRule("UBL-SR-31", ANY_CHARGE, "cbc:AllowanceChargeReason[2]",
                "why there is a charge may be said once (BT-104)"),
)  # fmt: skip


def _priced_below_zero(document: DocumentElements) -> etree._Element | None:
    """Check BR-27: the net price of a line (BT-146) is there and 0 or more."""
    priced = {
        price.getparent()
        for amount in document.below(TAG["cac:Price"], TAG["cbc:PriceAmount"])
        if is_at_least_zero(double_of(amount)) and (price := amount.getparent()) is not None
    }
    return next((line for line in lines_of(document) if line not in priced), None)


def _gross_price_below_zero(document: DocumentElements) -> etree._Element | None:
    """Check BR-28: the gross price of a line (BT-148), where it is there, is 0 or more."""
    path = "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"
    if not document.below(TAG["cac:Price"], TAG["cac:AllowanceCharge"]):
        return None
    return next(
        (line for line in lines_of(document) if line.find(TAG[path]) is not None and not _is_any_positive(line, path)),
        None,
    )


def lines_of(document: DocumentElements) -> list[etree._Element]:
    """Return the lines of the bill."""
    return [*document.tagged(TAG["cac:InvoiceLine"]), *document.tagged(TAG["cac:CreditNoteLine"])]


def _is_any_positive(line: etree._Element, path: str) -> bool:
    return any(is_at_least_zero(double_of(each)) for each in line.iterfind(TAG[path]))


_OF_LINE: Final[tuple[Rule, ...]] = (
    ElementRule("BR-21", LINES, "not(normalize-space(cbc:ID))", "a line must have an identifier"),
    ElementRule("BR-22", LINES, "not(cbc:InvoicedQuantity or cbc:CreditedQuantity)", "a line must have a quantity"),
    ElementRule("BR-23", LINES, "not(cbc:InvoicedQuantity/@unitCode or cbc:CreditedQuantity/@unitCode)",
                "a line must have a unit"),
    ElementRule("BR-24", LINES, "not(cbc:LineExtensionAmount)", "a line must have a net amount"),
    ElementRule("BR-25", LINES, "not(normalize-space(cac:Item/cbc:Name))",
                "a line must have the name of what is sold"),
    ElementRule("BR-26", LINES, "not(cac:Price/cbc:PriceAmount)", "a line must have a net price"),
    DocumentRule("BR-27", _priced_below_zero, "there is no net price of at least 0"),
    DocumentRule("BR-28", _gross_price_below_zero, "the gross price is negative"),
    ElementRule("BR-CO-04", LINES, f"not(cac:Item/cac:ClassifiedTaxCategory{VAT}/cbc:ID)",
                "a line must have a VAT category (BT-151)"),
    *decimals(("BR-DEC-23", LINES, "cbc:LineExtensionAmount")),
    *once(
        LINES,
        ("UBL-SR-34", "cbc:Note", "a line's note (BT-127)"),
        ("UBL-SR-35", "cac:OrderLineReference/cbc:LineID", "the line of the order (BT-132)"),
        ("UBL-SR-36", "cac:InvoicePeriod", "a line's period (BG-26)"),
        ("UBL-SR-37", "cac:Price/cac:AllowanceCharge/cbc:Amount", "the discount on the price (BT-147)"),
        ("UBL-SR-50", "cac:Item/cbc:Description", "the item's description (BT-154)"),
        ("UBL-SR-52", "cac:DocumentReference", "the object of a line (BT-128)"),
    ),
    ElementRule("UBL-SR-48", LINES, "count(cac:Item/cac:ClassifiedTaxCategory) != 1",
                "a line must have one VAT category, and only one (BT-151)"),
    ElementRule("BR-54", "cac:AdditionalItemProperty", "not(cbc:Name and cbc:Value)",
                "an attribute of an item must have a name and a value (BT-160, BT-161)"),
    ElementRule("BR-64", of_lines("cac:Item/cac:StandardItemIdentification/cbc:ID"), "not(@schemeID)",
                "an item's standard identifier must name its scheme"),
    ElementRule("BR-65", of_lines("cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode"), "not(@listID)",
                "an item's classification must name its scheme"),
)  # fmt: skip

LINE_RULES: Final[tuple[Rule, ...]] = (*_MONEY, *_OF_LINE)
