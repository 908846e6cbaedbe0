"""Maps allowances and charges (BG-20, BG-21, BG-27, BG-28) from XML elements, for UBL and CII alike."""

from bill import AllowanceCharge
from ingest.document_findings import Found
from ingest.xml.element import Element
from ingest.xml.mapper import Step, Table, XmlMapper


def allowance_charges(steps: Table, allowance_rule: str, charge_rule: str) -> Step:
    """Return a step that appends each allowance or charge to the list `allowances_charges`. One without an amount is
    refused under *allowance_rule* or *charge_rule* (BR-31, BR-36, BR-41, BR-43)."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, steps, inner)
        if "amount" in inner:
            found.setdefault("allowances_charges", []).append(AllowanceCharge(**inner))
        else:
            rule = charge_rule if inner.get("is_charge") else allowance_rule
            mapper.official(rule, "an allowance or charge must have an amount", element)

    return step
