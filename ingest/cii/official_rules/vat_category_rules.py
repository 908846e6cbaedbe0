"""The rules of each VAT category (BR-S-*, BR-Z-*, BR-AE-*, …), checked on CII elements, as the official validation
1.3.16 checks them, its own ways included."""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from lxml import etree

from bill import ZERO
from ingest.checks.computed_sums import cents
from ingest.checks.vat_category_rules import FAMILIES, VatCategoryRules
from ingest.cii.official_rules.amount_rules import allowances_of_bill, amount, charges_of_bill, child, indicator_of
from ingest.cii.official_rules.shared_predicates import AGREEMENT, DELIVERY, IS_VAT, LINE, NAMESPACES, SETTLEMENT, TAG
from ingest.xml.document_elements import DocumentElements
from ingest.xml.xpath_values import are_equal, double_of, is_at_least_zero, string_of, sum_of

Element = etree._Element
Broken = Iterator[tuple[str, Element]]
#: By VAT category, with a rate or (None) at any.
Sums = dict[tuple[str, Decimal | None], Decimal]

_VA: Final = "ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA']"
_is_vat = etree.XPath(f"boolean(self::*[{IS_VAT}])", namespaces=NAMESPACES)
_seller_tax = etree.XPath(
    f"boolean({AGREEMENT}/ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA'"
    " or @schemeID = 'FC'])", namespaces=NAMESPACES,
)  # fmt: skip
_seller_vat = etree.XPath(f"boolean({AGREEMENT}/ram:SellerTradeParty/{_VA})", namespaces=NAMESPACES)
_representative = etree.XPath(f"boolean({AGREEMENT}/ram:SellerTaxRepresentativeTradeParty/{_VA})",
                              namespaces=NAMESPACES)  # fmt: skip
_buyer_vat = etree.XPath(f"boolean(.//ram:BuyerTradeParty/{_VA})", namespaces=NAMESPACES)
_buyer_legal = etree.XPath("boolean(.//ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID)",
                           namespaces=NAMESPACES)  # fmt: skip
_is_foreign = etree.XPath("boolean(.//ram:CountryID[. != 'IT'])", namespaces=NAMESPACES)
_delivered = etree.XPath(
    f"boolean({DELIVERY}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
    f" or {SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:StartDateTime"
    f" or {SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:EndDateTime)", namespaces=NAMESPACES,
)  # fmt: skip
_delivered_to = etree.XPath(f"boolean({DELIVERY}/ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID)",
                            namespaces=NAMESPACES)  # fmt: skip


class _Category(NamedTuple):
    """A tax of the document with a category."""

    code: str
    is_vat: bool
    at: Element
    place: str  # "line", "allowance", "charge", "other" (neither allowance nor charge), "row"


def vat_categories(document: DocumentElements) -> Broken:
    """Yield the rules of VAT categories that the document breaks, with the element."""
    found = [*_taxes(document), *_of_allowances(document)]
    billed: _Billed | None = None
    for code in {each.code for each in found} & FAMILIES.keys():
        family = FAMILIES[code]
        of_family = [each for each in found if each.code == code]
        if code == "B":
            yield from _split_payment(document, found)
            continue
        yield from _in_breakdown(code, family, of_family)
        yield from _parties(family, of_family, document.root)
        yield from _rates(family, of_family)
        rows = [each for each in of_family if each.place == "row" and (each.is_vat or code in ("S", "Z"))]
        if rows and billed is None:
            billed = _Billed(document)
        for row in rows:
            assert billed is not None
            yield from _row(code, family, row.at, billed)
        if rows and code == "K":
            yield from _intra_community(document.root, rows[0].at)
        if rows and code == "O":
            yield from _beside(found, rows[0].at)


