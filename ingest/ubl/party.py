"""Parties, addresses and tax registrations as UBL writes them."""

from typing import Any, Final

from lxml import etree

from bill import Contact, Party, PostalAddress
from ingest.ubl.terms import of
from ingest.values import words
from ingest.walk import (
    Found,
    Sheet,
    Step,
    Table,
    group,
    identifier,
    inside,
    joined,
    leaf,
    walk,
)

#: How VAT is called in the tax scheme of a registration; 63 is the Danish code (OIOUBL).
_VAT: Final = {"VAT", "63", "MOMS"}


def _address(*, building: str = "", line1: str = "", line2: str = "", box: str = "", **found: Any) -> PostalAddress:
    """Danish and plain UBL give the building's number beside the street."""
    street = f"{line1} {building}".strip() if building and not line1.endswith(building) else line1
    return PostalAddress(line1=street, line2=line2 or box, **found)


ADDRESS: Final[Table] = of({
    "cbc:StreetName": leaf("line1"),
    "cbc:BuildingNumber": leaf("building"),
    "cbc:AdditionalStreetName": leaf("line2"),
    "cbc:Postbox": leaf("box"),
    "cac:AddressLine": inside(of({"cbc:Line": joined("line3", words)})),
    "cbc:CityName": leaf("city"),
    "cbc:PostalZone": leaf("postcode"),
    "cbc:CountrySubentity": leaf("subdivision"),
    "cac:Country": inside(of({"cbc:IdentificationCode": leaf("country")})),
})  # fmt: skip


def address(key: str) -> Step:
    return group(key, ADDRESS, _address)


_REGISTRATION: Final[Table] = of({
    "cbc:CompanyID": leaf("id"),
    "cac:TaxScheme": inside(of({"cbc:ID": leaf("scheme")})),
})  # fmt: skip


def _registration(element: etree._Element, found: Found, sheet: Sheet) -> None:
    """BT-31 under the scheme VAT, else BT-32."""
    inner: Found = {}
    walk(element, _REGISTRATION, inner, sheet)
    if "id" in inner:
        found.setdefault("vat_id" if inner.get("scheme", "VAT").upper() in _VAT else "tax_id", inner["id"])


def _identification(element: etree._Element, found: Found, sheet: Sheet) -> None:
    """BT-29; under the scheme SEPA it is the creditor identifier, BT-90."""
    inner: Found = {}
    _one_identifier(element, inner, sheet)
    if inner:
        if inner["value"].scheme == "SEPA":
            found["creditor_id"] = inner["value"].value
        else:
            found.setdefault("identifiers", []).append(inner["value"])


_one_identifier = identifier("value")

_PARTY: Final[Table] = of({
    "cbc:EndpointID": identifier("electronic_address"),
    "cac:PartyIdentification": inside(of({"cbc:ID": _identification})),
    "cac:PartyName": inside(of({"cbc:Name": leaf("called")})),
    "cac:PostalAddress": address("address"),
    "cac:PartyTaxScheme": _registration,
    "cac:PartyLegalEntity": inside(of({
        "cbc:RegistrationName": leaf("registered"),
        "cbc:CompanyID": identifier("legal_id"),
        "cbc:CompanyLegalForm": leaf("legal_form"),
    })),
    "cac:Contact": group("contact", of({
        "cbc:Name": leaf("name"),
        "cbc:Telephone": leaf("phone"),
        "cbc:ElectronicMail": leaf("email"),
    }), Contact),
    "cac:Person": inside(of({
        "cbc:FirstName": leaf("first_name"),
        "cbc:FamilyName": leaf("family_name"),
    })),
})  # fmt: skip


def party(key: str, rule: str = "", term: str = "") -> Step:
    """A party into *key*. Its registered name is its name (BT-27, BT-44), else the one it goes by, as plain UBL has
    it; *rule* is then broken. A payee has no *rule*: the name it goes by is its name (BT-59)."""

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        walk(element, _PARTY, inner, sheet)
        registered, called = inner.pop("registered", ""), inner.pop("called", "")
        person = f"{inner.pop('first_name', '')} {inner.pop('family_name', '')}".strip()
        if "creditor_id" in inner:
            found.setdefault("creditor_id", inner.pop("creditor_id"))
        if rule and not registered and (called or person):
            sheet.official(rule, f"{term} has no registered name", element)
        name = (registered or called or person) if rule else (called or registered or person)
        trading_name = called if rule and registered else ""
        if "identifiers" in inner:
            inner["identifiers"] = tuple(inner["identifiers"])
        if key not in found and (inner or name):
            found[key] = Party(name=name, trading_name=trading_name, **inner)

    return step
