"""Names and tests that several rules of UBL share."""

from typing import Final

from ingest.ubl.document_and_line_elements import NAMESPACES as _PARTS
from ingest.xml.tag_names import Tags

NAMESPACES: Final = {
    **_PARTS,
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "ubl": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
}
TAG: Final = Tags(NAMESPACES)

BILL: Final = "ubl:Invoice | cn:CreditNote"
LINES: Final = "cac:InvoiceLine | cac:CreditNoteLine"
_FALSE: Final = "cbc:ChargeIndicator[normalize-space() = 'false' or normalize-space() = '0']"
_TRUE: Final = "cbc:ChargeIndicator[normalize-space() = 'true' or normalize-space() = '1']"
ANY_ALLOWANCE: Final = f"cac:AllowanceCharge[{_FALSE}]"
ANY_CHARGE: Final = f"cac:AllowanceCharge[{_TRUE}]"
ALLOWANCES: Final = " | ".join(f"{bill}/{ANY_ALLOWANCE}" for bill in BILL.split(" | "))
CHARGES: Final = " | ".join(f"{bill}/{ANY_CHARGE}" for bill in BILL.split(" | "))
LINE_ALLOWANCES: Final = " | ".join(f"{line}/{ANY_ALLOWANCE}" for line in LINES.split(" | "))
LINE_CHARGES: Final = " | ".join(f"{line}/{ANY_CHARGE}" for line in LINES.split(" | "))
#: A predicate: the tax is VAT.
VAT: Final = "[cac:TaxScheme[translate(normalize-space(cbc:ID), 'vat', 'VAT') = 'VAT']]"
#: A test of a scheme identifier.
SEPA: Final = "translate(@schemeID, 'sepa', 'SEPA') = 'SEPA'"


def of_lines(path: str) -> str:
    """Return the patterns of a path below both kinds of lines."""
    return " | ".join(f"{line}/{path}" for line in LINES.split(" | "))


def of_bill(path: str) -> str:
    """Return the patterns of a path below both kinds of documents."""
    return " | ".join(f"{bill}/{path}" for bill in BILL.split(" | "))