def _taxes(document: DocumentElements) -> Iterator[_Category]:
    for element in document.tagged(TAG["ram:ApplicableTradeTax"]):
        parent = element.getparent()
        name = "" if parent is None else etree.QName(parent).localname
        place = {"SpecifiedLineTradeSettlement": "line", "ApplicableHeaderTradeSettlement": "row"}.get(name)
        if place is not None:
            yield from _each_code(element, place)


def _of_allowances(document: DocumentElements) -> Iterator[_Category]:
    for element in document.tagged(TAG["ram:CategoryTradeTax"]):
        parent = element.getparent()
        place = "other"
        if parent is not None and str(parent.tag).endswith("}SpecifiedTradeAllowanceCharge"):
            is_charge = indicator_of(parent)
            place = "other" if is_charge is None else "charge" if is_charge else "allowance"
        yield from _each_code(element, place)


def _each_code(element: Element, place: str) -> Iterator[_Category]:
    codes = {string_of(said) for said in element.iterchildren(TAG["ram:CategoryCode"])}
    if codes:
        is_vat = bool(_is_vat(element))
        for code in codes:
            yield _Category(code, is_vat, element, place)


def _in_breakdown(code: str, family: VatCategoryRules, found: list[_Category]) -> Broken:
    """Check -01 by counting lines, allowances with charges, and rows of the category."""
    lines = sum(each.place == "line" for each in found)
    rows = sum(each.place == "row" for each in found)
    others = len(found) - lines - rows
    if family.has_rate:
        right = (not lines or lines + rows >= 2) and (not others or others + rows >= 2)
    elif rows == 0:
        right = code == "O" or not (lines or others)
    else:
        right = rows == 1 and bool(lines or others)
    if not right:
        yield f"BR-{family.name}-01", found[0].at


def _parties(family: VatCategoryRules, found: list[_Category], root: Element) -> Broken:
    """Check -02 (lines), -03 (allowances) and -04 (charges): the parties have the identifiers that are needed."""
    for suffix, place in (("02", "line"), ("03", "allowance"), ("04", "charge")):
        asked = next((each for each in found if each.place == place and each.is_vat), None)
        if asked is not None and not _are_identified(family, root):
            yield f"BR-{family.name}-{suffix}", asked.at


def _are_identified(family: VatCategoryRules, root: Element) -> bool:
    if family.seller == "nobody":
        return not (_seller_vat(root) or _representative(root) or _buyer_vat(root))
    seller = _seller_tax(root) if family.seller == "tax" else _seller_vat(root)
    if not (seller or _representative(root)):
        return False
    return not family.buyer or bool(_buyer_vat(root) or (family.buyer == "legal" and _buyer_legal(root)))


def _rates(family: VatCategoryRules, found: list[_Category]) -> Broken:
    """Check -05 (lines), -06 (allowances) and -07 (charges): the rate goes with the category."""
    for suffix, place in (("05", "line"), ("06", "allowance"), ("07", "charge")):
        for each in found:
            if each.place == place and each.is_vat and not _fits(family, each.at):
                yield f"BR-{family.name}-{suffix}", each.at


def _fits(family: VatCategoryRules, tax: Element) -> bool:
    said = child(tax, "ram:RateApplicablePercent")
    if family.rate == "none":
        return said is None
    rate = double_of(said)
    if rate is None:
        return False
    if family.rate == "zero":
        return are_equal(rate, 0.0)
    return is_at_least_zero(rate) if family.name == "AG" else rate > 0


