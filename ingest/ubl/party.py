"""Mapping tables for UBL parties: name, address, contact, identifiers and tax registrations."""

from typing import Any, Final

from bill import Contact, Identifier, Party, PostalAddress
from ingest.document_findings import Found
from ingest.ubl.document_and_line_elements import of
from ingest.xml.element import Element, attribute_of
from ingest.xml.mapper import Step, Table, ValueMapping, XmlMapper
from ingest.xml.mapping_steps import group, identifier, joined, words_of
from untrusted.value_parsing import code, words

#: The names of VAT in the tax scheme of a registration; 63 is the Danish code (OIOUBL).
_VAT: Final = {"VAT", "63", "MOMS"}


def _address(*, building: str = "", line1: str = "", line2: str = "", box: str = "", **found: Any) -> PostalAddress:
    """Return an address. Danish and plain UBL give the building number apart from the street."""
    street = f"{line1} {building}".strip() if building and not line1.endswith(building) else line1
    return PostalAddress(line1=street, line2=line2 or box, **found)


ADDRESS: Final[Table] = of({
    "cbc:StreetName": words_of("line1"),
    "cbc:BuildingNumber": words_of("building"),
    "cbc:AdditionalStreetName": words_of("line2"),
    "cbc:Postbox": words_of("box"),
    "cac:AddressLine": of({"cbc:Line": joined("line3", words)}),
    "cbc:CityName": words_of("city"),
    "cbc:PostalZone": words_of("postcode"),
    "cbc:CountrySubentity": words_of("subdivision"),
    "cac:Country": of({"cbc:IdentificationCode": ValueMapping("country", code)}),
})  # fmt: skip


def address(key: str) -> Step:
    """Return a step that stores an address in *key*."""
    return group(key, ADDRESS, _address)


_REGISTRATION: Final[Table] = of({
    "cbc:CompanyID": words_of("id"),
    "cac:TaxScheme": of({"cbc:ID": ValueMapping("scheme", code)}),
})  # fmt: skip


def _registration(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for a tax registration: BT-31 under the scheme VAT, else BT-32."""
    inner: Found = {}
    mapper.map_element(element, _REGISTRATION, inner)
    if "id" in inner:
        found.setdefault("vat_id" if inner.get("scheme", "VAT").upper() in _VAT else "tax_id", inner["id"])


def _identification(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for an identifier (BT-29); under the scheme SEPA it is the creditor identifier (BT-90)."""
    value, scheme = mapper.value_of(element, words), attribute_of(element, "schemeID")
    if value is not None and scheme == "SEPA":
        found["creditor_id"] = value
    elif value is not None:
        found.setdefault("identifiers", []).append(Identifier(value=value, scheme=scheme))


_PARTY: Final[Table] = of({
    "cbc:EndpointID": identifier("electronic_address"),
    "cac:PartyIdentification": of({"cbc:ID": _identification}),
    "cac:PartyName": of({"cbc:Name": words_of("called")}),
    "cac:PostalAddress": address("address"),
    "cac:PartyTaxScheme": _registration,
    "cac:PartyLegalEntity": of({
        "cbc:RegistrationName": words_of("registered"),
        "cbc:CompanyID": identifier("legal_id"),
        "cbc:CompanyLegalForm": words_of("legal_form"),
    }),
    "cac:Contact": group("contact", of({
        "cbc:Name": words_of("name"),
        "cbc:Telephone": words_of("phone"),
        "cbc:ElectronicMail": words_of("email"),
    }), Contact),
    "cac:Person": of({
        "cbc:FirstName": words_of("first_name"),
        "cbc:FamilyName": words_of("family_name"),
    }),
})  # fmt: skip


def party(key: str, rule: str = "", nameless: str = "") -> Step:
    """Return a step that stores a party in *key*.

    Its name is the registered name (BT-27, BT-44), else the trading name, as in plain UBL; *rule* is then broken, and
    *nameless* is the finding's sentence. A payee has no *rule*: its trading name is its name (BT-59).
    """

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, _PARTY, inner)
        registered, called = inner.pop("registered", ""), inner.pop("called", "")
        person = f"{inner.pop('first_name', '')} {inner.pop('family_name', '')}".strip()
        if "creditor_id" in inner:
            found.setdefault("creditor_id", inner.pop("creditor_id"))
        if rule and not registered and (called or person):
            mapper.official(rule, nameless, element)
        name = (registered or called or person) if rule else (called or registered or person)
        trading_name = called if rule and registered else ""
        if "identifiers" in inner:
            inner["identifiers"] = tuple(inner["identifiers"])
        if key not in found and (inner or name):
            found[key] = Party(name=name, trading_name=trading_name, **inner)

    return step
