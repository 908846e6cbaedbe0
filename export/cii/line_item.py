"""Writes one line of the bill (BG-25) as CII.

Most of a bill is lines, so the parts that every line has are written by one format string. Bills of one issuer repeat
the same articles, units, taxes and periods, so the XML of these is cached.
"""

from functools import lru_cache

from bill import Line, Period
from export.cii.xml_elements import (
    allowances_charges,
    branch,
    charge_indicator,
    leaf,
    number,
    percent,
    period_of,
    write_tax,
)
from export.xml_text import escaped, figures


def write_line(line: Line) -> str:
    """Return the XML of one line. `facturx_profile_of` has made sure that it has an id, name, quantity, unit, price,
    VAT category and amount."""
    note = branch("IncludedNote", leaf("Content", line.note)) if line.note else ""
    base = number("BasisQuantity", line.price_base, "unitCode", line.price_base_unit)
    rate = percent(line.vat_category, line.vat_rate)
    article, unit, tax = _usual(_product_numbers(line), line.name, line.unit, line.vat_category, rate, line.period)
    return (
        "<ram:IncludedSupplyChainTradeLineItem>"
        f"<ram:AssociatedDocumentLineDocument><ram:LineID>{escaped(line.id)}</ram:LineID>{note}"
        "</ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct>{article}{leaf('Description', line.description)}{_product_rest(line)}"
        "</ram:SpecifiedTradeProduct>"
        f"<ram:SpecifiedLineTradeAgreement>{_before_net_price(line, base)}<ram:NetPriceProductTradePrice>"
        f"<ram:ChargeAmount>{figures(line.net_price)}</ram:ChargeAmount>{base}"
        "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
        f'<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="{unit}">{figures(line.quantity)}'
        "</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>"
        f"<ram:SpecifiedLineTradeSettlement>{tax}{allowances_charges(line.allowances_charges)}"
        f"<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{figures(line.net_amount)}"
        "</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"{_references(line)}</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )


@lru_cache(maxsize=1024)
def _usual(numbers: str, name: str, unit: str, category: str, rate: str, period: Period | None) -> tuple[str, str, str]:
    """Return three cached pieces of XML: the article with its numbers and name, the unit code, and the VAT with the
    line's period."""
    article = f"{numbers}<ram:Name>{escaped(name)}</ram:Name>"
    return article, escaped(unit), write_tax(category, rate, "ApplicableTradeTax") + period_of(period)


def _product_numbers(line: Line) -> str:
    standard = line.standard_item_id
    if standard is None and not line.seller_item_id and not line.buyer_item_id:
        return ""
    return (
        (leaf("GlobalID", standard.value, "schemeID", standard.scheme) if standard and standard.scheme else "")
        + leaf("SellerAssignedID", line.seller_item_id)
        + leaf("BuyerAssignedID", line.buyer_item_id)
    )


def _product_rest(line: Line) -> str:
    if not line.attributes and not line.classifications and not line.origin_country:
        return ""
    attributes = [
        branch("ApplicableProductCharacteristic", leaf("Description", each.name), leaf("Value", each.value))
        for each in line.attributes
        if each.name and each.value
    ]
    classes = [
        branch("DesignatedProductClassification", leaf("ClassCode", each.value, "listID", each.scheme))
        for each in line.classifications
        if each.scheme
    ]
    return "".join([*attributes, *classes, branch("OriginTradeCountry", leaf("ID", line.origin_country))])


def _before_net_price(line: Line, base: str) -> str:
    """Return the reference to the order's line, and the gross price when there is a discount on it."""
    if line.gross_price is None and not line.order_line:
        return ""
    order = branch("BuyerOrderReferencedDocument", leaf("LineID", line.order_line))
    if line.gross_price is None:
        return order
    discount = "" if line.price_discount is None else branch(
        "AppliedTradeAllowanceCharge", charge_indicator(False), number("ActualAmount", line.price_discount)
    )  # fmt: skip
    return order + branch("GrossPriceProductTradePrice", number("ChargeAmount", line.gross_price), base, discount)


def _references(line: Line) -> str:
    if line.object_id is None and not line.cost_account:
        return ""
    thing = "" if line.object_id is None else branch(
        "AdditionalReferencedDocument",
        leaf("IssuerAssignedID", line.object_id.value),
        "<ram:TypeCode>130</ram:TypeCode>",
        leaf("ReferenceTypeCode", line.object_id.scheme),
    )  # fmt: skip
    return thing + branch("ReceivableSpecifiedTradeAccountingAccount", leaf("ID", line.cost_account))
