"""What UBL says in the same way for the bill and for its lines: tax categories, periods, allowances, documents."""

from typing import Final

from ingest.ubl.oioubl import category_of
from ingest.values import code, day, truth
from ingest.xml.walk import Leaf, Meaning, Table, amount, embedded, joined, qualified, table, words_of

NAMESPACES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def of(steps: dict[str, Meaning]) -> Table:
    return table(NAMESPACES, steps)


def id_of(key: str) -> Table:
    """An element that wraps a `cbc:ID`."""
    return of({"cbc:ID": words_of(key)})


#: BT-118, BT-151: OIOUBL has words for the codes.
category: Final = Leaf("category", category_of)
vat_category: Final = Leaf("vat_category", category_of)

PERIOD: Final = of({"cbc:StartDate": Leaf("start", day), "cbc:EndDate": Leaf("end", day)})

ALLOWANCE_CHARGE: Final = of({
    "cbc:ChargeIndicator": Leaf("is_charge", truth),
    "cbc:AllowanceChargeReasonCode": Leaf("reason_code", code),
    "cbc:AllowanceChargeReason": joined("reason"),
    "cbc:MultiplierFactorNumeric": amount("percent"),
    "cbc:Amount": amount("amount"),
    "cbc:BaseAmount": amount("base"),
    "cac:TaxCategory": of({"cbc:ID": Leaf("vat_category", code), "cbc:Percent": amount("vat_rate")}),
})  # fmt: skip

DOCUMENT: Final = of({
    "cbc:ID": qualified("id", "schemeID", "scheme"),
    "cbc:DocumentTypeCode": Leaf("kind", code),
    "cbc:DocumentDescription": joined("description"),
    "cac:Attachment": of({
        "cbc:EmbeddedDocumentBinaryObject": embedded,
        "cac:ExternalReference": of({"cbc:URI": words_of("link")}),
    }),
})  # fmt: skip
