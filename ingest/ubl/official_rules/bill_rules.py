"""The rules of the bill as a whole, of its payment and of the documents it names, checked on UBL elements
(EN 16931-3-2, from the official validation 1.3.16)."""

from collections.abc import Callable
from typing import Final

from lxml import etree

from ingest.ubl.official_rules.shared_predicates import BILL, TAG, of_bill
from ingest.xml.document_elements import DocumentElements
from ingest.xml.official_rule_kinds import (
    DecimalsRule,
    DocumentRule,
    ElementRule,
    Rule,
    decimals,
    no_attribute,
    no_child,
    once,
)
from ingest.xml.xpath_values import string_of

_NO_ACCOUNT: Final = "a credit transfer must say to which account (BT-84)"
_NO_PRECEDING: Final = "a preceding invoice must have its number (BT-25)"
_ENDS_BEFORE: Final = (
    "cbc:StartDate and cbc:EndDate and number(translate(substring(normalize-space(cbc:EndDate), 1, 10), '-', ''))"
    " < number(translate(substring(normalize-space(cbc:StartDate), 1, 10), '-', ''))"
)
_IS_TRANSFER: Final = "(normalize-space(cbc:PaymentMeansCode) = '30' or normalize-space(cbc:PaymentMeansCode) = '58')"

_HEADER: Final[tuple[Rule, ...]] = (
    ElementRule("BR-01", BILL, "not(normalize-space(cbc:CustomizationID))",
                "the specification the bill follows is missing (BT-24)"),
    ElementRule("BR-02", BILL, "not(normalize-space(cbc:ID))", "a bill must have an invoice number (BT-1)"),
    ElementRule("BR-03", BILL, "not(normalize-space(cbc:IssueDate))", "a bill must have an issue date (BT-2)"),
    ElementRule("BR-04", BILL, "not(normalize-space(cbc:InvoiceTypeCode) or normalize-space(cbc:CreditNoteTypeCode))",
                "the type of the document is missing (BT-3)"),
    ElementRule("BR-05", BILL, "not(normalize-space(cbc:DocumentCurrencyCode))", "a bill must have a currency (BT-5)"),
    ElementRule("BR-16", BILL, "not(cac:InvoiceLine or cac:CreditNoteLine)", "a bill must have a line"),
    ElementRule("BR-CO-03", BILL, "cbc:TaxPointDate and cac:InvoicePeriod/cbc:DescriptionCode",
                "the day the tax is due is said twice: as a date and as a code"),
    ElementRule("BR-CO-18", BILL, "not(cac:TaxTotal/cac:TaxSubtotal)", "a bill must break its VAT down"),
    ElementRule("BR-12", "cac:LegalMonetaryTotal", "not(cbc:LineExtensionAmount)", "the sum of the lines is missing"),
    ElementRule("BR-13", "cac:LegalMonetaryTotal", "not(cbc:TaxExclusiveAmount)", "the total without VAT is missing"),
    ElementRule("BR-14", "cac:LegalMonetaryTotal", "not(cbc:TaxInclusiveAmount)", "the total with VAT is missing"),
    ElementRule("BR-15", "cac:LegalMonetaryTotal", "not(cbc:PayableAmount)",
                "a bill must have an amount due for payment (BT-115)"),
    *decimals(*(
        (rule, "cac:LegalMonetaryTotal", f"cbc:{name}")
        for rule, name in {
            "BR-DEC-09": "LineExtensionAmount", "BR-DEC-10": "AllowanceTotalAmount", "BR-DEC-11": "ChargeTotalAmount",
            "BR-DEC-12": "TaxExclusiveAmount", "BR-DEC-14": "TaxInclusiveAmount", "BR-DEC-16": "PrepaidAmount",
            "BR-DEC-17": "PayableRoundingAmount", "BR-DEC-18": "PayableAmount",
        }.items()
    )),
    DecimalsRule("UBL-DT-01", "*Amount[not(ancestor::cac:Price[cac:AllowanceCharge[1]]) and "
                 "substring(local-name(), string-length(local-name()) - 10) != 'PriceAmount']"),
    ElementRule("BR-29", "cac:InvoicePeriod", f"not(parent::cac:InvoiceLine or parent::cac:CreditNoteLine)"
                f" and {_ENDS_BEFORE}", "the period billed ends before it begins"),
    ElementRule("BR-30", "cac:InvoicePeriod", f"(parent::cac:InvoiceLine or parent::cac:CreditNoteLine)"
                f" and {_ENDS_BEFORE}", "the line's period ends before it begins"),
    ElementRule("BR-CO-19", "cac:InvoicePeriod", "not(parent::cac:InvoiceLine or parent::cac:CreditNoteLine)"
                " and not(cbc:StartDate or cbc:EndDate or cbc:DescriptionCode)",
                "the period billed must have a beginning or an end (BT-73, BT-74)"),
    ElementRule("BR-CO-20", "cac:InvoicePeriod", "(parent::cac:InvoiceLine or parent::cac:CreditNoteLine)"
                " and not(cbc:StartDate or cbc:EndDate)",
                "a line's period must have a beginning or an end (BT-134, BT-135)"),
    *once(
        BILL,
        ("UBL-SR-01", "cac:ContractDocumentReference/cbc:ID", "the contract (BT-12)"),
        ("UBL-SR-02", "cac:ReceiptDocumentReference/cbc:ID", "the receiving advice (BT-15)"),
        ("UBL-SR-03", "cac:DespatchDocumentReference/cbc:ID", "the despatch advice (BT-16)"),
        ("UBL-SR-04", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode = '130']/cbc:ID", "what is billed (BT-18)"),
        ("UBL-SR-05", "cac:PaymentTerms/cbc:Note", "the terms of payment (BT-20)"),
        ("UBL-SR-08", "cac:InvoicePeriod", "the period billed (BG-14)"),
        ("UBL-SR-24", "cac:Delivery", "the delivery (BG-13)"),
        ("UBL-SR-39", "cac:ProjectReference/cbc:ID", "the project (BT-11)"),
        ("UBL-SR-45", "cac:PaymentMeans/cbc:PaymentDueDate", "the due date (BT-9)"),
        ("UBL-SR-46", "cac:PaymentMeans/cbc:PaymentMeansCode/@name", "the name of the means of payment (BT-82)"),
        ("UBL-SR-49", "cac:InvoicePeriod/cbc:DescriptionCode", "when the tax is due (BT-8)"),
        ("UBL-SR-54", "cac:PaymentMeans/cac:CardAccount", "the payment card (BG-18)"),
        ("UBL-SR-55", "cac:PaymentMeans/cac:PaymentMandate", "the mandate of a direct debit (BG-19)"),
        ("UBL-SR-56", "cac:OriginatorDocumentReference/cbc:ID", "the tender or lot (BT-17)"),
    ),
)  # fmt: skip


