"""Who takes part: seller, buyer, payee and the rest (BG-4, BG-7, BG-10, BG-11)."""

from functools import lru_cache

from bill import Party, PostalAddress
from render.cii.parts import branch, leaf


def write_party(tag: str, party: Party | None, *, whole: bool) -> str:
    return "" if party is None else _party(tag, party, whole=whole)


@lru_cache(maxsize=256)
def write_seller(party: Party, *, whole: bool) -> str:
    """All bills of an issuer have the same one."""
    return _party("SellerTradeParty", party, whole=whole)


def _party(tag: str, party: Party, *, whole: bool) -> str:
    electronic = party.electronic_address
    return branch(
        tag,
        *(leaf("ID", each.value) for each in party.identifiers if not each.scheme),
        *(leaf("GlobalID", each.value, "schemeID", each.scheme) for each in party.identifiers if each.scheme),
        leaf("Name", party.name),
        leaf("Description", party.legal_form) if whole and tag == "SellerTradeParty" else "",
        legal_organization(party, trading=True),
        _contact(party) if whole else "",
        write_address(party.address),
        branch("URIUniversalCommunication", leaf("URIID", electronic.value, "schemeID", electronic.scheme))
        if electronic and electronic.scheme else "",
        registration(party),
    )  # fmt: skip


def legal_organization(party: Party, *, trading: bool) -> str:
    legal_id = party.legal_id
    return branch(
        "SpecifiedLegalOrganization",
        leaf("ID", legal_id.value, "schemeID", legal_id.scheme) if legal_id else "",
        leaf("TradingBusinessName", party.trading_name) if trading else "",
    )


def _contact(party: Party) -> str:
    if party.contact is None:
        return ""
    return branch(
        "DefinedTradeContact",
        leaf("PersonName", party.contact.name),
        branch("TelephoneUniversalCommunication", leaf("CompleteNumber", party.contact.phone)),
        branch("EmailURIUniversalCommunication", leaf("URIID", party.contact.email)),
    )


def write_address(address: PostalAddress) -> str:
    return branch(
        "PostalTradeAddress",
        leaf("PostcodeCode", address.postcode),
        leaf("LineOne", address.line1),
        leaf("LineTwo", address.line2),
        leaf("LineThree", address.line3),
        leaf("CityName", address.city),
        leaf("CountryID", address.country),
        leaf("CountrySubDivisionName", address.subdivision),
    )


def registration(party: Party) -> str:
    vat = branch("SpecifiedTaxRegistration", leaf("ID", party.vat_id, "schemeID", "VA"))
    return vat + branch("SpecifiedTaxRegistration", leaf("ID", party.tax_id, "schemeID", "FC"))
