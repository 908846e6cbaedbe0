"""A line of a CII bill (BG-25)."""

from typing import Any

from lxml import etree

from bill import Attribute, Identifier, Line, Period
from ingest.allowances import allowance_charges
from ingest.cii.terms import Namespaces, allowance_charge, document, indicator, period, quantity, tax
from ingest.walk import (
    Found,
    Sheet,
    Step,
    Table,
    amount,
    each,
    group,
    identifier,
    identifiers,
    inside,
    joined,
    leaf,
    table,
    walk,
)


def line_table(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:AssociatedDocumentLineDocument": inside(table(ns, {
            "ram:LineID": leaf("id"),
            "ram:IncludedNote": inside(table(ns, {"ram:Content": joined("note")})),
        })),
        "ram:SpecifiedTradeProduct": inside(_product(ns)),
        "ram:SpecifiedLineTradeAgreement ram:SpecifiedSupplyChainTradeAgreement": inside(_agreement(ns)),
        "ram:SpecifiedLineTradeDelivery ram:SpecifiedSupplyChainTradeDelivery": inside(table(ns, {
            "ram:BilledQuantity": quantity("quantity", "unit"),
        })),
        "ram:SpecifiedLineTradeSettlement ram:SpecifiedSupplyChainTradeSettlement": inside(_settlement(ns)),
    })  # fmt: skip


def make_line(*, discounts: list[Found] | None = None, **found: Any) -> Line:
    """A line; several discounts on one price come together (BT-147)."""
    for key in ("classifications", "attributes", "allowances_charges"):
        if key in found:
            found[key] = tuple(found[key])
    if discounts:
        found["price_discount"] = sum(d["amount"] for d in discounts)
    return Line(**found)


def _product(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:GlobalID": identifier("standard_item_id"),
        "ram:SellerAssignedID": leaf("seller_item_id"),
        "ram:BuyerAssignedID": leaf("buyer_item_id"),
        "ram:Name": leaf("name"),
        "ram:Description": joined("description"),
        "ram:ApplicableProductCharacteristic": each("attributes", table(ns, {
            "ram:Description": leaf("name"), "ram:Value": leaf("value"),
        }), _attribute),
        "ram:DesignatedProductClassification": inside(table(ns, {
            "ram:ClassCode": identifiers("classifications", "listID"),
        })),
        "ram:OriginTradeCountry": inside(table(ns, {"ram:ID": leaf("origin_country")})),
    })  # fmt: skip


def _agreement(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:BuyerOrderReferencedDocument": inside(table(ns, {"ram:LineID": leaf("order_line")})),
        "ram:GrossPriceProductTradePrice": inside(table(ns, {
            "ram:ChargeAmount": amount("gross_price"),
            "ram:AppliedTradeAllowanceCharge": each("discounts", table(ns, {
                "ram:ChargeIndicator": indicator("is_charge", ns), "ram:ActualAmount": amount("amount"),
            }), _discount),
        })),
        "ram:NetPriceProductTradePrice": inside(table(ns, {
            "ram:ChargeAmount": amount("net_price"),
            "ram:BasisQuantity": quantity("price_base", "price_base_unit"),
        })),
    })  # fmt: skip


def _settlement(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:ApplicableTradeTax": inside(table(ns, tax("vat_category", "vat_rate"))),
        "ram:BillingSpecifiedPeriod": group("period", period(ns), Period),
        "ram:SpecifiedTradeAllowanceCharge": allowance_charges(allowance_charge(ns), "BR-41", "BR-43"),
        "ram:SpecifiedTradeSettlementLineMonetarySummation ram:SpecifiedTradeSettlementMonetarySummation":
            inside(table(ns, {"ram:LineTotalAmount": amount("net_amount")})),
        "ram:AdditionalReferencedDocument": _object(ns),
        "ram:ReceivableSpecifiedTradeAccountingAccount": inside(table(ns, {"ram:ID": leaf("cost_account")})),
    })  # fmt: skip


def _object(ns: Namespaces) -> Step:
    """BT-128: the meter or the line that is charged."""
    steps = document(ns)

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        walk(element, steps, inner, sheet)
        if inner.get("kind", "130") == "130" and "id" in inner:
            found.setdefault("object_id", Identifier(value=inner["id"], scheme=inner.get("scheme", "")))

    return step


def _attribute(*, name: str = "", value: str = "") -> Attribute | None:
    return Attribute(name=name, value=value) if name or value else None


def _discount(*, is_charge: bool = False, **found: Any) -> Found | None:
    """A charge on the price is none of EN 16931's terms."""
    return None if is_charge or "amount" not in found else found
