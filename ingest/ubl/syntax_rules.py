"""The EN 16931 rules that only UBL can break (EN 16931-3-2, from the official validation 1.3.16).

Beside UBL-SR, UBL-DT and the two fatal rules of UBL-CR these include rules of the model that the bill object cannot
show broken: an empty group, a tax that is not VAT, a second means of payment. Decimals (UBL-DT-01) are counted on the
bill object.

No test compares an element with all its siblings: a sender may send a hundred thousand.
"""

from typing import Final

from ingest.checks.code_list_reader import (
    CREDIT_NOTE_TYPES,
    CURRENCIES,
    IDENTIFIER_SCHEMES,
    INVOICE_TYPES,
    VAT_CATEGORIES,
)
from ingest.ubl.document_and_line_elements import NAMESPACES
from ingest.xml.syntax_rule_engine import SyntaxRule, SyntaxRules, none_of, once

_SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
_LINES: Final = "cac:InvoiceLine | cac:CreditNoteLine"
_LINE_ALLOWANCES: Final = "cac:InvoiceLine/cac:AllowanceCharge | cac:CreditNoteLine/cac:AllowanceCharge"
_IS_ALLOWANCE: Final = "(cbc:ChargeIndicator = 'false' or cbc:ChargeIndicator = '0')"
_IS_CHARGE: Final = "(cbc:ChargeIndicator = 'true' or cbc:ChargeIndicator = '1')"
_VAT: Final = "[cac:TaxScheme[translate(normalize-space(cbc:ID), 'vat', 'VAT') = 'VAT']]"
_SEPA: Final = "translate(@schemeID, 'sepa', 'SEPA') = 'SEPA'"
_IS_TRANSFER: Final = "(normalize-space(cbc:PaymentMeansCode) = '30' or normalize-space(cbc:PaymentMeansCode) = '58')"
_IS_SELLER: Final = (
    "not(cac:PartyName/cbc:Name != ../cac:AccountingSupplierParty[1]/cac:Party[1]/cac:PartyLegalEntity[1]"
    "/cbc:RegistrationName[1])"
)
_PLACES: Final = "cac:Delivery/cac:DeliveryLocation | cac:InvoiceLine/cac:Delivery/cac:DeliveryLocation"
_NO_CURRENCY: Final = "an amount must name its currency"
_WRONG_CATEGORY: Final = "this is no category of VAT (UNTDID 5305)"
_NO_ACCOUNT: Final = "a credit transfer must say to which account (BT-84)"
_NO_PAYEE: Final = "the payee must have a name, and another than the seller's registered one (BT-59)"
_NO_PRECEDING: Final = "a preceding invoice must have its number (BT-25)"

_BILL: Final = (
    *once(
        "self::*",
        ("UBL-SR-01", "cac:ContractDocumentReference/cbc:ID", "the contract (BT-12)"),
        ("UBL-SR-02", "cac:ReceiptDocumentReference/cbc:ID", "the receiving advice (BT-15)"),
        ("UBL-SR-03", "cac:DespatchDocumentReference/cbc:ID", "the despatch advice (BT-16)"),
        ("UBL-SR-04", "cac:AdditionalDocumentReference[cbc:DocumentTypeCode = '130']/cbc:ID", "what is billed (BT-18)"),
        ("UBL-SR-05", "cac:PaymentTerms/cbc:Note", "the terms of payment (BT-20)"),
        ("UBL-SR-08", "cac:InvoicePeriod", "the period billed (BG-14)"),
        ("UBL-SR-24", "cac:Delivery", "the delivery (BG-13)"),
        ("UBL-SR-29", f"(*/cac:Party | cac:PayeeParty)/cac:PartyIdentification/cbc:ID[{_SEPA}]",
         "the creditor (BT-90)"),
        ("UBL-SR-39", "cac:ProjectReference/cbc:ID", "the project (BT-11)"),
        ("UBL-SR-45", "cac:PaymentMeans/cbc:PaymentDueDate", "the due date (BT-9)"),
        ("UBL-SR-46", "cac:PaymentMeans/cbc:PaymentMeansCode/@name", "the name of the means of payment (BT-82)"),
        ("UBL-SR-49", "cac:InvoicePeriod/cbc:DescriptionCode", "when the tax is due (BT-8)"),
        ("UBL-SR-54", "cac:PaymentMeans/cac:CardAccount", "the payment card (BG-18)"),
        ("UBL-SR-55", "cac:PaymentMeans/cac:PaymentMandate", "the mandate of a direct debit (BG-19)"),
        ("UBL-SR-56", "cac:OriginatorDocumentReference/cbc:ID", "the tender or lot (BT-17)"),
        ("BR-CO-15", "cac:TaxTotal/cbc:TaxAmount[@currencyID = $currency]",
         "the total VAT (BT-110)"),
    ),
    SyntaxRule("BR-CL-01", "self::*", none_of("cbc:InvoiceTypeCode", INVOICE_TYPES),
               "this is no type of invoice (BT-3)"),
    SyntaxRule("BR-CL-01", "self::*", none_of("cbc:CreditNoteTypeCode", CREDIT_NOTE_TYPES),
               "this is no type of credit note (BT-3)"),
    SyntaxRule("BR-CO-19", "cac:InvoicePeriod", "not(cbc:StartDate or cbc:EndDate or cbc:DescriptionCode)",
               "the period billed must have a beginning or an end (BT-73, BT-74)"),
    *once("cac:BillingReference", ("UBL-SR-06", "cac:InvoiceDocumentReference", "a preceding invoice (BG-3)")),
    SyntaxRule("UBL-SR-07", "cac:BillingReference", "not(cac:InvoiceDocumentReference/cbc:ID)", _NO_PRECEDING),
    SyntaxRule("BR-55", "cac:BillingReference", "not(cac:InvoiceDocumentReference/cbc:ID)", _NO_PRECEDING),
)  # fmt: skip

