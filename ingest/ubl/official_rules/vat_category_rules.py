"""The rules of each VAT category (BR-S-*, BR-Z-*, BR-AE-*, …), checked on UBL elements.

As the official validation 1.3.16 checks them, its own ways included: the standard rate is looked for under any tax, the
others under VAT alone, and IGIC and IPSI count rows of the breakdown with or without it.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from lxml import etree

from bill import ZERO
from ingest.checks.vat_category_rules import FAMILIES, VatCategoryRules
from ingest.ubl.official_rules.amount_rules import allowances, amount, charges, child, is_rate_of
from ingest.ubl.official_rules.shared_predicates import NAMESPACES, TAG, VAT
from ingest.xml.document_elements import DocumentElements
from ingest.xml.xpath_values import decimal_of, double_of, is_at_least_zero, string_of

Element = etree._Element
Broken = Iterator[tuple[str, Element]]
#: A VAT category, with a rate or (None) at any.
Key = tuple[str, Decimal | None]
Sums = dict[Key, Decimal]

_seller_tax = etree.XPath(
    "boolean(.//cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID)", namespaces=NAMESPACES
)
_seller_vat = etree.XPath(
    f"boolean(.//cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme{VAT}/cbc:CompanyID)", namespaces=NAMESPACES
)
_representative = etree.XPath(
    f"boolean(.//cac:TaxRepresentativeParty/cac:PartyTaxScheme{VAT}/cbc:CompanyID)", namespaces=NAMESPACES
)
_buyer_vat = etree.XPath(
    f"boolean(.//cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme{VAT}/cbc:CompanyID)", namespaces=NAMESPACES
)
_buyer_legal = etree.XPath(
    "boolean(.//cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID)", namespaces=NAMESPACES
)
_is_vat = etree.XPath(f"boolean(self::*{VAT})", namespaces=NAMESPACES)
_is_foreign = etree.XPath("boolean(.//cbc:IdentificationCode[. != 'IT'])", namespaces=NAMESPACES)


class _Category(NamedTuple):
    """A tax category of the document."""

    code: str
    raw: str  # the code as written, blanks included
    is_vat: bool
    at: Element
    place: str  # "line", "allowance", "charge", "row" or ""
    is_of_bill: bool  # an allowance or charge of the bill, not of a line


def vat_categories(document: DocumentElements) -> Broken:
    """Yield the rules of VAT categories that the document breaks, with the element."""
    found = [*_tax_categories(document), *_classified(document)]
    codes = {each.code for each in found}
    billed: _Billed | None = None
    for code in codes & FAMILIES.keys():
        family = FAMILIES[code]
        of_family = [each for each in found if each.code == code]
        if code == "B":
            yield from _split_payment(document, found)
            continue
        yield from _in_breakdown(code, family, of_family)
        yield from _parties(family, of_family, document.root)
        yield from _rates(family, of_family)
        rows = [each for each in of_family if each.place == "row" and each.is_vat]
        if rows and billed is None:
            billed = _Billed(document)
        for row in rows:
            assert billed is not None
            yield from _row(code, family, row.at, billed)
        if rows and code == "K":
            yield from _intra_community(document.root, rows[0].at)
        if rows and code == "O":
            yield from _beside(found)


def _tax_categories(document: DocumentElements) -> Iterator[_Category]:
    for element in document.tagged(TAG["cac:TaxCategory"]):
        parent = element.getparent()
        name = "" if parent is None else etree.QName(parent).localname
        place, is_of_bill = "", False
        if name == "AllowanceCharge" and parent is not None:
            said = child(parent, "cbc:ChargeIndicator")
            indicator = "" if said is None else string_of(said).strip()
            place = "charge" if indicator in ("true", "1") else "allowance" if indicator in ("false", "0") else "other"
            is_of_bill = parent.getparent() is document.root
        elif name == "TaxSubtotal" and parent is not None:
            total = parent.getparent()
            is_row = total is not None and str(total.tag).endswith("}TaxTotal") and total.getparent() is document.root
            place = "row" if is_row else ""
        yield _category(element, place, is_of_bill)


def _classified(document: DocumentElements) -> Iterator[_Category]:
    for element in document.tagged(TAG["cac:ClassifiedTaxCategory"]):
        yield _category(element, "line", False)


def _category(element: Element, place: str, is_of_bill: bool) -> _Category:
    said = child(element, "cbc:ID")
    raw = "" if said is None else string_of(said)
    return _Category(" ".join(raw.split()), raw, bool(_is_vat(element)), element, place, is_of_bill)


def _in_breakdown(code: str, family: VatCategoryRules, found: list[_Category]) -> Broken:
    """Check -01: one row of the breakdown, or for S, L and M at least one, where there is anything to tax."""
    rule = f"BR-{family.name}-01"
    under_vat = [each for each in found if each.is_vat or code == "S"]
    rows = [each for each in under_vat if each.place == "row"]
    if not family.has_rate:
        if under_vat and len(rows) != 1:
            yield rule, under_vat[0].at
        return
    billed = any(each.place in ("line", "allowance", "charge", "other") for each in under_vat)
    if code == "L":
        any_row = any(each.place == "row" and each.raw == code for each in found)
    elif code == "M":
        any_row = any(each.raw == code for each in rows)
    else:
        any_row = bool(rows)
    if not (any_row if billed else not rows):
        yield rule, found[0].at


def _parties(family: VatCategoryRules, found: list[_Category], root: Element) -> Broken:
    """Check -02 (lines), -03 (allowances) and -04 (charges): the parties have the identifiers that are needed."""
    for suffix, place in (("02", "line"), ("03", "allowance"), ("04", "charge")):
        asked = [each for each in found if each.place == place and _is_asked(family, each)]
        if asked and not (any(each.is_vat for each in asked) and _are_identified(family, root)):
            yield f"BR-{family.name}-{suffix}", asked[0].at


def _is_asked(family: VatCategoryRules, one: _Category) -> bool:
    """Return whether -02 to -04 are asked: under VAT, and of lines at the standard rate under any tax."""
    if family.name == "S" and one.place == "line":
        return True
    if family.name == "O" and one.place != "line":
        return one.is_vat and one.is_of_bill
    return one.is_vat and not (family.name == "AF" and one.place == "charge" and one.raw != one.code)


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
            if each.place == place and each.is_vat and (place != "line" or _is_of_item(each.at)):
                rate = child(each.at, "cbc:Percent")
                if not _fits(family, rate):
                    yield f"BR-{family.name}-{suffix}", each.at


def _is_of_item(category: Element) -> bool:
    item = category.getparent()
    line = None if item is None else item.getparent()
    return line is not None and str(line.tag).endswith(("}InvoiceLine", "}CreditNoteLine"))


def _fits(family: VatCategoryRules, said: Element | None) -> bool:
    if family.rate == "none":
        return said is None
    rate = decimal_of(said)
    if rate is None:
        return False
    if family.rate == "zero":
        return rate == 0
    return rate > 0 if family.name == "S" else is_at_least_zero(double_of(said))


def _row(code: str, family: VatCategoryRules, category: Element, billed: "_Billed") -> Broken:
    """Check -08 (taxable amount), -09 (VAT) and -10 (why there is none) of a row of the breakdown."""
    row = category.getparent()
    assert row is not None
    vat, taxable = amount(row, "cbc:TaxAmount"), amount(row, "cbc:TaxableAmount")
    why = child(category, "cbc:TaxExemptionReason") is not None or (
        child(category, "cbc:TaxExemptionReasonCode") is not None
    )
    if why != family.says_why:
        yield f"BR-{family.name}-10", category
    if family.has_rate:
        rate = amount(category, "cbc:Percent")
        if not is_rate_of(vat, taxable, rate):
            yield f"BR-{family.name}-09", category
        if rate is not None and not billed.comes_to(taxable, code, rate):
            yield f"BR-{family.name}-08", category
        return
    if vat is None or vat != 0:
        yield f"BR-{family.name}-09", category
    if taxable is None or taxable not in billed.sums_of(code, None):
        yield f"BR-{family.name}-08", category


class _Billed:
    """What lines, and the bill's charges less its allowances, come to by category and rate; added up in one pass, since
    a sender may send as many rows as lines."""

    def __init__(self, document: DocumentElements) -> None:
        root = document.root
        self._any_allowances = _keys(document.tagged(TAG["cac:AllowanceCharge"]), "cac:TaxCategory")
        self._extra: Sums = {}
        _add(self._extra, charges(root), "cac:TaxCategory", "cbc:Amount", 1)
        _add(self._extra, allowances(root), "cac:TaxCategory", "cbc:Amount", -1)
        #: For each kind of line that is there: its categories and rates wherever it is, and the sums of the bill's own.
        self._kinds: list[tuple[set[Key], Sums]] = []
        for kind in ("cac:InvoiceLine", "cac:CreditNoteLine"):
            if lines := document.tagged(TAG[kind]):
                sums: Sums = {}
                _add(sums, root.findall(TAG[kind]), _OF_LINE, "cbc:LineExtensionAmount", 1)
                elsewhere = [line for line in lines if line.getparent() is not root]
                self._kinds.append((_keys(elsewhere, _OF_LINE) | sums.keys(), sums))

    def sums_of(self, code: str, rate: Decimal | None) -> list[Decimal]:
        """Return the sums of a category: one of the invoice lines, one of the credit note lines, as far as there."""
        extra = self._extra.get((code, rate), ZERO)
        return [sums.get((code, rate), ZERO) + extra for _, sums in self._kinds]

    def comes_to(self, taxable: Decimal | None, code: str, rate: Decimal) -> bool:
        """Return whether a taxable amount differs from a sum of its category and rate by less than 1 unit of the
        currency."""
        if taxable is None:
            return False
        least, most = Decimal(float(taxable) - 1), Decimal(float(taxable) + 1)
        extra, key = self._extra.get((code, rate), ZERO), (code, rate)
        kinds = self._kinds if code != "S" else [
            (keys, sums) for keys, sums in self._kinds or [(set(), {})] if key in keys or key in self._any_allowances
        ]  # fmt: skip
        return any(least < sums.get(key, ZERO) + extra < most for _, sums in kinds)


_OF_LINE: Final = "cac:Item/cac:ClassifiedTaxCategory"


def _keys_of(element: Element, path: str) -> set[Key]:
    """Return the categories of an element, alone and with each of its rates."""
    categories = element.findall(TAG[path])
    codes = {" ".join(string_of(said).split()) for each in categories if (said := child(each, "cbc:ID")) is not None}
    rates = {amount(each, "cbc:Percent") for each in categories} | {None}
    return {(code, rate) for code in codes for rate in rates}


def _keys(elements: list[Element], path: str) -> set[Key]:
    return {key for element in elements for key in _keys_of(element, path)}


def _add(sums: Sums, elements: list[Element], path: str, name: str, sign: int) -> None:
    for element in elements:
        number = amount(element, name) or ZERO
        for key in _keys_of(element, path):
            sums[key] = sums.get(key, ZERO) + sign * number


_delivered = etree.XPath(
    "string-length(cac:Delivery/cbc:ActualDeliveryDate) > 1 or boolean(cac:InvoicePeriod/*)", namespaces=NAMESPACES
)
_delivered_to = etree.XPath(
    "string-length(cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode) > 1",
    namespaces=NAMESPACES,
)


def _intra_community(root: Element, at: Element) -> Broken:
    if not _delivered(root):
        yield "BR-IC-11", at
    if not _delivered_to(root):
        yield "BR-IC-12", at


def _beside(found: list[_Category]) -> Broken:
    """Check BR-O-11 to -14: beside a row that is not subject to VAT nothing else is."""
    for suffix, place in (("11", "row"), ("12", "line"), ("13", "allowance"), ("14", "charge")):
        other = next((each for each in found if each.place == place and each.is_vat and each.code != "O"), None)
        if other is not None:
            yield f"BR-O-{suffix}", other.at


def _split_payment(document: DocumentElements, found: list[_Category]) -> Broken:
    """Check BR-B-01 (split payment is within Italy) and BR-B-02 (not beside the standard rate)."""
    split = [each for each in found if each.raw == "B"]
    if split and _is_foreign(document.root):
        yield "BR-B-01", split[0].at
    counted = [each for each in found if each.place in ("row", "line") or each.is_of_bill]
    if any(each.raw == "B" for each in counted):
        other = next((each for each in counted if each.raw == "S"), None)
        if other is not None:
            yield "BR-B-02", other.at
