"""The profiles of Factur-X (MINIMUM, BASIC WL, EN 16931), and the choice of the highest one that a bill has the terms
for."""

from typing import Final, Literal, NamedTuple

from bill import Bill, Line, VatBreakdown


class FacturXProfile(NamedTuple):
    """A Factur-X profile: guideline id (BT-24), name in the PDF's XMP metadata, and how the XML relates to the pages
    (/AFRelationship)."""

    guideline: str
    level: str
    relationship: Literal["Alternative", "Data"]


EN16931: Final = FacturXProfile("urn:cen.eu:en16931:2017", "EN 16931", "Alternative")
BASIC_WL: Final = FacturXProfile("urn:factur-x.eu:1p0:basicwl", "BASIC WL", "Data")
MINIMUM: Final = FacturXProfile("urn:factur-x.eu:1p0:minimum", "MINIMUM", "Data")


def facturx_profile_of(bill: Bill) -> FacturXProfile:
    """Return the highest profile whose mandatory terms the bill has."""
    totals = bill.totals
    if totals.gross is None or totals.net is None or not (bill.seller.address.country and bill.buyer.name):
        return MINIMUM
    if totals.lines is None or not bill.vat or not all(map(_is_whole_vat, bill.vat)):
        return MINIMUM
    if not bill.buyer.address.country or not _are_whole(bill.lines):
        return BASIC_WL
    return EN16931


def _is_whole_vat(vat: VatBreakdown) -> bool:
    return bool(vat.category) and vat.taxable is not None and vat.vat is not None


def _are_whole(lines: tuple[Line, ...]) -> bool:
    counted = [line for line in lines if line.counts]
    for line in counted:
        if line.quantity is None or line.net_price is None or line.net_amount is None:
            return False
        if not (line.id and line.name and line.unit and line.vat_category):
            return False
    return bool(counted)
