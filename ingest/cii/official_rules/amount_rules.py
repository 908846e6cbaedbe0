"""The sums of a bill, checked on CII elements (BR-CO-10 to -17, BR-53, BR-DEC-13, -15, from the official validation
1.3.16).

The official tests add up untyped values, which makes them doubles; so does this module.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from lxml import etree

from ingest.checks.computed_sums import cents
from ingest.cii.official_rules.shared_predicates import IS_VAT, NAMESPACES, SETTLEMENT, TAG, TOTALS
from ingest.xml.document_elements import DocumentElements
from ingest.xml.official_rule_kinds import DocumentRule, ElementRule, Rule, decimals
from ingest.xml.xpath_values import are_equal, decimal_of, double_of, nearest, rounded_double, string_of, sum_of_doubles

Element = etree._Element
Test = Callable[[Element], bool]
_ROW: Final = "ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
_is_vat = etree.XPath("boolean(self::*[translate(normalize-space(ram:TypeCode), 'vat', 'VAT') = 'VAT'])",
                      namespaces=NAMESPACES)  # fmt: skip


def child(element: Element, name: str) -> Element | None:
    """Return the first child of the name with prefix."""
    return next(element.iterchildren(TAG[name]), None)


def amount(element: Element, name: str) -> Decimal | None:
    """Return the exact number of the first child of the name."""
    return decimal_of(next(element.iterchildren(TAG[name]), None))


def indicator_of(allowance_charge: Element) -> bool | None:
    """Return whether this is a charge; None when it does not say."""
    said = allowance_charge.find(TAG["ram:ChargeIndicator/udt:Indicator"])
    text = "" if said is None else string_of(said).strip()
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def charges_of_bill(document: DocumentElements) -> list[Element]:
    """Return the charges of the bill."""
    return [each for each, is_charge in document.once(_indicated) if is_charge is True]


def allowances_of_bill(document: DocumentElements) -> list[Element]:
    """Return the allowances of the bill."""
    return [each for each, is_charge in document.once(_indicated) if is_charge is False]


def _indicated(document: DocumentElements) -> list[tuple[Element, bool | None]]:
    return [(each, indicator_of(each)) for each in _settled(document, "ram:SpecifiedTradeAllowanceCharge")]


def _settled(document: DocumentElements, name: str) -> list[Element]:
    """Return the children of a name of the bill's settlement."""
    tag = TAG[name]
    return [each for settlement in document.once(_settlements) for each in settlement.iterchildren(tag)]


def _settlements(document: DocumentElements) -> list[Element]:
    return document.root.findall(TAG[SETTLEMENT])


def _first_total(document: DocumentElements, is_right: Test) -> Element | None:
    return next((total for total in document.tagged(TAG[TOTALS]) if not is_right(total)), None)


def _lines(document: DocumentElements) -> Element | None:
    """Check BR-CO-10: the sum of the lines beside a total."""
    sums: dict[Element | None, Decimal] = {}

    def is_right(total: Element) -> bool:
        settlement = total.getparent()
        deal = None if settlement is None else settlement.getparent()
        if deal not in sums:
            sums[deal] = cents(Decimal(sum_of_doubles([] if deal is None else deal.iterfind(TAG[_LINE_TOTAL]))))
        return amount(total, "ram:LineTotalAmount") == sums[deal]

    return _first_total(document, is_right)


_LINE_TOTAL: Final = (
    "ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeSettlement"
    "/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
)


def _adds_up(document: DocumentElements, name: str, parts: list[Element]) -> Element | None:
    due = rounded_double(sum_of_doubles(child(each, "ram:ActualAmount") for each in parts))

    def is_right(total: Element) -> bool:
        said = total.findall(TAG[name])
        return any(are_equal(double_of(each), due) for each in said) if said else not parts

    return _first_total(document, is_right)


def _allowances(document: DocumentElements) -> Element | None:
    return _adds_up(document, "ram:AllowanceTotalAmount", allowances_of_bill(document))


def _charges(document: DocumentElements) -> Element | None:
    return _adds_up(document, "ram:ChargeTotalAmount", charges_of_bill(document))


def _is_net_right(total: Element) -> bool:
    lines, net = amount(total, "ram:LineTotalAmount"), amount(total, "ram:TaxBasisTotalAmount")
    if lines is None or net is None:
        return False
    plus, minus = amount(total, "ram:ChargeTotalAmount"), amount(total, "ram:AllowanceTotalAmount")
    return net == cents(lines - (minus or 0) + (plus or 0))


