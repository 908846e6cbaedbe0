"""The mapping table of one CII invoice line (BG-25)."""

from typing import Any, Final

from bill import Attribute, Identifier, Line, Period
from ingest.allowance_charges import allowance_charges
from ingest.cii.document_and_line_elements import (
    Namespaces,
    allowance_charge,
    document,
    indicator,
    period,
    quantity,
    tax,
)
from ingest.document_findings import Found
from ingest.sub_invoice_lines import inside_line, with_parents
from ingest.xml.element import Element
from ingest.xml.mapper import Step, Table, ValueMapping, XmlMapper
from ingest.xml.mapping_steps import amount, each, group, identifier, identifiers, joined, table, words_of
from untrusted.value_parsing import code

_KINDS: Final = frozenset({"GROUP", "DETAIL", "INFORMATION"})


def line_table(ns: Namespaces) -> Table:
    """Return the mapping table of a line; it contains itself, for lines inside the line."""

    def part(element: Element, found: Found, mapper: XmlMapper) -> None:
        inside_line(element, steps, found, make_line, mapper)

    steps = _line_table(ns)
    steps.update(table(ns, {"ram:IncludedSubordinateTradeLineItem": part}))
    return steps


def _line_table(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:AssociatedDocumentLineDocument": table(ns, {
            "ram:LineID": words_of("id"),
            "ram:ParentLineID": words_of("parent"),
            "ram:LineStatusReasonCode": ValueMapping("kind", _kind),
            "ram:LineStatusCode": ValueMapping("status", _kind),
            "ram:IncludedNote": table(ns, {"ram:Content": joined("note")}),
        }),
        "ram:SpecifiedTradeProduct": _product(ns),
        "ram:SpecifiedLineTradeAgreement ram:SpecifiedSupplyChainTradeAgreement": _agreement(ns),
        "ram:SpecifiedLineTradeDelivery ram:SpecifiedSupplyChainTradeDelivery": table(ns, {
            "ram:BilledQuantity": quantity("quantity", "unit"),
        }),
        "ram:SpecifiedLineTradeSettlement ram:SpecifiedSupplyChainTradeSettlement": _settlement(ns),
    })  # fmt: skip


def _kind(text: str) -> str | None:
    """Return the line's kind (BT-X-8): one of its three codes, else None. Some senders write it as the line's
    status."""
    said = text.strip().upper()
    return said if said in _KINDS else None


def make_line(*, discounts: list[Found] | None = None, status: str = "", **found: Any) -> Line:
    """Return a line; several discounts on one price are added up (BT-147)."""
    if status:
        found.setdefault("kind", status)
    for key in ("classifications", "attributes", "allowances_charges"):
        if key in found:
            found[key] = tuple(found[key])
    if "parts" in found:
        found["parts"] = with_parents(found.get("id", ""), found["parts"])
    if discounts:
        found["price_discount"] = sum(d["amount"] for d in discounts)
    return Line(**found)


def _product(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:GlobalID": identifier("standard_item_id"),
        "ram:SellerAssignedID": words_of("seller_item_id"),
        "ram:BuyerAssignedID": words_of("buyer_item_id"),
        "ram:Name": words_of("name"),
        "ram:Description": joined("description"),
        "ram:ApplicableProductCharacteristic": each("attributes", table(ns, {
            "ram:Description": words_of("name"), "ram:Value": words_of("value"),
        }), _attribute),
        "ram:DesignatedProductClassification": table(ns, {
            "ram:ClassCode": identifiers("classifications", "listID"),
        }),
        "ram:OriginTradeCountry": table(ns, {"ram:ID": ValueMapping("origin_country", code)}),
    })  # fmt: skip


def _agreement(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:BuyerOrderReferencedDocument": table(ns, {"ram:LineID": words_of("order_line")}),
        "ram:GrossPriceProductTradePrice": table(ns, {
            "ram:ChargeAmount": amount("gross_price"),
            "ram:AppliedTradeAllowanceCharge": each("discounts", table(ns, {
                "ram:ChargeIndicator": indicator("is_charge", ns), "ram:ActualAmount": amount("amount"),
            }), _discount),
        }),
        "ram:NetPriceProductTradePrice": table(ns, {
            "ram:ChargeAmount": amount("net_price"),
            "ram:BasisQuantity": quantity("price_base", "price_base_unit"),
        }),
    })  # fmt: skip


def _settlement(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:ApplicableTradeTax": table(ns, tax("vat_category", "vat_rate")),
        "ram:BillingSpecifiedPeriod": group("period", period(ns), Period),
        "ram:SpecifiedTradeAllowanceCharge": allowance_charges(allowance_charge(ns), "BR-41", "BR-43"),
        "ram:SpecifiedTradeSettlementLineMonetarySummation ram:SpecifiedTradeSettlementMonetarySummation":
            table(ns, {"ram:LineTotalAmount": amount("net_amount")}),
        "ram:AdditionalReferencedDocument": _object(ns),
        "ram:ReceivableSpecifiedTradeAccountingAccount": table(ns, {"ram:ID": words_of("cost_account")}),
    })  # fmt: skip


def _object(ns: Namespaces) -> Step:
    """Return a step for the invoiced object of the line (BT-128), such as a meter or a telephone line."""
    steps = document(ns)

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, steps, inner)
        if inner.get("kind", "130") == "130" and "id" in inner:
            found.setdefault("object_id", Identifier(value=inner["id"], scheme=inner.get("scheme", "")))

    return step


def _attribute(*, name: str = "", value: str = "") -> Attribute | None:
    return Attribute(name=name, value=value) if name or value else None


def _discount(*, is_charge: bool = False, **found: Any) -> Found | None:
    """Return a discount on the price; None for a charge on the price, which EN 16931 does not have."""
    return None if is_charge or "amount" not in found else found