def _second_creditor(document: DocumentElements) -> etree._Element | None:
    """Check UBL-SR-29: one identifier of all parties has the scheme SEPA."""
    found = [
        said
        for identification in document.tagged(TAG["cac:PartyIdentification"])
        for said in identification.iterchildren(TAG["cbc:ID"])
        if (said.get("schemeID") or "").upper() == "SEPA"
    ]
    return found[1] if len(found) > 1 else None


def _second_text(name: str) -> Callable[[DocumentElements], etree._Element | None]:
    """Return what finds an element of the name with another text than the first one's."""

    def find(document: DocumentElements) -> etree._Element | None:
        elements = document.tagged(TAG[name])
        return next((element for element in elements if string_of(element) != string_of(elements[0])), None)

    return find


_PAYMENT: Final[tuple[Rule, ...]] = (
    *once(
        "cac:PaymentMeans",
        ("UBL-SR-26", "cbc:PaymentID", "what the payer quotes (BT-83)"),
        ("UBL-SR-27", "cbc:PaymentMeansCode", "the means of payment (BT-81)"),
        ("UBL-SR-28", "cac:PaymentMandate/cbc:ID", "the mandate (BT-89)"),
    ),
    DocumentRule("UBL-SR-29", _second_creditor, "the creditor (BT-90) may be said once"),
    DocumentRule("UBL-SR-44", _second_text("cbc:PaymentID"),
                 "what the payer quotes must be the same for all means (BT-83)"),
    DocumentRule("UBL-SR-47", _second_text("cbc:PaymentMeansCode"), "all means of payment must have one code (BT-81)"),
    ElementRule("BR-49", "cac:PaymentMeans", "not(cbc:PaymentMeansCode)",
                "a way to pay must say which it is (BT-81)"),
    ElementRule("BR-50", "cac:PaymentMeans[cbc:PaymentMeansCode = '30' or cbc:PaymentMeansCode = '58']"
                "/cac:PayeeFinancialAccount", "not(normalize-space(cbc:ID))", _NO_ACCOUNT),
    ElementRule("BR-61", "cac:PaymentMeans", f"{_IS_TRANSFER} and not(cac:PayeeFinancialAccount/cbc:ID)", _NO_ACCOUNT),
    ElementRule("BR-51", "cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID",
                "string-length(normalize-space()) > 10",
                "no more than ten digits of a card's number belong in a bill (BT-87)", "warning"),
)  # fmt: skip