_PARTIES: Final = (
    *once(
        _SELLER,
        ("UBL-SR-09", "cac:PartyLegalEntity/cbc:RegistrationName", "the seller's name (BT-27)"),
        ("UBL-SR-10", "cac:PartyName/cbc:Name", "the seller's trading name (BT-28)"),
        ("UBL-SR-11", "cac:PartyLegalEntity/cbc:CompanyID", "the seller's legal identifier (BT-30)"),
        ("UBL-SR-12", f"cac:PartyTaxScheme{_VAT}/cbc:CompanyID", "the seller's VAT identifier (BT-31)"),
        ("UBL-SR-13", "cac:PartyTaxScheme[cac:TaxScheme[translate(cbc:ID, 'vat', 'VAT') != 'VAT']]/cbc:CompanyID",
         "the seller's tax registration (BT-32)"),
        ("UBL-SR-14", "cac:PartyLegalEntity/cbc:CompanyLegalForm", "the seller's legal form (BT-33)"),
    ),
    SyntaxRule("UBL-SR-42", _SELLER, "cac:PartyTaxScheme[3]", "a seller has two tax registrations at most"),
    *once(
        _BUYER,
        ("UBL-SR-15", "cac:PartyLegalEntity/cbc:RegistrationName", "the buyer's name (BT-44)"),
        ("UBL-SR-16", "cac:PartyIdentification/cbc:ID", "the buyer's identifier (BT-46)"),
        ("UBL-SR-17", "cac:PartyLegalEntity/cbc:CompanyID", "the buyer's legal identifier (BT-47)"),
        ("UBL-SR-18", f"cac:PartyTaxScheme{_VAT}/cbc:CompanyID", "the buyer's VAT identifier (BT-48)"),
        ("UBL-SR-40", "cac:PartyName/cbc:Name", "the buyer's trading name (BT-45)"),
    ),
    *once(
        "cac:TaxRepresentativeParty",
        ("UBL-SR-22", "cac:PartyName/cbc:Name", "the tax representative's name (BT-62)"),
        ("UBL-SR-23", "cac:PartyTaxScheme/cbc:CompanyID", "the tax representative's VAT identifier (BT-63)"),
    ),
    SyntaxRule("UBL-SR-19", "cac:PayeeParty", f"count(cac:PartyName/cbc:Name) > 1 or {_IS_SELLER}", _NO_PAYEE),
    SyntaxRule("UBL-SR-20", "cac:PayeeParty",
               f"count(cac:PartyIdentification/cbc:ID[not({_SEPA})]) > 1 or {_IS_SELLER}",
               _NO_PAYEE),
    SyntaxRule("UBL-SR-21", "cac:PayeeParty", f"count(cac:PartyLegalEntity/cbc:CompanyID) > 1 or {_IS_SELLER}",
               _NO_PAYEE),
    SyntaxRule("UBL-SR-53", "*/cac:Party/cac:PartyTaxScheme | */cac:PartyTaxScheme",
               "not(cac:TaxScheme/cbc:ID) or not(cbc:CompanyID)",
               "a tax registration must have its number and its tax"),
    *once("*/cac:Party/cac:PostalAddress | */cac:PostalAddress | cac:Delivery/cac:DeliveryLocation/cac:Address",
          ("UBL-SR-51", "cac:AddressLine", "an address's third line")),
    *once("cac:Delivery", ("UBL-SR-25", "cac:DeliveryParty/cac:PartyName/cbc:Name", "who receives (BT-70)")),
    SyntaxRule("BR-57", _PLACES, "cac:Address[not(cac:Country/cbc:IdentificationCode)]",
               "the address of delivery must have a country (BT-80)"),
    SyntaxRule("BR-CL-26", _PLACES,
               none_of("cbc:ID/@schemeID", IDENTIFIER_SCHEMES),
               "this is no scheme of identifiers (ISO/IEC 6523, BT-71)"),
)  # fmt: skip

