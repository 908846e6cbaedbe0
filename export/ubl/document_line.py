"""Writes one line of a UBL document (BG-25): quantity, amount, period, item and price."""

from bill import Bill, Line
from export.ubl.document_totals import write_allowances_charges
from export.ubl.xml_elements import amount, branch, document, identified, leaf, number, on_day, tax_category


def write_line(line: Line, bill: Bill) -> str:
    """Return the XML of one line of *bill*. `is_whole` has made sure that it has what the rules ask for."""
    is_credit, period = bill.is_credit_note, line.period
    return branch(
        "CreditNoteLine" if is_credit else "InvoiceLine",
        leaf("ID", line.id),
        leaf("Note", line.note),
        number("CreditedQuantity" if is_credit else "InvoicedQuantity", line.quantity, "unitCode", line.unit),
        amount("LineExtensionAmount", line.net_amount, bill.currency),
        leaf("AccountingCost", line.cost_account),
        branch("InvoicePeriod", on_day("StartDate", period.start), on_day("EndDate", period.end)) if period else "",
        branch("OrderLineReference", leaf("LineID", line.order_line)),
        branch("DocumentReference", identified("ID", line.object_id), leaf("DocumentTypeCode", "130"))
        if line.object_id else "",
        write_allowances_charges(line.allowances_charges, bill.currency),
        _item(line),
        _price(line, bill.currency),
    )  # fmt: skip


def _item(line: Line) -> str:
    standard = line.standard_item_id
    return branch(
        "Item",
        leaf("Description", line.description),
        leaf("Name", line.name),
        document("BuyersItemIdentification", line.buyer_item_id),
        document("SellersItemIdentification", line.seller_item_id),
        branch("StandardItemIdentification", identified("ID", standard)) if standard and standard.scheme else "",
        branch("OriginCountry", leaf("IdentificationCode", line.origin_country)),
        "".join(
            branch("CommodityClassification", leaf("ItemClassificationCode", each.value, "listID", each.scheme))
            for each in line.classifications
            if each.scheme
        ),
        tax_category("ClassifiedTaxCategory", line.vat_category, line.vat_rate),
        "".join(
            branch("AdditionalItemProperty", leaf("Name", each.name), leaf("Value", each.value))
            for each in line.attributes
            if each.name and each.value
        ),
    )


def _price(line: Line, currency: str) -> str:
    discount = "" if line.gross_price is None else branch(
        "AllowanceCharge",
        leaf("ChargeIndicator", "false"),
        amount("Amount", line.price_discount or line.gross_price - (line.net_price or line.gross_price), currency),
        amount("BaseAmount", line.gross_price, currency),
    )  # fmt: skip
    return branch(
        "Price",
        amount("PriceAmount", line.net_price, currency),
        number("BaseQuantity", line.price_base, "unitCode", line.price_base_unit),
        discount,
    )