_DOCUMENTS: Final[tuple[Rule, ...]] = (
    *once("cac:BillingReference", ("UBL-SR-06", "cac:InvoiceDocumentReference", "a preceding invoice (BG-3)")),
    ElementRule("UBL-SR-07", "cac:BillingReference", "not(cac:InvoiceDocumentReference/cbc:ID)", _NO_PRECEDING),
    ElementRule("BR-55", "cac:BillingReference", "not(cac:InvoiceDocumentReference/cbc:ID)", _NO_PRECEDING),
    *once("cac:AdditionalDocumentReference", ("UBL-SR-33", "cbc:DocumentDescription", "the description (BT-123)")),
    ElementRule("UBL-SR-43", "cac:AdditionalDocumentReference",
                "(cbc:ID/@schemeID or cbc:DocumentTypeCode) and not(cbc:DocumentTypeCode = '130')"
                " and not(cbc:DocumentTypeCode = '50' and ancestor::cn:CreditNote)",
                "only what is billed has a scheme and a type: 130, or 50 in a credit note (BT-18)"),
    ElementRule("UBL-CR-666", "cac:AdditionalDocumentReference", "cbc:DocumentTypeCode = '130' and cac:Attachment",
                "what is billed (BT-18) has no file attached"),
    ElementRule("UBL-CR-673", "cac:AdditionalDocumentReference",
                "cbc:DocumentTypeCode = '130' and cbc:DocumentDescription",
                "what is billed (BT-18) has no description"),
    ElementRule("BR-52", "cac:AdditionalDocumentReference", "not(normalize-space(cbc:ID))",
                "a supporting document must have a reference (BT-122)"),
    ElementRule("UBL-DT-06", "*BinaryObject", "not(@mimeCode)", "an attached file must say what it is (BT-125)"),
    ElementRule("UBL-DT-07", "*BinaryObject", "not(@filename)", "an attached file must have a name (BT-125)"),
)  # fmt: skip

_UNUSED: Final[tuple[Rule, ...]] = (
    ElementRule("UBL-CR-002", BILL, "cbc:UBLVersionID and not(cbc:UBLVersionID = '2.1')", "this is not UBL 2.1",
                "warning"),
    *no_child("ubl:Invoice/cac:PaymentMeans", {"UBL-CR-412": "cbc:PaymentDueDate"}, "warning"),
    *no_child("cac:PaymentMeans", {"UBL-CR-680": "cac:PayerFinancialAccount"}, "warning"),
    *no_child("cac:Price/cac:AllowanceCharge", {
        "UBL-CR-669": "cbc:AllowanceChargeReasonCode", "UBL-CR-670": "cbc:AllowanceChargeReason",
        "UBL-CR-671": "cbc:MultiplierFactorNumeric",
    }, "warning"),
    ElementRule("UBL-CR-664", "cac:FinancialInstitution", "true()", "{name} does not belong here", "warning",
                "FinancialInstitution"),
    *(
        rule
        for name, on in {
            "UBL-CR-648": of_bill("cbc:CustomizationID"), "UBL-CR-649": of_bill("cbc:ProfileID"),
            "UBL-CR-650": of_bill("cbc:ID"), "UBL-CR-651": of_bill("cbc:SalesOrderID"),
            "UBL-CR-652": "cac:PartyTaxScheme/cbc:CompanyID",
            "UBL-CR-653": of_bill("cac:PaymentMeans/cbc:PaymentID"),
            "UBL-CR-654": of_bill("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"),
            "UBL-CR-655": of_bill("cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
            "UBL-CR-665": "cac:AdditionalDocumentReference[cbc:DocumentTypeCode != '130'"
                          " or not(cbc:DocumentTypeCode)]/cbc:ID",
            "UBL-CR-667": "cac:BuyersItemIdentification/cbc:ID", "UBL-CR-668": "cac:SellersItemIdentification/cbc:ID",
            "UBL-CR-674": "cbc:PrimaryAccountNumberID", "UBL-CR-675": "cac:CardAccount/cbc:NetworkID",
            "UBL-CR-676": "cac:PaymentMandate/cbc:ID",
            "UBL-CR-677": "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID",
            "UBL-CR-678": "cac:TaxCategory/cbc:ID", "UBL-CR-679": "cac:ClassifiedTaxCategory/cbc:ID",
        }.items()
        for rule in no_attribute(on, {name: "schemeID"}, "warning")
    ),
    *(
        rule
        for name, on in {
            "UBL-CR-656": of_bill("cbc:InvoiceTypeCode"), "UBL-CR-657": of_bill("cbc:DocumentCurrencyCode"),
            "UBL-CR-658": of_bill("cbc:TaxCurrencyCode"),
            "UBL-CR-659": of_bill("cac:AdditionalDocumentReference/cbc:DocumentTypeCode"),
            "UBL-CR-660": "cac:Country/cbc:IdentificationCode",
            "UBL-CR-661": of_bill("cac:PaymentMeans/cbc:PaymentMeansCode"),
            "UBL-CR-662": "cbc:AllowanceChargeReasonCode", "UBL-CR-672": of_bill("cbc:CreditNoteTypeCode"),
        }.items()
        for rule in no_attribute(on, {name: "listID"}, "warning")
    ),
)  # fmt: skip

BILL_RULES: Final[tuple[Rule, ...]] = (*_HEADER, *_PAYMENT, *_DOCUMENTS, *_UNUSED)
