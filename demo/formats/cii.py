"""Writes bills as UN/CEFACT Cross Industry Invoice (CII D16B), one document for each bill."""

from datetime import date
from typing import Final

from bill import Bill, Line, Party, Payment, Period, PostalAddress, VatBreakdown
from demo.formats.xml_writer import branch, leaf

_NAMESPACE: Final = "urn:un:unece:uncefact:data:standard:"
_PREFIXES: Final = {
    "xmlns:rsm": f"{_NAMESPACE}CrossIndustryInvoice:100",
    "xmlns:ram": f"{_NAMESPACE}ReusableAggregateBusinessInformationEntity:100",
    "xmlns:udt": f"{_NAMESPACE}UnqualifiedDataType:100",
    "xmlns:qdt": f"{_NAMESPACE}QualifiedDataType:100",
}


def document(bill: Bill) -> bytes:
    """Return one bill as a CII document."""
    root = branch(
        "rsm:CrossIndustryInvoice",
        branch(
            "rsm:ExchangedDocumentContext",
            branch("ram:GuidelineSpecifiedDocumentContextParameter", leaf("ram:ID", bill.profile)),
        ),
        branch(
            "rsm:ExchangedDocument",
            leaf("ram:ID", bill.number),
            leaf("ram:TypeCode", bill.type_code),
            _day("ram:IssueDateTime", bill.issue_date),
            *(branch("ram:IncludedNote", leaf("ram:Content", note.text)) for note in bill.notes),
        ),
        branch(
            "rsm:SupplyChainTradeTransaction",
            *(_line(line) for line in bill.lines),
            _agreement(bill),
            "<ram:ApplicableHeaderTradeDelivery/>",
            _settlement(bill),
        ),
        **_PREFIXES,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


def _day(tag: str, day: date | None, kind: str = "udt") -> str:
    text = "" if day is None else f"{day:%Y%m%d}"
    return branch(tag, leaf(f"{kind}:DateTimeString", text, format="102"))


def _period(tag: str, period: Period | None) -> str:
    if period is None:
        return ""
    return branch(tag, _day("ram:StartDateTime", period.start), _day("ram:EndDateTime", period.end))


def _agreement(bill: Bill) -> str:
    return branch(
        "ram:ApplicableHeaderTradeAgreement",
        _party("ram:SellerTradeParty", bill.seller),
        _party("ram:BuyerTradeParty", bill.buyer),
        branch("ram:ContractReferencedDocument", leaf("ram:IssuerAssignedID", bill.contract)),
        branch(
            "ram:AdditionalReferencedDocument",
            leaf("ram:IssuerAssignedID", bill.object_id.value),
            leaf("ram:TypeCode", "130"),
        ) if bill.object_id else "",
    )  # fmt: skip


def _party(tag: str, party: Party) -> str:
    legal_id, contact = party.legal_id, party.contact
    return branch(
        tag,
        *(leaf("ram:ID", each.value) for each in party.identifiers),
        leaf("ram:Name", party.name),
        branch(
            "ram:SpecifiedLegalOrganization",
            leaf("ram:ID", legal_id.value, schemeID=legal_id.scheme) if legal_id else "",
        ),
        branch(
            "ram:DefinedTradeContact",
            leaf("ram:PersonName", contact.name),
            branch("ram:TelephoneUniversalCommunication", leaf("ram:CompleteNumber", contact.phone)),
            branch("ram:EmailURIUniversalCommunication", leaf("ram:URIID", contact.email)),
        ) if contact else "",
        _address(party.address),
        branch("ram:SpecifiedTaxRegistration", leaf("ram:ID", party.vat_id, schemeID="VA")),
    )  # fmt: skip


def _address(address: PostalAddress) -> str:
    return branch(
        "ram:PostalTradeAddress",
        leaf("ram:PostcodeCode", address.postcode),
        leaf("ram:LineOne", address.line1),
        leaf("ram:LineTwo", address.line2),
        leaf("ram:CityName", address.city),
        leaf("ram:CountryID", address.country),
    )


def _settlement(bill: Bill) -> str:
    payment = bill.payment
    return branch(
        "ram:ApplicableHeaderTradeSettlement",
        leaf("ram:CreditorReferenceID", payment.creditor_id),
        leaf("ram:PaymentReference", payment.remittance),
        leaf("ram:InvoiceCurrencyCode", bill.currency),
        _means(payment),
        *(_tax(each) for each in bill.vat),
        _period("ram:BillingSpecifiedPeriod", bill.period),
        branch(
            "ram:SpecifiedTradePaymentTerms",
            leaf("ram:Description", bill.terms),
            _day("ram:DueDateDateTime", bill.due_date),
            leaf("ram:DirectDebitMandateID", payment.mandate),
        ),
        _totals(bill),
        *(
            branch(
                "ram:InvoiceReferencedDocument",
                leaf("ram:IssuerAssignedID", each.number),
                _day("ram:FormattedIssueDateTime", each.issue_date, "qdt"),
            )
            for each in bill.preceding
        ),
    )


def _means(payment: Payment) -> str:
    transfer = payment.transfers[0] if payment.transfers else None
    return branch(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        leaf("ram:TypeCode", payment.means_code),
        branch("ram:PayerPartyDebtorFinancialAccount", leaf("ram:IBANID", payment.debited_iban)),
        branch(
            "ram:PayeePartyCreditorFinancialAccount",
            leaf("ram:IBANID", transfer.iban),
            leaf("ram:AccountName", transfer.name),
        ) if transfer else "",
        branch("ram:PayeeSpecifiedCreditorFinancialInstitution", leaf("ram:BICID", transfer.bic)) if transfer else "",
    )  # fmt: skip


def _tax(vat: VatBreakdown) -> str:
    return branch(
        "ram:ApplicableTradeTax",
        leaf("ram:CalculatedAmount", vat.vat),
        leaf("ram:TypeCode", "VAT"),
        leaf("ram:ExemptionReason", vat.exemption_reason),
        leaf("ram:BasisAmount", vat.taxable),
        leaf("ram:CategoryCode", vat.category),
        leaf("ram:RateApplicablePercent", vat.rate),
    )


def _totals(bill: Bill) -> str:
    totals = bill.totals
    return branch(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        leaf("ram:LineTotalAmount", totals.lines),
        leaf("ram:TaxBasisTotalAmount", totals.net),
        leaf("ram:TaxTotalAmount", totals.vat, currencyID=bill.currency),
        leaf("ram:GrandTotalAmount", totals.gross),
        leaf("ram:TotalPrepaidAmount", totals.paid),
        leaf("ram:DuePayableAmount", totals.payable),
    )


def _line(line: Line) -> str:
    return branch(
        "ram:IncludedSupplyChainTradeLineItem",
        branch("ram:AssociatedDocumentLineDocument", leaf("ram:LineID", line.id)),
        branch(
            "ram:SpecifiedTradeProduct",
            leaf("ram:Name", line.name),
            leaf("ram:Description", line.description),
            *(
                branch(
                    "ram:ApplicableProductCharacteristic",
                    leaf("ram:Description", each.name),
                    leaf("ram:Value", each.value),
                )
                for each in line.attributes
            ),
        ),
        branch(
            "ram:SpecifiedLineTradeAgreement",
            branch("ram:NetPriceProductTradePrice", leaf("ram:ChargeAmount", line.net_price)),
        ),
        branch("ram:SpecifiedLineTradeDelivery", leaf("ram:BilledQuantity", line.quantity, unitCode=line.unit)),
        branch(
            "ram:SpecifiedLineTradeSettlement",
            branch(
                "ram:ApplicableTradeTax",
                leaf("ram:TypeCode", "VAT"),
                leaf("ram:CategoryCode", line.vat_category),
                leaf("ram:RateApplicablePercent", line.vat_rate),
            ),
            _period("ram:BillingSpecifiedPeriod", line.period),
            branch("ram:SpecifiedTradeSettlementLineMonetarySummation", leaf("ram:LineTotalAmount", line.net_amount)),
        ),
    )