_PAYMENT: Final = (
    *once(
        "cac:PaymentMeans",
        ("UBL-SR-26", "cbc:PaymentID", "what the payer quotes (BT-83)"),
        ("UBL-SR-27", "cbc:PaymentMeansCode", "the means of payment (BT-81)"),
        ("UBL-SR-28", "cac:PaymentMandate/cbc:ID", "the mandate (BT-89)"),
    ),
    SyntaxRule("UBL-SR-44", "self::*", "cac:PaymentMeans/cbc:PaymentID != (cac:PaymentMeans/cbc:PaymentID)[1]",
               "what the payer quotes must be the same for all means (BT-83)"),
    SyntaxRule("UBL-SR-47", "self::*",
               "cac:PaymentMeans/cbc:PaymentMeansCode != (cac:PaymentMeans/cbc:PaymentMeansCode)[1]",
               "all means of payment must have one code (BT-81)"),
    SyntaxRule("BR-49", "cac:PaymentMeans", "not(cbc:PaymentMeansCode)", "a way to pay must say which it is (BT-81)"),
    SyntaxRule("BR-50", "cac:PaymentMeans",
               f"{_IS_TRANSFER} and cac:PayeeFinancialAccount[not(normalize-space(cbc:ID))]",
               _NO_ACCOUNT),
    SyntaxRule("BR-61", "cac:PaymentMeans", f"{_IS_TRANSFER} and not(cac:PayeeFinancialAccount/cbc:ID)", _NO_ACCOUNT),
    SyntaxRule("BR-51", "cac:PaymentMeans/cac:CardAccount/cbc:PrimaryAccountNumberID",
               "string-length(normalize-space(.)) > 10",
               "no more than ten digits of a card's number belong in a bill (BT-87)", "warning"),
)  # fmt: skip

_DOCUMENTS: Final = (
    *once("cac:AdditionalDocumentReference", ("UBL-SR-33", "cbc:DocumentDescription", "the description (BT-123)")),
    SyntaxRule("UBL-SR-43", "cac:AdditionalDocumentReference",
               "(cbc:ID/@schemeID or cbc:DocumentTypeCode) and not(cbc:DocumentTypeCode = '130')"
               " and not(cbc:DocumentTypeCode = '50' and local-name(..) = 'CreditNote')",
               "only what is billed has a scheme and a type: 130, or 50 in a credit note (BT-18)"),
    SyntaxRule("UBL-CR-666", "cac:AdditionalDocumentReference", "cbc:DocumentTypeCode = '130' and cac:Attachment",
               "what is billed (BT-18) has no file attached"),
    SyntaxRule("UBL-CR-673", "cac:AdditionalDocumentReference",
               "cbc:DocumentTypeCode = '130' and cbc:DocumentDescription", "what is billed (BT-18) has no description"),
    SyntaxRule("BR-52", "cac:AdditionalDocumentReference", "not(normalize-space(cbc:ID))",
               "a supporting document must have a reference (BT-122)"),
    SyntaxRule("UBL-DT-06", "cac:AdditionalDocumentReference/cac:Attachment",
               "cbc:EmbeddedDocumentBinaryObject[not(@mimeCode)]", "an attached file must say what it is (BT-125)"),
    SyntaxRule("UBL-DT-07", "cac:AdditionalDocumentReference/cac:Attachment",
               "cbc:EmbeddedDocumentBinaryObject[not(@filename)]", "an attached file must have a name (BT-125)"),
)  # fmt: skip

