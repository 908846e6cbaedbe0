"""The mapping table of one UBL invoice line (BG-25)."""

from typing import Any, Final

from bill import Attribute, Identifier, Line, Period
from ingest.allowance_charges import allowance_charges
from ingest.document_findings import Found
from ingest.sub_invoice_lines import inside_line, with_parents
from ingest.ubl.document_and_line_elements import ALLOWANCE_CHARGE, DOCUMENT, PERIOD, id_of, of, vat_category
from ingest.xml.element import Element
from ingest.xml.mapper import ValueMapping, XmlMapper
from ingest.xml.mapping_steps import amount, each, group, identifier, identifiers, joined, qualified, words_of
from untrusted.value_parsing import code, decimal, truth


def _line_object(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for the invoiced object of the line (BT-128), such as a meter or a telephone line."""
    inner: Found = {}
    mapper.map_element(element, DOCUMENT, inner)
    if inner.get("kind", "130") == "130" and "id" in inner:
        found.setdefault("object_id", Identifier(value=inner["id"], scheme=inner.get("scheme", "")))


def make_line(*, taxes: Found | None = None, discount: Found | None = None, **found: Any) -> Line:
    """Return a line; where the item has no VAT category, as in OIOUBL, it is taken from the line's tax total."""
    if taxes:
        found = taxes | found
    if discount:
        found |= discount
    for key in ("classifications", "attributes", "allowances_charges"):
        if key in found:
            found[key] = tuple(found[key])
    if "parts" in found:
        found["parts"] = with_parents(found.get("id", ""), found["parts"])
    return Line(**found)


def _attribute(*, name: str = "", value: str = "") -> Attribute | None:
    return Attribute(name=name, value=value) if name or value else None


def _discount(*, is_charge: bool = False, **found: Any) -> Found:
    """Return the discount on the price and the gross price (BT-147, BT-148); a charge on the price is ignored, since EN
    16931 has none."""
    return {} if is_charge else found


def _part(element: Element, found: Found, mapper: XmlMapper) -> None:
    inside_line(element, LINE, found, make_line, mapper)


LINE: Final = of({
    "cbc:ID": words_of("id"),
    "cbc:Note": joined("note"),
    "cbc:InvoicedQuantity cbc:CreditedQuantity": qualified("quantity", "unitCode", "unit", decimal),
    "cbc:LineExtensionAmount": amount("net_amount"),
    "cbc:AccountingCost": words_of("cost_account"),
    "cac:InvoicePeriod": group("period", PERIOD, Period),
    "cac:OrderLineReference": of({"cbc:LineID": words_of("order_line")}),
    "cac:DocumentReference": _line_object,
    "cac:AllowanceCharge": allowance_charges(ALLOWANCE_CHARGE, "BR-41", "BR-43"),
    "cac:TaxTotal": of({"cac:TaxSubtotal": group("taxes", of({
        "cac:TaxCategory": of({"cbc:ID": vat_category, "cbc:Percent": amount("vat_rate")}),
    }), dict)}),
    "cac:Item": of({
        "cbc:Description": joined("description"),
        "cbc:Name": words_of("name"),
        "cac:BuyersItemIdentification": id_of("buyer_item_id"),
        "cac:SellersItemIdentification": id_of("seller_item_id"),
        "cac:StandardItemIdentification": of({"cbc:ID": identifier("standard_item_id")}),
        "cac:OriginCountry": of({"cbc:IdentificationCode": ValueMapping("origin_country", code)}),
        "cac:CommodityClassification": of({
            "cbc:ItemClassificationCode": identifiers("classifications", "listID"),
        }),
        "cac:ClassifiedTaxCategory": of({"cbc:ID": vat_category, "cbc:Percent": amount("vat_rate")}),
        "cac:AdditionalItemProperty": each("attributes", of({
            "cbc:Name": words_of("name"), "cbc:Value": words_of("value"),
        }), _attribute),
    }),
    "cac:SubInvoiceLine cac:SubCreditNoteLine": _part,
    "cac:Price": of({
        "cbc:PriceAmount": amount("net_price"),
        "cbc:BaseQuantity": qualified("price_base", "unitCode", "price_base_unit", decimal),
        "cac:AllowanceCharge": group("discount", of({
            "cbc:ChargeIndicator": ValueMapping("is_charge", truth),
            "cbc:Amount": amount("price_discount"),
            "cbc:BaseAmount": amount("gross_price"),
        }), _discount),
    }),
})  # fmt: skip
