"""Who takes part: seller, buyer, payee and the rest (BG-4, BG-7, BG-10, BG-11)."""

from collections.abc import Iterable
from functools import lru_cache

from bill import Contact, Identifier, Party, PostalAddress
from export.cii.xml_elements import branch, leaf


def write_party(tag: str, party: Party | None, *, whole: bool) -> str:
    return "" if party is None else _party(tag, party, whole)


def write_representative(party: Party | None) -> str:
    """BG-11 and BG-12: a name, an address and a VAT number, whatever else is known of them."""
    if party is None:
        return ""
    vat = branch("SpecifiedTaxRegistration", leaf("ID", party.vat_id, "schemeID", "VA"))
    return branch("SellerTaxRepresentativeTradeParty", leaf("Name", party.name), write_address(party.address), vat)


@lru_cache(maxsize=256)
def write_seller(party: Party, whole: bool) -> str:
    """All bills of an issuer have the same one."""
    return _party("SellerTradeParty", party, whole)


def _party(tag: str, party: Party, whole: bool) -> str:
    electronic = party.electronic_address
    return branch(
        tag,
        identified(party.identifiers),
        leaf("Name", party.name),
        leaf("Description", party.legal_form) if whole and tag == "SellerTradeParty" else "",
        legal_organization(party.legal_id, party.trading_name),
        _contact(party.contact) if whole and party.contact else "",
        write_address(party.address),
        branch("URIUniversalCommunication", leaf("URIID", electronic.value, "schemeID", electronic.scheme))
        if electronic and electronic.scheme else "",
        registration(party),
    )  # fmt: skip


def identified(identifiers: Iterable[Identifier]) -> str:
    """Those of no scheme first, as the schema has them."""
    own = [leaf("ID", each.value) for each in identifiers if not each.scheme]
    return "".join(own + [leaf("GlobalID", each.value, "schemeID", each.scheme) for each in identifiers if each.scheme])


def legal_organization(legal_id: Identifier | None, trading_name: str = "") -> str:
    if legal_id is None and not trading_name:
        return ""
    return branch(
        "SpecifiedLegalOrganization",
        leaf("ID", legal_id.value, "schemeID", legal_id.scheme) if legal_id else "",
        leaf("TradingBusinessName", trading_name),
    )


def _contact(contact: Contact) -> str:
    return branch(
        "DefinedTradeContact",
        leaf("PersonName", contact.name),
        branch("TelephoneUniversalCommunication", leaf("CompleteNumber", contact.phone)),
        branch("EmailURIUniversalCommunication", leaf("URIID", contact.email)),
    )


def write_address(address: PostalAddress) -> str:
    return branch(
        "PostalTradeAddress",
        leaf("PostcodeCode", address.postcode),
        leaf("LineOne", address.line1),
        leaf("LineTwo", address.line2),
        leaf("LineThree", address.line3),
        _town(address.city, address.country, address.subdivision),
    )


@lru_cache(maxsize=1024)
def _town(city: str, country: str, subdivision: str) -> str:
    return leaf("CityName", city) + leaf("CountryID", country) + leaf("CountrySubDivisionName", subdivision)


def registration(party: Party) -> str:
    if not party.vat_id and not party.tax_id:
        return ""
    vat = branch("SpecifiedTaxRegistration", leaf("ID", party.vat_id, "schemeID", "VA"))
    return vat + branch("SpecifiedTaxRegistration", leaf("ID", party.tax_id, "schemeID", "FC"))
