"""A line of the bill (BG-25). A bill is made of these, and bills of one issuer have the same ones with other figures:
so what a line says besides its price, quantity and amount is written in one piece, and remembered.
"""

from functools import lru_cache

from bill import Line, Period
from render.cii.parts import (
    allowances_charges,
    branch,
    charge_indicator,
    escaped,
    figures,
    leaf,
    number,
    percent,
    period_of,
    write_tax,
)


def write_line(line: Line) -> str:
    """A whole line, as `profile_of` asks for: with its id, name, quantity, unit, price, tax category and amount."""
    category, base = line.vat_category, number("BasisQuantity", line.price_base, "unitCode", line.price_base_unit)
    opening, priced, counted = _frame(
        line.note, _product_numbers(line), line.name, line.description, _product_rest(line),
        _before_net_price(line, base), base, line.unit, category, percent(category, line.vat_rate), line.period,
        allowances_charges(line.allowances_charges),
    )  # fmt: skip
    return (
        "<ram:IncludedSupplyChainTradeLineItem>"
        f"<ram:AssociatedDocumentLineDocument><ram:LineID>{escaped(line.id)}</ram:LineID>"
        f"{opening}{figures(line.net_price)}{priced}{figures(line.quantity)}{counted}{figures(line.net_amount)}"
        "</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"{_references(line)}</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )


@lru_cache(maxsize=1024)
def _frame(
    note: str, numbers: str, name: str, description: str, rest: str, before: str, base: str, unit: str,
    category: str, rate: str, period: Period | None, changes: str,
) -> tuple[str, str, str]:  # fmt: skip
    """The line from its id to its price, from there to its quantity, and from there to its amount."""
    opening = (
        f"{branch('IncludedNote', leaf('Content', note))}</ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct>{numbers}<ram:Name>{escaped(name)}</ram:Name>"
        f"{leaf('Description', description)}{rest}</ram:SpecifiedTradeProduct>"
        f"<ram:SpecifiedLineTradeAgreement>{before}<ram:NetPriceProductTradePrice><ram:ChargeAmount>"
    )
    priced = (
        f"</ram:ChargeAmount>{base}</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
        f'<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="{escaped(unit)}">'
    )
    counted = (
        "</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>"
        f"<ram:SpecifiedLineTradeSettlement>{write_tax(category, rate, 'ApplicableTradeTax')}{period_of(period)}"
        f"{changes}<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>"
    )
    return opening, priced, counted


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
    """The order's line, and the price before its discount."""
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
