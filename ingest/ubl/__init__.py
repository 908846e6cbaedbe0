"""Reads UBL 2.1 (and 2.0) Invoice and CreditNote into a `Bill`."""

from typing import Final

from bill import Bill
from ingest.bill_builder import build_bill
from ingest.document_findings import Found
from ingest.ubl.document import BILL
from ingest.ubl.official_rules import RULES
from ingest.ubl.oioubl_dialect import is_oioubl, understand
from ingest.xml.element import Element
from ingest.xml.mapper import XmlMapper

INVOICE: Final = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
CREDIT_NOTE: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"


def read(root: Element, mapper: XmlMapper) -> Bill | None:
    """Return the bill in a `ubl:Invoice` or `ubl:CreditNote`, or None; findings go to the mapper's notes."""
    found: Found = {}
    mapper.map_element(root, BILL, found)
    if "type_code" not in found:
        mapper.notes.official("BR-04", "the type of the document is missing (BT-3)")
        found["type_code"] = "381" if root.tag == CREDIT_NOTE else "380"
    if "profile" not in found:
        mapper.notes.official("BR-01", "the specification the bill follows is missing (BT-24)")
    if mapper.notes.strict:
        RULES.ask(root, mapper)
    if is_oioubl(found.get("profile", "")) and not mapper.notes.strict:
        understand(found.get("totals", {}))
    return build_bill(found, mapper.notes)
