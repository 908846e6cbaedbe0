"""The codes and their lists, checked on UBL elements (BR-CL-*, from the official validation 1.3.16)."""

from typing import Final

from ingest.checks.code_list_reader import (
    ALLOWANCE_REASONS,
    CHARGE_REASONS,
    CLASSIFICATIONS,
    COUNTRIES,
    CREDIT_NOTE_TYPES,
    CURRENCIES,
    ELECTRONIC_ADDRESSES,
    EXEMPTION_REASONS,
    IDENTIFIER_SCHEMES,
    INVOICE_TYPES,
    MEDIA_TYPES,
    NOTE_SUBJECTS,
    PAYMENT_MEANS,
    REFERENCES,
    UNITS,
    VAT_CATEGORIES,
)
from ingest.ubl.official_rules.shared_predicates import ANY_ALLOWANCE, ANY_CHARGE, VAT, of_bill
from ingest.xml.official_rule_kinds import CodeRule, ElementRule, Rule

_NO_CURRENCY: Final = "'{code}' is no currency (ISO 4217)"
_NO_SCHEME: Final = "'{code}' is no scheme of identifiers (ISO/IEC 6523)"
_NO_CATEGORY: Final = "'{code}' is no category of VAT (UNTDID 5305)"
_NO_COUNTRY: Final = "'{code}' is no country (ISO 3166-1)"
_AMOUNTS: Final = " | ".join(
    f"cbc:{name}" for name in (
        "Amount", "BaseAmount", "PriceAmount", "TaxAmount", "TaxableAmount", "LineExtensionAmount",
        "TaxExclusiveAmount", "TaxInclusiveAmount", "AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount",
        "PayableRoundingAmount", "PayableAmount",
    )
)  # fmt: skip
_QUANTITIES: Final = "cbc:InvoicedQuantity | cbc:BaseQuantity | cbc:CreditedQuantity"
_OBJECTS: Final = (
    "cac:AdditionalDocumentReference[cbc:DocumentTypeCode = '130']/cbc:ID"
    " | cac:DocumentReference[cbc:DocumentTypeCode = '130']/cbc:ID"
)
_IS_CREDITOR: Final = "ancestor::cac:AccountingSupplierParty or ancestor::cac:PayeeParty"
_SUBJECT: Final = "substring-before(substring-after(., '#'), '#')"
#: BR-CO-09: Greece writes EL before its VAT numbers. The official test looks for two letters anywhere in its list.
_PREFIXES: Final = f" {' '.join(sorted(COUNTRIES | {'EL'}))} "

CODE_RULES: Final[tuple[Rule, ...]] = (
    CodeRule("BR-CL-01", "cbc:InvoiceTypeCode", INVOICE_TYPES, "this is no type of invoice (BT-3)"),
    CodeRule("BR-CL-01", "cbc:CreditNoteTypeCode", CREDIT_NOTE_TYPES, "this is no type of credit note (BT-3)"),
    CodeRule("BR-CL-03", _AMOUNTS, CURRENCIES, "an amount's currency is none (ISO 4217)", "currencyID",
             is_needed=True),
    CodeRule("BR-CL-04", "cbc:DocumentCurrencyCode", CURRENCIES, _NO_CURRENCY),
    CodeRule("BR-CL-05", "cbc:TaxCurrencyCode", CURRENCIES, _NO_CURRENCY),
    CodeRule("BR-CL-06", "cac:InvoicePeriod/cbc:DescriptionCode", frozenset({"3", "35", "432"}),
             "'{code}' is no code for when the tax is due"),
    CodeRule("BR-CL-07", _OBJECTS, REFERENCES, "'{code}' is no kind of reference (UNTDID 1153)", "schemeID"),
    ElementRule("BR-CL-08", of_bill("cbc:Note"),
                f"string-length({_SUBJECT}) = 3 and not(contains(' {' '.join(sorted(NOTE_SUBJECTS))} ', {_SUBJECT}))",
                "what stands between two # is no subject of a note (UNTDID 4451)"),
    CodeRule("BR-CL-10", f"cac:PartyIdentification/cbc:ID[{_IS_CREDITOR}]", IDENTIFIER_SCHEMES | {"SEPA"}, _NO_SCHEME,
             "schemeID"),
    CodeRule("BR-CL-10", f"cac:PartyIdentification/cbc:ID[not({_IS_CREDITOR})]", IDENTIFIER_SCHEMES, _NO_SCHEME,
             "schemeID"),
    CodeRule("BR-CL-11", "cac:PartyLegalEntity/cbc:CompanyID", IDENTIFIER_SCHEMES, _NO_SCHEME, "schemeID"),
    CodeRule("BR-CL-13", "cac:CommodityClassification/cbc:ItemClassificationCode", CLASSIFICATIONS,
             "'{code}' is no scheme of classification (UNTDID 7143)", "listID"),
    CodeRule("BR-CL-14", "cac:Country/cbc:IdentificationCode", COUNTRIES, _NO_COUNTRY),
    CodeRule("BR-CL-15", "cac:OriginCountry/cbc:IdentificationCode", COUNTRIES, _NO_COUNTRY),
    CodeRule("BR-CL-16", "cac:PaymentMeans/cbc:PaymentMeansCode", PAYMENT_MEANS,
             "'{code}' is no means of payment (UNTDID 4461)"),
    CodeRule("BR-CL-17", "cac:TaxCategory/cbc:ID", VAT_CATEGORIES, _NO_CATEGORY),
    CodeRule("BR-CL-18", "cac:ClassifiedTaxCategory/cbc:ID", VAT_CATEGORIES, _NO_CATEGORY),
    CodeRule("BR-CL-19", f"{ANY_ALLOWANCE}/cbc:AllowanceChargeReasonCode", ALLOWANCE_REASONS,
             "'{code}' is no reason of an allowance (UNTDID 5189)"),
    CodeRule("BR-CL-20", f"{ANY_CHARGE}/cbc:AllowanceChargeReasonCode", CHARGE_REASONS,
             "'{code}' is no reason of a charge (UNTDID 7161)"),
    CodeRule("BR-CL-21", "cac:StandardItemIdentification/cbc:ID", IDENTIFIER_SCHEMES, _NO_SCHEME, "schemeID"),
    CodeRule("BR-CL-22", "cbc:TaxExemptionReasonCode", EXEMPTION_REASONS,
             "'{code}' is no reason of an exemption (CEF VATEX)", is_any_case=True),
    CodeRule("BR-CL-23", _QUANTITIES, UNITS, "'{code}' is no unit (UN/ECE Recommendations 20 and 21)", "unitCode"),
    CodeRule("BR-CL-24", "cbc:EmbeddedDocumentBinaryObject", MEDIA_TYPES,
             "'{code}' is no kind of file that may be attached", "mimeCode", is_exact=True),
    CodeRule("BR-CL-25", "cbc:EndpointID", ELECTRONIC_ADDRESSES,
             "'{code}' is no scheme of electronic addresses (CEF EAS)", "schemeID"),
    CodeRule("BR-CL-26", "cac:DeliveryLocation/cbc:ID", IDENTIFIER_SCHEMES, _NO_SCHEME, "schemeID"),
    ElementRule("BR-CO-09", f"cac:PartyTaxScheme{VAT}",
                f"not(contains('{_PREFIXES}', substring(cbc:CompanyID, 1, 2)))",
                "a VAT number must begin with the code of its country (BT-31, BT-48, BT-63)"),
)  # fmt: skip
