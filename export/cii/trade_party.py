"""Writes the parties of a bill as CII: seller, buyer, payee, tax representative (BG-4, BG-7, BG-10, BG-11), with
addresses and identifiers."""

from collections.abc import Iterable
from functools import lru_cache

from bill import Contact, Identifier, Party, PostalAddress
from export.cii.xml_elements import branch, leaf


def write_party(tag: str, party: Party | None, *, whole: bool) -> str:
    """Return a party under *tag*, or "" without a party. *whole* also writes its contact and a seller's legal form."""
    return "" if party is None else _party(tag, party, whole)


def write_representative(party: Party | None) -> str:
    """Return the seller's tax representative (BG-11, BG-12): only name, address and VAT number, as the syntax
    allows."""
    if party is None:
        return ""
    vat = branch("SpecifiedTaxRegistration", leaf("ID", party.vat_id, "schemeID", "VA"))
    return branch("SellerTaxRepresentativeTradeParty", leaf("Name", party.name), write_address(party.address), vat)


@lru_cache(maxsize=256)
def write_seller(party: Party, whole: bool) -> str:
    """Return the seller (BG-4). The result is cached, because all bills of an issuer have the same seller."""
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
    """Return the identifiers as XML: first those without a scheme (ID), then those with one (GlobalID), in the schema's
    order."""
    own = [leaf("ID", each.value) for each in identifiers if not each.scheme]
    return "".join(own + [leaf("GlobalID", each.value, "schemeID", each.scheme) for each in identifiers if each.scheme])


def legal_organization(legal_id: Identifier | None, trading_name: str = "") -> str:
    """Return the legal registration (BT-30, BT-47, BT-61) and the trading name; "" when both are absent."""
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
    """Return a PostalTradeAddress (BG-5, BG-8, BG-12, BG-15)."""
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
    """Return the party's tax registrations: VAT number (scheme VA) and tax number (scheme FC)."""
    if not party.vat_id and not party.tax_id:
        return ""
    vat = branch("SpecifiedTaxRegistration", leaf("ID", party.vat_id, "schemeID", "VA"))
    return vat + branch("SpecifiedTaxRegistration", leaf("ID", party.tax_id, "schemeID", "FC"))
