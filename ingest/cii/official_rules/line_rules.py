"""The rules of lines, allowances and charges, checked on CII elements (EN 16931-3-3, from the official validation
1.3.16)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from ingest.cii.official_rules.shared_predicates import (
    ALLOWANCES,
    CHARGES,
    IS_VAT,
    LINE,
    LINE_ALLOWANCES,
    LINE_CHARGES,
    PRODUCT,
    TAG,
)
from ingest.xml.document_elements import DocumentElements
from ingest.xml.official_rule_kinds import DecimalsRule, DocumentRule, ElementRule, Rule, decimals, no_attribute, once
from ingest.xml.xpath_values import double_of, is_at_least_zero

_NO_REASON: Final = "an allowance or charge must have a reason"
_UNREASONED: Final = "not(../ram:Reason or ../ram:ReasonCode)"
_NET: Final = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
_GROSS: Final = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:ChargeAmount"
_SETTLED: Final = "ram:SpecifiedLineTradeSettlement"
_TOTAL: Final = f"{_SETTLED}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
_ANY_LINE: Final = "ram:IncludedSupplyChainTradeLineItem"
_DISCOUNT: Final = "ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge"


def _money(on: str, amount: str, reason: str, coherent: str, places: str, base_places: str) -> Iterator[Rule]:
    yield ElementRule(amount, on, "not(../ram:ActualAmount)", "an allowance or charge must have an amount")
    yield ElementRule(reason, on, _UNREASONED, _NO_REASON)
    yield ElementRule(coherent, on, _UNREASONED, _NO_REASON)
    above, _, indicator = on.rpartition("/")
    yield from decimals(
        (places, f"{above}[{indicator}]", "ram:ActualAmount"), (base_places, f"{above}[{indicator}]", "ram:BasisAmount")
    )


_MONEY: Final[tuple[Rule, ...]] = (
    *_money(ALLOWANCES, "BR-31", "BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02"),
    *_money(CHARGES, "BR-36", "BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06"),
    *_money(LINE_ALLOWANCES, "BR-41", "BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25"),
    *_money(LINE_CHARGES, "BR-43", "BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28"),
    ElementRule("BR-32", ALLOWANCES, f"not(../ram:CategoryTradeTax[{IS_VAT}]/ram:CategoryCode)",
                "an allowance must have a VAT category (BT-95)"),
    ElementRule("BR-37", CHARGES, f"not(../ram:CategoryTradeTax[{IS_VAT}]/ram:CategoryCode)",
                "a charge must have a VAT category (BT-102)"),
    ElementRule("CII-SR-463", "ram:SpecifiedTradeAllowanceCharge", "not(ram:ChargeIndicator)",
                "this must say whether it is an allowance or a charge"),
    *once(
        "ram:SpecifiedTradeAllowanceCharge",
        ("CII-SR-471", "ram:RateApplicablePercent", "the rate of an allowance or charge"),
        ("CII-SR-472", "ram:CategoryTradeTax", "the tax of an allowance or charge"),
        ("CII-SR-473", "ram:ActualAmount", "the amount of an allowance or charge"),
    ),
)  # fmt: skip


def _priced_below_zero(document: DocumentElements) -> etree._Element | None:
    """Check BR-27: the net price of a line (BT-146) is there and 0 or more."""
    return next((line for line in document.tagged(TAG[_ANY_LINE]) if not _is_any_positive(line, _NET)), None)


def _gross_price_below_zero(document: DocumentElements) -> etree._Element | None:
    """Check BR-28: the gross price of a line (BT-148), where it is there, is 0 or more."""
    if not document.tagged(TAG["ram:GrossPriceProductTradePrice"]):
        return None
    lines = (line for line in document.tagged(TAG[_ANY_LINE]) if line.find(TAG[_GROSS]) is not None)
    return next((line for line in lines if not _is_any_positive(line, _GROSS)), None)


def _line_without_breakdown(document: DocumentElements) -> etree._Element | None:
    """Check BR-CO-18: where there is a line, there is a VAT breakdown."""
    has_rows = any(
        (above := tax.getparent()) is not None and str(above.tag).endswith("}ApplicableHeaderTradeSettlement")
        for tax in document.tagged(TAG["ram:ApplicableTradeTax"])
    )
    return None if has_rows else next(iter(document.tagged(TAG[_ANY_LINE])), None)


def _is_any_positive(line: etree._Element, path: str) -> bool:
    return any(is_at_least_zero(double_of(each)) for each in line.iterfind(TAG[path]))


_OF_LINE: Final[tuple[Rule, ...]] = (
    ElementRule("BR-21", _ANY_LINE, "not(normalize-space(ram:AssociatedDocumentLineDocument/ram:LineID))",
                "a line must have an identifier"),
    ElementRule("BR-22", _ANY_LINE, "not(ram:SpecifiedLineTradeDelivery/ram:BilledQuantity)",
                "a line must have a quantity"),
    ElementRule("BR-23", _ANY_LINE, "not(ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode)",
                "a line must have a unit"),
    ElementRule("BR-24", _ANY_LINE, f"not({_TOTAL})", "a line must have a net amount"),
    ElementRule("BR-25", _ANY_LINE, "not(normalize-space(ram:SpecifiedTradeProduct/ram:Name))",
                "a line must have the name of what is sold"),
    ElementRule("BR-26", _ANY_LINE, f"not({_NET})", "a line must have a net price"),
    ElementRule("BR-64", _ANY_LINE, "ram:SpecifiedTradeProduct/ram:GlobalID"
                " and not(normalize-space(ram:SpecifiedTradeProduct/ram:GlobalID/@schemeID))",
                "an item's standard identifier must name its scheme"),
    DocumentRule("BR-27", _priced_below_zero, "there is no net price of at least 0"),
    DocumentRule("BR-28", _gross_price_below_zero, "the gross price is negative"),
    ElementRule("BR-CO-04", _ANY_LINE, f"not({_SETTLED}/ram:ApplicableTradeTax[{IS_VAT}]/ram:CategoryCode)",
                "a line must have a VAT category (BT-151)"),
    DocumentRule("BR-CO-18", _line_without_breakdown, "a bill must break its VAT down"),
    DecimalsRule("BR-DEC-23", f"{_ANY_LINE}/{_TOTAL}"),
    ElementRule("BR-54", "ram:ApplicableProductCharacteristic", "not(ram:Description and ram:Value)",
                "an attribute of an item must have a name and a value (BT-160, BT-161)"),
    ElementRule("BR-65", "ram:DesignatedProductClassification",
                "ram:ClassCode and not(normalize-space(ram:ClassCode/@listID))",
                "an item's classification must name its scheme"),
    ElementRule("CII-SR-046", PRODUCT, "ram:GlobalID and not(ram:GlobalID/@schemeID)",
                "an item's standard identifier must name its scheme (BT-157)"),
    ElementRule("CII-SR-090", PRODUCT, "ram:OriginTradeCountry and count(ram:OriginTradeCountry/ram:ID) != 1",
                "an item has one country of origin (BT-159)"),
    ElementRule("CII-SR-069", f"{PRODUCT}/ram:ApplicableProductCharacteristic", "count(ram:Description) != 1",
                "an attribute of an item has one name (BT-160)"),
    ElementRule("CII-SR-072", f"{PRODUCT}/ram:ApplicableProductCharacteristic", "count(ram:Value) != 1",
                "an attribute of an item has one value (BT-161)"),
    ElementRule("CII-SR-439", f"{LINE}/ram:SpecifiedLineTradeAgreement",
                "count(ram:NetPriceProductTradePrice/ram:ChargeAmount) != 1", "a line has one net price (BT-146)"),
    *once(f"{LINE}/ram:SpecifiedLineTradeAgreement",
          ("CII-SR-441", "ram:NetPriceProductTradePrice/ram:ChargeAmount", "the net price (BT-146)")),
    *once(_DISCOUNT, ("CII-SR-440", "ram:ActualAmount", "the discount on the price (BT-147)")),
    ElementRule("CII-SR-119", f"{LINE}/ram:SpecifiedLineTradeAgreement",
                f"({_DISCOUNT}/ram:ChargeIndicator or {_DISCOUNT}/ram:ActualAmount)"
                f" and not({_DISCOUNT}/ram:ChargeIndicator[udt:Indicator[normalize-space() = 'false'"
                f" or normalize-space() = '0']] and {_DISCOUNT}/ram:ActualAmount)",
                "a discount on the price is an allowance with an amount (BT-147)", "warning"),
    *no_attribute(f"{LINE}/ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge/ram:CalculationPercent",
                  {"CII-SR-186": "format"}, "warning"),
)  # fmt: skip

LINE_RULES: Final[tuple[Rule, ...]] = (*_MONEY, *_OF_LINE)