_MONEY: Final = (
    SyntaxRule("UBL-SR-30", f"cac:AllowanceCharge | {_LINE_ALLOWANCES}",
               f"cbc:AllowanceChargeReason[2] and {_IS_ALLOWANCE}",
               "why there is an allowance may be said once (BT-97)"),
    SyntaxRule("UBL-SR-31", f"cac:AllowanceCharge | {_LINE_ALLOWANCES}",
               f"cbc:AllowanceChargeReason[2] and {_IS_CHARGE}", "why there is a charge may be said once (BT-104)"),
    SyntaxRule("BR-32", "cac:AllowanceCharge", f"{_IS_ALLOWANCE} and not(cac:TaxCategory{_VAT}/cbc:ID)",
               "an allowance must have a VAT category (BT-95)"),
    SyntaxRule("BR-37", "cac:AllowanceCharge", f"{_IS_CHARGE} and not(cac:TaxCategory{_VAT}/cbc:ID)",
               "a charge must have a VAT category (BT-102)"),
    SyntaxRule("BR-CL-03", f"cac:AllowanceCharge | {_LINE_ALLOWANCES}",
               "cbc:Amount[not(@currencyID)] or cbc:BaseAmount[not(@currencyID)]", _NO_CURRENCY),
    SyntaxRule("BR-CL-17", "cac:AllowanceCharge", none_of("cac:TaxCategory/cbc:ID", VAT_CATEGORIES), _WRONG_CATEGORY),
    SyntaxRule("BR-47", "cac:TaxTotal/cac:TaxSubtotal", f"not(cac:TaxCategory{_VAT}/cbc:ID)",
               "a row of the VAT breakdown must have a VAT category (BT-118)"),
    SyntaxRule("BR-48", "cac:TaxTotal/cac:TaxSubtotal",
               f"not(cac:TaxCategory{_VAT}[cbc:Percent or normalize-space(cbc:ID) = 'O'])",
               "a row of the VAT breakdown must have a VAT rate (BT-119)"),
    SyntaxRule("BR-CO-17", "cac:TaxTotal/cac:TaxSubtotal",
               f"not(cac:TaxCategory{_VAT}/cbc:Percent) and round(cbc:TaxAmount) != 0",
               "there is VAT, and no rate of VAT (BT-117, BT-119)"),
    SyntaxRule("BR-CL-17", "cac:TaxTotal/cac:TaxSubtotal", none_of("cac:TaxCategory/cbc:ID", VAT_CATEGORIES),
               _WRONG_CATEGORY),
    *once("cac:TaxTotal/cac:TaxSubtotal",
          ("UBL-SR-32", "cac:TaxCategory/cbc:TaxExemptionReason", "why there is no tax (BT-120)")),
    SyntaxRule("BR-CL-03", "cac:TaxTotal/cac:TaxSubtotal",
               "cbc:TaxAmount[not(@currencyID)] or cbc:TaxableAmount[not(@currencyID)]", _NO_CURRENCY),
    SyntaxRule("BR-CL-03", "cac:TaxTotal/cbc:TaxAmount | cac:LegalMonetaryTotal/cbc:*",
               "not(@currencyID)", _NO_CURRENCY),
    SyntaxRule("BR-CL-03", "self::*", none_of(".//@currencyID[. != $currency]", CURRENCIES),
               "an amount's currency is none (ISO 4217)"),
)  # fmt: skip

_LINE: Final = (
    *once(
        _LINES,
        ("UBL-SR-34", "cbc:Note", "a line's note (BT-127)"),
        ("UBL-SR-35", "cac:OrderLineReference/cbc:LineID", "the line of the order (BT-132)"),
        ("UBL-SR-36", "cac:InvoicePeriod", "a line's period (BG-26)"),
        ("UBL-SR-37", "cac:Price/cac:AllowanceCharge/cbc:Amount", "the discount on the price (BT-147)"),
        ("UBL-SR-50", "cac:Item/cbc:Description", "the item's description (BT-154)"),
        ("UBL-SR-52", "cac:DocumentReference", "the object of a line (BT-128)"),
    ),
    SyntaxRule("UBL-SR-48", _LINES, "count(cac:Item/cac:ClassifiedTaxCategory) != 1",
               "a line must have one VAT category, and only one (BT-151)"),
    SyntaxRule("BR-CO-04", _LINES, f"not(cac:Item/cac:ClassifiedTaxCategory{_VAT}/cbc:ID)",
               "a line must have a VAT category (BT-151)"),
    SyntaxRule("BR-CL-18", _LINES, none_of("cac:Item/cac:ClassifiedTaxCategory/cbc:ID", VAT_CATEGORIES),
               _WRONG_CATEGORY),
    SyntaxRule("BR-54", _LINES, "cac:Item/cac:AdditionalItemProperty[not(cbc:Name) or not(cbc:Value)]",
               "an attribute of an item must have a name and a value (BT-160, BT-161)"),
    SyntaxRule("BR-CO-20", _LINES, "cac:InvoicePeriod[not(cbc:StartDate or cbc:EndDate)]",
               "a line's period must have a beginning or an end (BT-134, BT-135)"),
    SyntaxRule("BR-CL-03", _LINES,
               "cbc:LineExtensionAmount[not(@currencyID)] or cac:Price/cbc:PriceAmount[not(@currencyID)]"
               " or cac:Price/cac:AllowanceCharge[cbc:*[not(@currencyID) and contains(local-name(), 'Amount')]]",
               _NO_CURRENCY),
)  # fmt: skip

RULES: Final = SyntaxRules(NAMESPACES, (*_BILL, *_PARTIES, *_PAYMENT, *_DOCUMENTS, *_MONEY, *_LINE))
