"""A line of the bill (BG-25)."""

from bill import Line
from render.cii.parts import branch, charge_indicator, leaf, period_of, tax_of, write_allowance_charge


def write_line(line: Line) -> str:
    return branch(
        "IncludedSupplyChainTradeLineItem",
        branch(
            "AssociatedDocumentLineDocument",
            leaf("LineID", line.id),
            branch("IncludedNote", leaf("Content", line.note)),
        ),
        _product(line),
        _line_agreement(line),
        branch("SpecifiedLineTradeDelivery", leaf("BilledQuantity", line.quantity, "unitCode", line.unit)),
        branch(
            "SpecifiedLineTradeSettlement",
            tax_of(line.vat_category, line.vat_rate, "ApplicableTradeTax"),
            period_of(line.period),
            *map(write_allowance_charge, line.allowances_charges),
            branch("SpecifiedTradeSettlementLineMonetarySummation", leaf("LineTotalAmount", line.net_amount)),
            branch(
                "AdditionalReferencedDocument",
                leaf("IssuerAssignedID", line.object_id.value),
                "<ram:TypeCode>130</ram:TypeCode>",
                leaf("ReferenceTypeCode", line.object_id.scheme),
            ) if line.object_id else "",
            branch("ReceivableSpecifiedTradeAccountingAccount", leaf("ID", line.cost_account)),
        ),
    )  # fmt: skip


def _product(line: Line) -> str:
    standard = line.standard_item_id
    return branch(
        "SpecifiedTradeProduct",
        leaf("GlobalID", standard.value, "schemeID", standard.scheme) if standard and standard.scheme else "",
        leaf("SellerAssignedID", line.seller_item_id),
        leaf("BuyerAssignedID", line.buyer_item_id),
        leaf("Name", line.name),
        leaf("Description", line.description),
        *(
            branch("ApplicableProductCharacteristic", leaf("Description", each.name), leaf("Value", each.value))
            for each in line.attributes
            if each.name and each.value
        ),
        *(
            branch("DesignatedProductClassification", leaf("ClassCode", each.value, "listID", each.scheme))
            for each in line.classifications
            if each.scheme
        ),
        branch("OriginTradeCountry", leaf("ID", line.origin_country)),
    )


def _line_agreement(line: Line) -> str:
    base = leaf("BasisQuantity", line.price_base, "unitCode", line.price_base_unit)
    gross = ""
    if line.gross_price is not None:
        discount = "" if line.price_discount is None else branch(
            "AppliedTradeAllowanceCharge", charge_indicator(False), leaf("ActualAmount", line.price_discount)
        )  # fmt: skip
        gross = branch("GrossPriceProductTradePrice", leaf("ChargeAmount", line.gross_price), base, discount)
    return branch(
        "SpecifiedLineTradeAgreement",
        branch("BuyerOrderReferencedDocument", leaf("LineID", line.order_line)),
        gross,
        branch("NetPriceProductTradePrice", leaf("ChargeAmount", line.net_price), base),
    )
