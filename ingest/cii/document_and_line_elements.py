"""Mapping tables for CII elements used by both the document and its lines: dates, periods, VAT, allowances, referenced
documents."""

from collections.abc import Mapping

from ingest.document_findings import Found
from ingest.xml.element import Element
from ingest.xml.mapper import Meaning, Step, Table, ValueMapping, XmlMapper
from ingest.xml.mapping_steps import amount, joined, qualified, table, words_of
from ingest.xml.supporting_document import embedded
from untrusted.value_parsing import code, day, decimal, truth

Namespaces = Mapping[str, str]


def on(key: str, ns: Namespaces, one: Meaning | None = None) -> Step:
    """Return a step that stores a day in *key*. CII wraps it in a child whose name depends on the type; ZUGFeRD 1.0
    also writes it without one."""
    bare = one or ValueMapping(key, day)
    wrapped = table(ns, {"udt:DateTimeString udt:DateString udt:DateTime udt:Date qdt:DateTimeString": bare})

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        if len(element):
            mapper.map_element(element, wrapped, found)
        elif (when := mapper.value_of(element, day, key)) is not None:
            found.setdefault(key, when)

    return step


def indicator(key: str, ns: Namespaces) -> Table:
    """Return a table that stores a boolean in *key*."""
    return table(ns, {"udt:Indicator": ValueMapping(key, truth)})


def period(ns: Namespaces) -> Table:
    """Return the table of a period, with `start` and `end`."""
    return table(ns, {"ram:StartDateTime": on("start", ns), "ram:EndDateTime": on("end", ns)})


def tax(category: str, rate: str) -> dict[str, Meaning]:
    """Return the steps of a VAT category and rate, for the field names *category* and *rate*."""
    return {
        "ram:CategoryCode": ValueMapping(category, code),
        "ram:RateApplicablePercent ram:ApplicablePercent": amount(rate),
    }


def allowance_charge(ns: Namespaces) -> Table:
    """Return the table of an allowance or charge."""
    return table(ns, {
        "ram:ChargeIndicator": indicator("is_charge", ns),
        "ram:CalculationPercent": amount("percent"),
        "ram:BasisAmount": amount("base"),
        "ram:ActualAmount": amount("amount"),
        "ram:ReasonCode": ValueMapping("reason_code", code),
        "ram:Reason": joined("reason"),
        "ram:CategoryTradeTax": table(ns, tax("vat_category", "vat_rate")),
    })  # fmt: skip


def number_of(key: str, ns: Namespaces) -> Table:
    """Return a table that stores the number of a referenced document in *key*."""
    return table(ns, {"ram:IssuerAssignedID ram:ID": words_of(key)})


def document(ns: Namespaces) -> Table:
    """Return the table of a referenced document with its attachment."""
    return table(ns, {
        "ram:IssuerAssignedID ram:ID": words_of("id"),
        "ram:URIID": words_of("link"),
        "ram:TypeCode": ValueMapping("kind", code),
        "ram:ReferenceTypeCode": ValueMapping("scheme", code),
        "ram:Name": joined("description"),
        "ram:AttachmentBinaryObject": embedded,
    })  # fmt: skip


def quantity(key: str, unit: str) -> Step:
    """Return a step that stores a quantity in *key* and its unit code in *unit*."""
    return qualified(key, "unitCode", unit, decimal)
