"""What UBL says in the same way for the bill and for its lines: tax categories, periods, allowances, documents."""

from typing import Final

from ingest.oioubl import category_of
from ingest.values import day, truth
from ingest.walk import Step, Table, amount, embedded, inside, joined, leaf, qualified, table

NAMESPACES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def of(steps: dict[str, Step]) -> Table:
    return table(NAMESPACES, steps)


def id_of(key: str) -> Step:
    """An element that wraps a `cbc:ID`."""
    return inside(of({"cbc:ID": leaf(key)}))


#: BT-118, BT-151: OIOUBL has words for the codes.
category: Final = leaf("category", category_of)
vat_category: Final = leaf("vat_category", category_of)

PERIOD: Final = of({"cbc:StartDate": leaf("start", day), "cbc:EndDate": leaf("end", day)})

ALLOWANCE_CHARGE: Final = of({
    "cbc:ChargeIndicator": leaf("is_charge", truth),
    "cbc:AllowanceChargeReasonCode": leaf("reason_code"),
    "cbc:AllowanceChargeReason": joined("reason"),
    "cbc:MultiplierFactorNumeric": amount("percent"),
    "cbc:Amount": amount("amount"),
    "cbc:BaseAmount": amount("base"),
    "cac:TaxCategory": inside(of({"cbc:ID": leaf("vat_category"), "cbc:Percent": amount("vat_rate")})),
})  # fmt: skip

DOCUMENT: Final = of({
    "cbc:ID": qualified("id", "schemeID", "scheme"),
    "cbc:DocumentTypeCode": leaf("kind"),
    "cbc:DocumentDescription": joined("description"),
    "cac:Attachment": inside(of({
        "cbc:EmbeddedDocumentBinaryObject": embedded,
        "cac:ExternalReference": inside(of({"cbc:URI": leaf("link")})),
    })),
})  # fmt: skip
