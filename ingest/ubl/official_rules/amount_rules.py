"""The sums of a bill, checked on UBL elements (BR-CO-10 to -17, BR-53, from the official validation 1.3.16)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from ingest.checks.computed_sums import cents
from ingest.ubl.official_rules.shared_predicates import ANY_ALLOWANCE, ANY_CHARGE, NAMESPACES, TAG, VAT
from ingest.xml.document_elements import DocumentElements
from ingest.xml.official_rule_kinds import DocumentRule, ElementRule, Rule, decimals
from ingest.xml.xpath_values import decimal_of, nearest, string_of, sum_of

Element = etree._Element
Test = Callable[[Element], bool]
_HUNDRED: Final = Decimal(100)
_allowances = etree.XPath(ANY_ALLOWANCE, namespaces=NAMESPACES)
_charges = etree.XPath(ANY_CHARGE, namespaces=NAMESPACES)
_vat_category = etree.XPath(f"cac:TaxCategory{VAT}", namespaces=NAMESPACES)  # fmt: skip


def child(element: Element, name: str) -> Element | None:
    """Return the first child of the name with prefix."""
    return next(element.iterchildren(TAG[name]), None)


def amount(element: Element, name: str) -> Decimal | None:
    """Return the exact number of the first child of the name."""
    return decimal_of(next(element.iterchildren(TAG[name]), None))


def allowances(parent: Element) -> list[Element]:
    """Return the allowances among the children of an element."""
    return _found(_allowances, parent)


def charges(parent: Element) -> list[Element]:
    """Return the charges among the children of an element."""
    return _found(_charges, parent)


def _found(path: etree.XPath, element: Element) -> list[Element]:
    found: Any = path(element)
    return list(found)


def _lines(document: DocumentElements) -> Element | None:
    due = cents(sum_of(
        child(line, "cbc:LineExtensionAmount")
        for name in ("cac:InvoiceLine", "cac:CreditNoteLine") for line in document.tagged(TAG[name])
    ))  # fmt: skip
    return _first_total(document, lambda total: amount(total, "cbc:LineExtensionAmount") == due)


def _first_total(document: DocumentElements, is_right: Test) -> Element | None:
    return next((total for total in document.tagged(TAG["cac:LegalMonetaryTotal"]) if not is_right(total)), None)


def _adds_up(document: DocumentElements, name: str, parts: etree.XPath) -> Element | None:
    """Return the first total whose amount *name* is not the sum of the *parts* beside it."""
    sums: dict[Element | None, Decimal | None] = {}

    def is_right(total: Element) -> bool:
        parent = total.getparent()
        if parent not in sums:
            there = [] if parent is None else _found(parts, parent)
            sums[parent] = cents(sum_of(child(each, "cbc:Amount") for each in there)) if there else None
        due = sums[parent]
        return due is None if child(total, name) is None else amount(total, name) == (due or 0)

    return _first_total(document, is_right)


def _is_net_right(total: Element) -> bool:
    lines, net = amount(total, "cbc:LineExtensionAmount"), amount(total, "cbc:TaxExclusiveAmount")
    if lines is None or net is None:
        return False
    plus, minus = child(total, "cbc:ChargeTotalAmount"), child(total, "cbc:AllowanceTotalAmount")
    if plus is None and minus is None:
        return net == lines
    added, taken = decimal_of(plus), decimal_of(minus)
    return net == cents(lines + (added or 0) - (taken or 0))


def _is_due_right(total: Element) -> bool:
    gross, due = amount(total, "cbc:TaxInclusiveAmount"), amount(total, "cbc:PayableAmount")
    if gross is None or due is None:
        return False
    paid, rounding = amount(total, "cbc:PrepaidAmount"), amount(total, "cbc:PayableRoundingAmount")
    if rounding is not None:
        due = cents(due - rounding)
    return due == (gross if paid is None else cents(gross - paid))


def _gross(document: DocumentElements) -> Element | None:
    """Check BR-CO-15: in the currency of the bill there is one total of VAT, and it makes the total with VAT."""
    root = document.root
    for named in root.findall(TAG["cbc:DocumentCurrencyCode"]):
        taxes = [
            tax for tax in root.findall(TAG["cac:TaxTotal/cbc:TaxAmount"]) if tax.get("currencyID") == string_of(named)
        ]
        total = root.find(TAG["cac:LegalMonetaryTotal"])
        if len(taxes) != 1 or total is None:
            return named
        net, gross, tax = amount(total, "cbc:TaxExclusiveAmount"), amount(total, "cbc:TaxInclusiveAmount"), taxes[0]
        vat = decimal_of(tax)
        if net is None or gross is None or vat is None or gross != cents(net + vat):
            return total
    return None


def _vat_total(document: DocumentElements) -> Element | None:
    """Check BR-CO-14: each total of VAT that has rows is their sum."""
    for total in document.root.findall(TAG["cac:TaxTotal"]):
        rows = total.findall(TAG["cac:TaxSubtotal"])
        if rows and amount(total, "cbc:TaxAmount") != cents(sum_of(child(row, "cbc:TaxAmount") for row in rows)):
            return total
    return None


def _vat_currency(document: DocumentElements) -> Element | None:
    """Check BR-53: there is a total of VAT in the currency in which VAT is accounted."""
    said = {tax.get("currencyID") for tax in _all_totals(document)}
    wanted = document.root.findall(TAG["cbc:TaxCurrencyCode"])
    return next((named for named in wanted if string_of(named) not in said), None)


def _all_totals(document: DocumentElements) -> list[Element]:
    return [tax for total in document.tagged(TAG["cac:TaxTotal"]) for tax in total.findall(TAG["cbc:TaxAmount"])]


def _rows(document: DocumentElements) -> Element | None:
    """Check BR-CO-17: the VAT of each row is its taxable amount times its rate, within 1 unit of the currency."""
    return next(
        (row for row in document.tagged(TAG["cac:TaxSubtotal"]) if _is_row(row) and not _is_taxed_right(row)), None
    )


def _is_row(row: Element) -> bool:
    parent = row.getparent()
    return parent is not None and str(parent.tag).endswith("}TaxTotal")


def _is_taxed_right(row: Element) -> bool:
    categories = _found(_vat_category, row)
    rates = [rate for each in categories for rate in each.findall(TAG["cbc:Percent"])]
    vat = amount(row, "cbc:TaxAmount")
    if not rates or nearest(decimal_of(rates[0]) or Decimal(0)) == 0:
        return vat is not None and nearest(vat) == 0
    taxable, rate = amount(row, "cbc:TaxableAmount"), decimal_of(rates[0])
    return is_rate_of(vat, taxable, rate)


def is_rate_of(vat: Decimal | None, taxable: Decimal | None, rate: Decimal | None) -> bool:
    """Return whether the VAT differs by less than 1 unit of the currency from the taxable amount times the rate."""
    if vat is None or taxable is None or rate is None:
        return False
    due = cents(abs(taxable) * rate / _HUNDRED)
    return abs(vat) - 1 < due < abs(vat) + 1


_TAX_TOTAL: Final = "cac:TaxTotal/cbc:TaxAmount"
_ON_ROW: Final = "cac:TaxTotal/cac:TaxSubtotal"

AMOUNT_RULES: Final[tuple[Rule, ...]] = (
    DocumentRule("BR-CO-10", _lines, "the sum of the lines (BT-106) is not what its parts make"),
    DocumentRule("BR-CO-11", lambda document: _adds_up(document, "cbc:AllowanceTotalAmount", _allowances),
                 "the sum of allowances (BT-107) is not what its parts make"),
    DocumentRule("BR-CO-12", lambda document: _adds_up(document, "cbc:ChargeTotalAmount", _charges),
                 "the sum of charges (BT-108) is not what its parts make"),
    DocumentRule("BR-CO-13", lambda document: _first_total(document, _is_net_right),
                 "the total without VAT (BT-109) is not what its parts make"),
    DocumentRule("BR-CO-14", _vat_total, "the total VAT (BT-110) is not what its parts make"),
    DocumentRule("BR-CO-15", _gross, "the total with VAT (BT-112) is not what its parts make"),
    DocumentRule("BR-CO-16", lambda document: _first_total(document, _is_due_right),
                 "the amount due (BT-115) is not what its parts make"),
    DocumentRule("BR-CO-17", _rows, "a row's VAT (BT-117) is not its rate of its taxable amount"),
    DocumentRule("BR-53", _vat_currency, "the total VAT in the currency in which it is accounted is missing (BT-111)"),
    # The official tests look for the currency inside the amount; the schema of UBL has nothing there.
    ElementRule("BR-DEC-13", _TAX_TOTAL, "@currencyID = cbc:DocumentCurrencyCode"
                " and string-length(substring-after(., '.')) > 2", "an amount has two decimals at most"),
    ElementRule("BR-DEC-15", _TAX_TOTAL, "@currencyID = cbc:TaxCurrencyCode"
                " and string-length(substring-after(., '.')) > 2", "an amount has two decimals at most"),
    ElementRule("BR-45", _ON_ROW, "not(cbc:TaxableAmount)", "a VAT breakdown must have a taxable amount"),
    ElementRule("BR-46", _ON_ROW, "not(cbc:TaxAmount)", "a VAT breakdown must have an amount of tax"),
    ElementRule("BR-47", _ON_ROW, f"not(cac:TaxCategory{VAT}/cbc:ID)",
                "a row of the VAT breakdown must have a VAT category (BT-118)"),
    ElementRule("BR-48", _ON_ROW, f"not(cac:TaxCategory{VAT}[cbc:Percent or normalize-space(cbc:ID) = 'O'])",
                "a row of the VAT breakdown must have a VAT rate (BT-119)"),
    *decimals(("BR-DEC-19", _ON_ROW, "cbc:TaxableAmount"), ("BR-DEC-20", _ON_ROW, "cbc:TaxAmount")),
    ElementRule("UBL-SR-32", "cac:TaxSubtotal", "count(cac:TaxCategory/cbc:TaxExemptionReason) > 1",
                "why there is no tax (BT-120) may be said once"),
)  # fmt: skip
