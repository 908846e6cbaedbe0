"""Reads UN/CEFACT Cross Industry Invoice (CII D16B, D22B) and ZUGFeRD 1.0's CrossIndustryDocument into a `Bill`.

The two differ in namespaces and in the names of a few elements; each row of a table holds both names.
"""

from typing import Final

from bill import Bill
from ingest.bill_builder import build_bill
from ingest.cii.document import bill_table
from ingest.cii.official_rules import RULES
from ingest.cii.unmarked_line_groups import imply_groups
from ingest.document_findings import Found
from ingest.xml.element import Element
from ingest.xml.mapper import Table, XmlMapper

_UN: Final = "urn:un:unece:uncefact:data:standard:"
_D16B: Final = {
    "rsm": f"{_UN}CrossIndustryInvoice:100",
    "ram": f"{_UN}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UN}UnqualifiedDataType:100",
    "qdt": f"{_UN}QualifiedDataType:100",
}
_ZUGFERD_1: Final = {
    "rsm": "urn:ferd:CrossIndustryDocument:invoice:1p0",
    "ram": f"{_UN}ReusableAggregateBusinessInformationEntity:12",
    "udt": f"{_UN}UnqualifiedDataType:15",
    "qdt": f"{_UN}QualifiedDataType:12",
}
INVOICE: Final = f"{{{_D16B['rsm']}}}CrossIndustryInvoice"
ZUGFERD_1: Final = f"{{{_ZUGFERD_1['rsm']}}}CrossIndustryDocument"

_TABLES: Final[dict[str, Table]] = {INVOICE: bill_table(_D16B), ZUGFERD_1: bill_table(_ZUGFERD_1)}


def read(root: Element, mapper: XmlMapper) -> Bill | None:
    """Return the bill in a `rsm:CrossIndustryInvoice` or `rsm:CrossIndustryDocument`, or None; findings go
    to the mapper's notes."""
    found: Found = {}
    mapper.map_element(root, _TABLES[root.tag], found)
    if "type_code" not in found:
        mapper.notes.official("BR-04", "the type of the document is missing (BT-3)")
    if "profile" not in found:
        mapper.notes.official("BR-01", "the specification the bill follows is missing (BT-24)")
    if mapper.notes.strict and root.tag == INVOICE:
        RULES.ask(root, mapper)
    totals = found.get("totals", {})
    if "lines" in found:
        found["lines"] = imply_groups(found["lines"], totals.get("lines"))
    if root.tag == ZUGFERD_1 and "payable" not in totals and "gross" in totals:
        # ZUGFeRD 1.0 BASIC has no amount due: its grand total is what is paid.
        totals["payable"] = totals["gross"] - totals.get("paid", 0)
    return build_bill(found, mapper.notes)