def _is_due_right(total: Element) -> bool:
    gross, due = amount(total, "ram:GrandTotalAmount"), amount(total, "ram:DuePayableAmount")
    if gross is None or due is None:
        return False
    paid, rounding = amount(total, "ram:TotalPrepaidAmount"), amount(total, "ram:RoundingAmount")
    return due == gross - (paid or 0) + (rounding or 0)


def _bill_currencies(document: DocumentElements) -> list[str]:
    return [string_of(each) for each in _settled(document, "ram:InvoiceCurrencyCode")]


def _vat_currencies(document: DocumentElements) -> list[str]:
    return [string_of(each) for each in _settled(document, "ram:TaxCurrencyCode")]


def _gross(document: DocumentElements) -> Element | None:
    """Check BR-CO-15: one total of VAT in the bill's currency makes the total with VAT, or there is none to add."""
    totals = _settled(document, TOTALS)
    gross, net = (
        next((decimal_of(each) for total in totals for each in total.iterchildren(TAG[name])), None)
        for name in ("ram:GrandTotalAmount", "ram:TaxBasisTotalAmount")
    )
    for named in _settled(document, "ram:InvoiceCurrencyCode"):
        taxes = [tax for total in totals for tax in _taxes(total) if tax.get("currencyID") == string_of(named)]
        vat = decimal_of(taxes[0]) if len(taxes) == 1 else None
        if gross is None or net is None or (gross != net and (vat is None or gross != cents(net + vat))):
            return named
    return None


def _taxes(total: Element) -> list[Element]:
    return list(total.iterchildren(TAG["ram:TaxTotalAmount"]))


def _vat_total(document: DocumentElements) -> Element | None:
    """Check BR-CO-14: a total of VAT in the currency of the bill is the sum of the rows."""
    currencies = document.once(_bill_currencies)
    rows = _settled(document, "ram:ApplicableTradeTax")
    due = rounded_double(sum_of_doubles(said for row in rows for said in row.iterchildren(TAG["ram:CalculatedAmount"])))
    return next(
        (
            tax
            for total in document.tagged(TAG[TOTALS])
            for tax in _taxes(total)
            if tax.get("currencyID") in currencies and not are_equal(double_of(tax), due)
        ),
        None,
    )


def _vat_currency(document: DocumentElements) -> Element | None:
    """Check BR-53: there is a total of VAT in the currency in which VAT is accounted, and it is another than the
    bill's."""
    accounted = document.once(_vat_currencies)
    is_other = not set(accounted) & set(document.once(_bill_currencies))

    def is_right(total: Element) -> bool:
        said = [tax.get("currencyID") for tax in _taxes(total)]
        return is_other and any(currency in accounted for currency in said)

    return _first_total(document, is_right) if accounted else None


def _vat_decimals(document: DocumentElements, is_exempt: Callable[[str | None], bool]) -> Element | None:
    """Check BR-DEC-13, BR-DEC-15: of the totals of VAT one at least has two decimals, or need not have them."""

    def is_right(total: Element) -> bool:
        said = _taxes(total)
        return not said or any(is_exempt(tax.get("currencyID")) or _has_cents(tax) for tax in said)

    return _first_total(document, is_right)


def _bill_vat_decimals(document: DocumentElements) -> Element | None:
    currencies = document.once(_bill_currencies)
    return _vat_decimals(document, lambda currency: currency not in currencies)


def _accounted_vat_decimals(document: DocumentElements) -> Element | None:
    currencies = document.once(_vat_currencies)
    if not currencies:
        return None

    def is_right(total: Element) -> bool:
        said = _taxes(total)
        return not said or any(tax.get("currencyID") in currencies and _has_cents(tax) for tax in said)

    return _first_total(document, is_right)


def _has_cents(tax: Element) -> bool:
    number = double_of(tax)
    return number is not None and are_equal(number, rounded_double(number))


def _rows(document: DocumentElements) -> Element | None:
    """Check BR-CO-17: the VAT of each row is its taxable amount times its rate, within 1 unit of the currency."""
    return next((row for row in rows_of(document) if not is_unasked(row) and not _is_taxed_right(row)), None)


