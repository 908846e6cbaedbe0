"""Mapping tables for UBL elements used by both the document and its lines: VAT categories, periods, allowances,
documents."""

from typing import Final

from ingest.ubl.oioubl_dialect import category_of
from ingest.xml.mapper import Meaning, Table, ValueMapping
from ingest.xml.mapping_steps import amount, joined, qualified, table, words_of
from ingest.xml.supporting_document import embedded
from untrusted.value_parsing import code, day, truth

NAMESPACES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def of(steps: dict[str, Meaning]) -> Table:
    """Return a mapping table from steps whose names carry the prefixes of UBL (`cbc`, `cac`)."""
    return table(NAMESPACES, steps)


def id_of(key: str) -> Table:
    """Return a table for an element that wraps a `cbc:ID`, stored in *key*."""
    return of({"cbc:ID": words_of(key)})


#: BT-118, BT-151; OIOUBL has its own names for the codes.
category: Final = ValueMapping("category", category_of)
vat_category: Final = ValueMapping("vat_category", category_of)

PERIOD: Final = of({"cbc:StartDate": ValueMapping("start", day), "cbc:EndDate": ValueMapping("end", day)})

ALLOWANCE_CHARGE: Final = of({
    "cbc:ChargeIndicator": ValueMapping("is_charge", truth),
    "cbc:AllowanceChargeReasonCode": ValueMapping("reason_code", code),
    "cbc:AllowanceChargeReason": joined("reason"),
    "cbc:MultiplierFactorNumeric": amount("percent"),
    "cbc:Amount": amount("amount"),
    "cbc:BaseAmount": amount("base"),
    "cac:TaxCategory": of({"cbc:ID": ValueMapping("vat_category", code), "cbc:Percent": amount("vat_rate")}),
})  # fmt: skip

DOCUMENT: Final = of({
    "cbc:ID": qualified("id", "schemeID", "scheme"),
    "cbc:DocumentTypeCode": ValueMapping("kind", code),
    "cbc:DocumentDescription": joined("description"),
    "cac:Attachment": of({
        "cbc:EmbeddedDocumentBinaryObject": embedded,
        "cac:ExternalReference": of({"cbc:URI": words_of("link")}),
    }),
})  # fmt: skip
