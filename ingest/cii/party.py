"""Mapping tables for CII parties: name, address, contact, identifiers and tax registrations."""

from bill import Contact, Party, PostalAddress
from ingest.cii.document_and_line_elements import Namespaces
from ingest.document_findings import Found
from ingest.xml.element import Element, attribute_of
from ingest.xml.mapper import Step, Table, ValueMapping, XmlMapper
from ingest.xml.mapping_steps import group, identifier, identifiers, table, words_of
from untrusted.value_parsing import code, words


def party(key: str, ns: Namespaces) -> Step:
    """Return a step that stores a `TradeParty` in *key*; an empty one is absent."""
    steps = _party(ns)

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, steps, inner)
        if "identifiers" in inner:
            inner["identifiers"] = tuple(inner["identifiers"])
        if inner:
            found.setdefault(key, Party(**inner))

    return step


def _party(ns: Namespaces) -> Table:
    uri = identifier("electronic_address")
    return table(ns, {
        "ram:ID ram:GlobalID": identifiers("identifiers"),
        "ram:Name": words_of("name"),
        "ram:Description": words_of("legal_form"),
        "ram:SpecifiedLegalOrganization": table(ns, {
            "ram:ID": identifier("legal_id"),
            "ram:TradingBusinessName": words_of("trading_name"),
        }),
        "ram:DefinedTradeContact": group("contact", _contact(ns), _make_contact),
        "ram:PostalTradeAddress": group("address", table(ns, {
            "ram:PostcodeCode": words_of("postcode"),
            "ram:LineOne": words_of("line1"),
            "ram:LineTwo": words_of("line2"),
            "ram:LineThree": words_of("line3"),
            "ram:CityName": words_of("city"),
            "ram:CountryID": ValueMapping("country", code),
            "ram:CountrySubDivisionName": words_of("subdivision"),
        }), PostalAddress),
        "ram:URIUniversalCommunication": table(ns, {"ram:URIID": uri}),
        "ram:SpecifiedTaxRegistration": table(ns, {"ram:ID": _registration}),
    })  # fmt: skip


def _contact(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:PersonName": words_of("name"),
        "ram:DepartmentName": words_of("department"),
        "ram:TelephoneUniversalCommunication": table(ns, {"ram:CompleteNumber": words_of("phone")}),
        "ram:EmailURIUniversalCommunication": table(ns, {"ram:URIID": words_of("email")}),
    })  # fmt: skip


def _make_contact(*, name: str = "", department: str = "", phone: str = "", email: str = "") -> Contact:
    return Contact(name=name or department, phone=phone, email=email)


_value = words_of("value")


def _registration(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for a tax registration: BT-31 under the scheme VA, else BT-32."""
    value = mapper.value_of(element, words)
    if value is not None:
        found.setdefault("vat_id" if attribute_of(element, "schemeID") == "VA" else "tax_id", value)