def rows_of(document: DocumentElements) -> list[Element]:
    """Return the rows of the VAT breakdown."""
    return document.below(TAG["ram:ApplicableHeaderTradeSettlement"], TAG["ram:ApplicableTradeTax"])


def is_unasked(row: Element) -> bool:
    """Return whether this is a row of IGIC, IPSI or outside VAT, on which the official validation checks only the rules
    of its category."""
    code = child(row, "ram:CategoryCode")
    return code is not None and string_of(code) in ("L", "M", "O") and bool(_is_plain_vat(row))


_is_plain_vat = etree.XPath(f"boolean(self::*[{IS_VAT}])", namespaces=NAMESPACES)


def _is_taxed_right(row: Element) -> bool:
    rate = amount(row, "ram:RateApplicablePercent") if _is_vat(row) else None
    vat, taxable = amount(row, "ram:CalculatedAmount"), amount(row, "ram:BasisAmount")
    if vat is None:
        return False
    if rate is None or nearest(rate) == 0:
        return nearest(vat) == 0
    if taxable is None:
        return False
    due = cents(abs(taxable) * rate / 100)
    return abs(vat) - 1 <= due <= abs(vat) + 1


def _once_said(document: DocumentElements) -> Element | None:
    """Check BR-CO-03: the day the tax is due is a date or a code, not both; only where the breakdown has a row that the
    rules ask about."""
    days, codes = document.tagged(TAG["ram:TaxPointDate"]), document.tagged(TAG["ram:DueDateTypeCode"])
    asked = any(not is_unasked(row) for row in rows_of(document))
    return codes[0] if days and codes and asked else None


_UNASKED: Final = f"(ram:CategoryCode = 'L' or ram:CategoryCode = 'M' or ram:CategoryCode = 'O') and {IS_VAT}"
_ASKED_ROW: Final = f"{_ROW}[not({_UNASKED})]"

AMOUNT_RULES: Final[tuple[Rule, ...]] = (
    DocumentRule("BR-CO-03", _once_said, "the day the tax is due is said twice: as a date and as a code"),
    DocumentRule("BR-CO-10", _lines, "the sum of the lines (BT-106) is not what its parts make"),
    DocumentRule("BR-CO-11", _allowances,
                 "the sum of allowances (BT-107) is not what its parts make"),
    DocumentRule("BR-CO-12", _charges,
                 "the sum of charges (BT-108) is not what its parts make"),
    DocumentRule("BR-CO-13", lambda document: _first_total(document, _is_net_right),
                 "the total without VAT (BT-109) is not what its parts make"),
    DocumentRule("BR-CO-14", _vat_total, "the total VAT (BT-110) is not what its parts make"),
    DocumentRule("BR-CO-15", _gross, "the total with VAT (BT-112) is not what its parts make"),
    DocumentRule("BR-CO-16", lambda document: _first_total(document, _is_due_right),
                 "the amount due (BT-115) is not what its parts make"),
    DocumentRule("BR-CO-17", _rows, "a row's VAT (BT-117) is not its rate of its taxable amount"),
    DocumentRule("BR-53", _vat_currency, "the total VAT in the currency in which it is accounted is missing (BT-111)"),
    DocumentRule("BR-DEC-13", _bill_vat_decimals, "an amount has two decimals at most"),
    DocumentRule("BR-DEC-15", _accounted_vat_decimals, "an amount has two decimals at most"),
    ElementRule("BR-45", _ASKED_ROW, "not(ram:BasisAmount)", "a VAT breakdown must have a taxable amount"),
    ElementRule("BR-46", _ASKED_ROW, "not(ram:CalculatedAmount)", "a VAT breakdown must have an amount of tax"),
    ElementRule("BR-47", _ASKED_ROW, f"not({IS_VAT} and ram:CategoryCode)",
                "a row of the VAT breakdown must have a VAT category (BT-118)"),
    ElementRule("BR-48", _ASKED_ROW, f"not({IS_VAT} and (ram:RateApplicablePercent or ram:CategoryCode = 'O'))",
                "a row of the VAT breakdown must have a VAT rate (BT-119)"),
    *decimals(("BR-DEC-19", _ASKED_ROW, "ram:BasisAmount"), ("BR-DEC-20", _ASKED_ROW, "ram:CalculatedAmount")),
)  # fmt: skip
