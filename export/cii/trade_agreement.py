"""Writes CII's trade agreement: seller, buyer, tax representative, references to order, contract and project (BG-4 to
BG-11)."""

from bill import Bill
from export.cii.facturx_profile import EN16931, MINIMUM, FacturXProfile
from export.cii.trade_party import (
    legal_organization,
    registration,
    write_party,
    write_representative,
    write_seller,
)
from export.cii.xml_elements import branch, document, leaf


def write_agreement(bill: Bill, profile: FacturXProfile) -> str:
    """Return the element ApplicableHeaderTradeAgreement of the bill."""
    if profile is MINIMUM:
        return branch(
            "ApplicableHeaderTradeAgreement",
            leaf("BuyerReference", bill.buyer_reference),
            branch(
                "SellerTradeParty",
                leaf("Name", bill.seller.name or "?"),
                legal_organization(bill.seller.legal_id),
                branch("PostalTradeAddress", leaf("CountryID", bill.seller.address.country)),
                registration(bill.seller),
            ),
            branch("BuyerTradeParty", leaf("Name", bill.buyer.name or "?"), legal_organization(bill.buyer.legal_id)),
            document("BuyerOrderReferencedDocument", bill.order),
        )
    whole = profile is EN16931
    return branch(
        "ApplicableHeaderTradeAgreement",
        leaf("BuyerReference", bill.buyer_reference),
        write_seller(bill.seller, whole),
        write_party("BuyerTradeParty", bill.buyer, whole=whole),
        write_representative(bill.tax_representative),
        document("SellerOrderReferencedDocument", bill.sales_order) if whole else "",
        document("BuyerOrderReferencedDocument", bill.order),
        document("ContractReferencedDocument", bill.contract),
        _objects(bill) if whole else "",
        _project(bill) if whole else "",
    )


def _objects(bill: Bill) -> str:
    tender = branch(
        "AdditionalReferencedDocument", leaf("IssuerAssignedID", bill.tender), "<ram:TypeCode>50</ram:TypeCode>"
    ) if bill.tender else ""  # fmt: skip
    if bill.object_id is None:
        return tender
    return tender + branch(
        "AdditionalReferencedDocument",
        leaf("IssuerAssignedID", bill.object_id.value),
        "<ram:TypeCode>130</ram:TypeCode>",
        leaf("ReferenceTypeCode", bill.object_id.scheme),
    )


def _project(bill: Bill) -> str:
    if not bill.project:
        return ""
    return branch("SpecifiedProcuringProject", leaf("ID", bill.project), "<ram:Name>Project reference</ram:Name>")
