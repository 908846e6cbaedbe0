"""Parties, addresses and tax registrations as CII writes them."""

from lxml import etree

from bill import Contact, Party, PostalAddress
from ingest.cii.terms import Namespaces
from ingest.walk import (
    Found,
    Sheet,
    Step,
    Table,
    attribute_of,
    group,
    identifier,
    identifiers,
    inside,
    leaf,
    table,
    walk,
)


def party(key: str, ns: Namespaces) -> Step:
    """A `TradeParty` into *key*; an empty one is absent."""
    steps = _party(ns)

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        walk(element, steps, inner, sheet)
        if "identifiers" in inner:
            inner["identifiers"] = tuple(inner["identifiers"])
        if inner:
            found.setdefault(key, Party(**inner))

    return step


def _party(ns: Namespaces) -> Table:
    uri = identifier("electronic_address")
    return table(ns, {
        "ram:ID ram:GlobalID": identifiers("identifiers"),
        "ram:Name": leaf("name"),
        "ram:Description": leaf("legal_form"),
        "ram:SpecifiedLegalOrganization": inside(table(ns, {
            "ram:ID": identifier("legal_id"),
            "ram:TradingBusinessName": leaf("trading_name"),
        })),
        "ram:DefinedTradeContact": group("contact", _contact(ns), _make_contact),
        "ram:PostalTradeAddress": group("address", table(ns, {
            "ram:PostcodeCode": leaf("postcode"),
            "ram:LineOne": leaf("line1"),
            "ram:LineTwo": leaf("line2"),
            "ram:LineThree": leaf("line3"),
            "ram:CityName": leaf("city"),
            "ram:CountryID": leaf("country"),
            "ram:CountrySubDivisionName": leaf("subdivision"),
        }), PostalAddress),
        "ram:URIUniversalCommunication": inside(table(ns, {"ram:URIID": uri})),
        "ram:SpecifiedTaxRegistration": inside(table(ns, {"ram:ID": _registration})),
    })  # fmt: skip


def _contact(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:PersonName": leaf("name"),
        "ram:DepartmentName": leaf("department"),
        "ram:TelephoneUniversalCommunication": inside(table(ns, {"ram:CompleteNumber": leaf("phone")})),
        "ram:EmailURIUniversalCommunication": inside(table(ns, {"ram:URIID": leaf("email")})),
    })  # fmt: skip


def _make_contact(*, name: str = "", department: str = "", phone: str = "", email: str = "") -> Contact:
    return Contact(name=name or department, phone=phone, email=email)


_value = leaf("value")


def _registration(element: etree._Element, found: Found, sheet: Sheet) -> None:
    """BT-31 under the scheme VA, else BT-32."""
    inner: Found = {}
    _value(element, inner, sheet)
    if inner:
        found.setdefault("vat_id" if attribute_of(element, "schemeID") == "VA" else "tax_id", inner["value"])
