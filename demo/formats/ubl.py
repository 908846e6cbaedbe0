"""Writes bills as UBL 2.1: an Invoice or CreditNote, or a batch of them in one document."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Final

from bill import Bill, Line, Party, Payment, Period, PostalAddress, VatBreakdown
from demo.formats.xml_writer import branch, leaf

_NAMESPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_PREFIXES: Final = {
    "xmlns:cac": f"{_NAMESPACE}CommonAggregateComponents-2", "xmlns:cbc": f"{_NAMESPACE}CommonBasicComponents-2",
}  # fmt: skip
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def batch(bills: Iterable[Bill]) -> bytes:
    """Return many bills in one document, each on a line of its own."""
    inside = "\n".join(document(bill) for bill in bills)
    return f"{_HEAD}<Factures>\n{inside}\n</Factures>\n".encode()


def document(bill: Bill) -> str:
    """Return one bill as an Invoice or CreditNote element with its namespaces."""
    kind = "CreditNote" if bill.is_credit_note else "Invoice"
    return branch(
        kind,
        leaf("cbc:CustomizationID", bill.profile),
        leaf("cbc:ID", bill.number),
        leaf("cbc:IssueDate", bill.issue_date),
        leaf("cbc:DueDate", None if bill.is_credit_note else bill.due_date),
        leaf(f"cbc:{kind}TypeCode", bill.type_code),
        *(leaf("cbc:Note", note.text) for note in bill.notes),
        leaf("cbc:DocumentCurrencyCode", bill.currency),
        _period(bill.period),
        *(
            branch("cac:BillingReference", branch(
                "cac:InvoiceDocumentReference", leaf("cbc:ID", each.number), leaf("cbc:IssueDate", each.issue_date)))
            for each in bill.preceding
        ),
        branch("cac:ContractDocumentReference", leaf("cbc:ID", bill.contract)),
        _object(bill),
        branch("cac:AccountingSupplierParty", _party(bill.seller, bill.payment.creditor_id)),
        branch("cac:AccountingCustomerParty", _party(bill.buyer)),
        _payment(bill.payment),
        branch("cac:PaymentTerms", leaf("cbc:Note", bill.terms)),
        _taxes(bill),
        _totals(bill),
        *(_line(bill, each) for each in bill.lines),
        xmlns=f"{_NAMESPACE}{kind}-2", **_PREFIXES,
    )  # fmt: skip


def _object(bill: Bill) -> str:
    """Return the meter as an invoiced object (BT-18): a document of type 130."""
    if bill.object_id is None:
        return ""
    return branch(
        "cac:AdditionalDocumentReference", leaf("cbc:ID", bill.object_id.value), leaf("cbc:DocumentTypeCode", "130")
    )


def _period(period: Period | None) -> str:
    if period is None:
        return ""
    return branch("cac:InvoicePeriod", leaf("cbc:StartDate", period.start), leaf("cbc:EndDate", period.end))


def _party(party: Party, creditor_id: str = "") -> str:
    legal_id = party.legal_id
    return branch(
        "cac:Party",
        *(branch("cac:PartyIdentification", leaf("cbc:ID", each.value)) for each in party.identifiers),
        branch("cac:PartyIdentification", leaf("cbc:ID", creditor_id, schemeID="SEPA")),
        _address(party.address),
        branch("cac:PartyTaxScheme", leaf("cbc:CompanyID", party.vat_id), _VAT_SCHEME if party.vat_id else ""),
        branch(
            "cac:PartyLegalEntity",
            leaf("cbc:RegistrationName", party.name),
            leaf("cbc:CompanyID", legal_id.value, schemeID=legal_id.scheme) if legal_id else "",
        ),
        branch(
            "cac:Contact",
            leaf("cbc:Name", party.contact.name),
            leaf("cbc:Telephone", party.contact.phone),
            leaf("cbc:ElectronicMail", party.contact.email),
        ) if party.contact else "",
    )  # fmt: skip


_VAT_SCHEME: Final = branch("cac:TaxScheme", leaf("cbc:ID", "VAT"))


def _address(address: PostalAddress) -> str:
    return branch(
        "cac:PostalAddress",
        leaf("cbc:StreetName", address.line1),
        leaf("cbc:AdditionalStreetName", address.line2),
        leaf("cbc:CityName", address.city),
        leaf("cbc:PostalZone", address.postcode),
        branch("cac:Country", leaf("cbc:IdentificationCode", address.country)),
    )


def _payment(payment: Payment) -> str:
    transfer = payment.transfers[0] if payment.transfers else None
    return branch(
        "cac:PaymentMeans",
        leaf("cbc:PaymentMeansCode", payment.means_code),
        leaf("cbc:PaymentID", payment.remittance),
        branch(
            "cac:PayeeFinancialAccount",
            leaf("cbc:ID", transfer.iban),
            leaf("cbc:Name", transfer.name),
            branch("cac:FinancialInstitutionBranch", leaf("cbc:ID", transfer.bic)),
        ) if transfer else "",
        branch(
            "cac:PaymentMandate",
            leaf("cbc:ID", payment.mandate),
            branch("cac:PayerFinancialAccount", leaf("cbc:ID", payment.debited_iban)),
        ),
    )  # fmt: skip


def _taxes(bill: Bill) -> str:
    money = partial(leaf, currencyID=bill.currency)
    return branch("cac:TaxTotal", money("cbc:TaxAmount", bill.totals.vat), *(
        branch(
            "cac:TaxSubtotal",
            money("cbc:TaxableAmount", each.taxable),
            money("cbc:TaxAmount", each.vat),
            _category("cac:TaxCategory", each),
        )
        for each in bill.vat
    ))  # fmt: skip


def _category(tag: str, vat: VatBreakdown) -> str:
    return branch(
        tag,
        leaf("cbc:ID", vat.category),
        leaf("cbc:Percent", vat.rate),
        leaf("cbc:TaxExemptionReason", vat.exemption_reason),
        _VAT_SCHEME,
    )


def _totals(bill: Bill) -> str:
    money, totals = partial(leaf, currencyID=bill.currency), bill.totals
    return branch(
        "cac:LegalMonetaryTotal",
        money("cbc:LineExtensionAmount", totals.lines),
        money("cbc:TaxExclusiveAmount", totals.net),
        money("cbc:TaxInclusiveAmount", totals.gross),
        money("cbc:PrepaidAmount", totals.paid),
        money("cbc:PayableAmount", totals.payable),
    )


def _line(bill: Bill, line: Line) -> str:
    kind, quantity = ("CreditNote", "Credited") if bill.is_credit_note else ("Invoice", "Invoiced")
    money = partial(leaf, currencyID=bill.currency)
    return branch(
        f"cac:{kind}Line",
        leaf("cbc:ID", line.id),
        leaf(f"cbc:{quantity}Quantity", line.quantity, unitCode=line.unit),
        money("cbc:LineExtensionAmount", line.net_amount),
        _period(line.period),
        branch(
            "cac:Item",
            leaf("cbc:Description", line.description),
            leaf("cbc:Name", line.name),
            _category("cac:ClassifiedTaxCategory", VatBreakdown(category=line.vat_category, rate=line.vat_rate)),
            *(
                branch("cac:AdditionalItemProperty", leaf("cbc:Name", each.name), leaf("cbc:Value", each.value))
                for each in line.attributes
            ),
        ),
        branch("cac:Price", money("cbc:PriceAmount", line.net_price or Decimal(0))),
    )