def _row(code: str, family: VatCategoryRules, row: Element, billed: "_Billed") -> Broken:
    """Check -08 (taxable amount), -09 (VAT) and -10 (why there is none) of a row of the breakdown. Of IGIC and IPSI the
    first two are always true."""
    why = child(row, "ram:ExemptionReason") is not None or child(row, "ram:ExemptionReasonCode") is not None
    if why != family.says_why:
        yield f"BR-{family.name}-10", row
    if code in ("L", "M"):
        return
    taxable = double_of(child(row, "ram:BasisAmount"))
    if code == "S":
        rate = amount(row, "ram:RateApplicablePercent")
        if not _is_rate_of(amount(row, "ram:CalculatedAmount"), amount(row, "ram:BasisAmount"), rate):
            yield "BR-S-09", row
        if rate is not None and not are_equal(taxable, float(billed.sum_of(code, rate))):
            yield "BR-S-08", row
        return
    if not are_equal(double_of(child(row, "ram:CalculatedAmount")), 0.0):
        yield f"BR-{family.name}-09", row
    due = float(billed.sum_of(code, None))
    if taxable is None or not (are_equal(taxable, due) if code == "O" else taxable - 1 < due < taxable + 1):
        yield f"BR-{family.name}-08", row


def _is_rate_of(vat: Decimal | None, taxable: Decimal | None, rate: Decimal | None) -> bool:
    if vat is None or taxable is None or rate is None:
        return False
    due = math.floor(float(abs(taxable)) * float(rate) + 0.5) / 100
    return float(abs(vat) - 1) < due < float(abs(vat) + 1)


class _Billed:
    """What lines, charges and allowances of the bill come to by category and rate; added up in one pass, since a sender
    may send as many rows as lines."""

    def __init__(self, document: DocumentElements) -> None:
        self._lines: Sums = {}
        for settled in document.root.iterfind(TAG[f"{LINE}/ram:SpecifiedLineTradeSettlement"]):
            number = sum_of(settled.iterfind(TAG[_LINE_TOTAL]))
            _add(self._lines, settled.findall(TAG["ram:ApplicableTradeTax"]), number)
        self._charges: Sums = {}
        self._allowances: Sums = {}
        for parts, sums in (
            (charges_of_bill(document), self._charges),
            (allowances_of_bill(document), self._allowances),
        ):
            for each in parts:
                number = sum_of([child(each, "ram:ActualAmount")])
                _add(sums, each.findall(TAG["ram:CategoryTradeTax"]), number)

    def sum_of(self, code: str, rate: Decimal | None) -> Decimal:
        """Return the lines and charges, less the allowances, of a category, each rounded."""
        lines, added, taken = (
            cents(sums.get((code, rate), ZERO)) for sums in (self._lines, self._charges, self._allowances)
        )
        return lines + added - taken


_LINE_TOTAL: Final = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"


def _add(sums: Sums, taxes: list[Element], number: Decimal) -> None:
    """Add a number to each category of the taxes, alone and with each of their rates."""
    codes = {string_of(said) for tax in taxes for said in tax.iterchildren(TAG["ram:CategoryCode"])}
    rates = {amount(tax, "ram:RateApplicablePercent") for tax in taxes} | {None}
    for code in codes:
        for rate in rates:
            sums[code, rate] = sums.get((code, rate), ZERO) + number


def _intra_community(root: Element, at: Element) -> Broken:
    if not _delivered(root):
        yield "BR-IC-11", at
    if not _delivered_to(root):
        yield "BR-IC-12", at


def _beside(found: list[_Category], at: Element) -> Broken:
    """Check BR-O-11 to -14: beside a row that is not subject to VAT nothing else is, among lines and rows, or among
    allowances and charges."""
    if any(each.place in ("row", "line") and each.code != "O" for each in found):
        yield "BR-O-11", at
        yield "BR-O-12", at
    if any(each.place not in ("row", "line") and each.code != "O" for each in found):
        yield "BR-O-13", at
        yield "BR-O-14", at


def _split_payment(document: DocumentElements, found: list[_Category]) -> Broken:
    """Check BR-B-01 (split payment is within Italy) and BR-B-02 (not beside the standard rate)."""
    split = next(each for each in found if each.code == "B")
    if _is_foreign(document.root):
        yield "BR-B-01", split.at
    other = next((each for each in found if each.code == "S"), None)
    if other is not None:
        yield "BR-B-02", other.at
