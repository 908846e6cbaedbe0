"""The codes and their lists, checked on CII elements (BR-CL-*, from the official validation 1.3.16)."""

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
    codes_of,
)
from ingest.cii.official_rules.shared_predicates import IS_ALLOWANCE, IS_CHARGE, MEANS
from ingest.xml.official_rule_kinds import CodeRule, ElementRule, Rule

_NO_CURRENCY: Final = "'{code}' is no currency (ISO 4217)"
_NO_SCHEME: Final = "'{code}' is no scheme of identifiers (ISO/IEC 6523)"
_NO_CATEGORY: Final = "'{code}' is no category of VAT (UNTDID 5305)"
_NO_COUNTRY: Final = "'{code}' is no country (ISO 3166-1)"
#: The official lists of CII are of another edition here: the Netherlands Antilles are in, South Sudan is not.
_COUNTRIES: Final = COUNTRIES - {"SS"} | {"AN"}
#: BR-CO-09: Greece writes EL before its VAT numbers.
_PREFIXES: Final = f" {' '.join(sorted(_COUNTRIES | {'EL'}))} "
_SUBJECTS: Final = NOTE_SUBJECTS | codes_of("note-subjects-cii")

CODE_RULES: Final[tuple[Rule, ...]] = (
    CodeRule("BR-CL-01", "rsm:ExchangedDocument/ram:TypeCode", INVOICE_TYPES | CREDIT_NOTE_TYPES,
             "'{code}' is no type of document (UNTDID 1001)"),
    CodeRule("BR-CL-03", "ram:TaxTotalAmount", CURRENCIES, "an amount's currency is none (ISO 4217)", "currencyID"),
    CodeRule("BR-CL-04", "ram:InvoiceCurrencyCode", CURRENCIES, _NO_CURRENCY),
    CodeRule("BR-CL-05", "ram:TaxCurrencyCode", CURRENCIES, _NO_CURRENCY),
    CodeRule("BR-CL-06", "ram:DueDateTypeCode", frozenset({"5", "29", "72"}),
             "'{code}' is no code for when the tax is due"),
    CodeRule("BR-CL-07", "ram:ReferenceTypeCode", REFERENCES, "'{code}' is no kind of reference (UNTDID 1153)"),
    CodeRule("BR-CL-08", "ram:SubjectCode", _SUBJECTS, "'{code}' is no subject of a note (UNTDID 4451)"),
    CodeRule("BR-CL-10", "ram:GlobalID[not(ancestor::ram:SpecifiedTradeProduct or ancestor::ram:ShipToTradeParty)]",
             IDENTIFIER_SCHEMES, _NO_SCHEME, "schemeID"),
    CodeRule("BR-CL-11", "ram:ID[not(ancestor::ram:SpecifiedTaxRegistration)]", IDENTIFIER_SCHEMES, _NO_SCHEME,
             "schemeID"),
    CodeRule("BR-CL-13", "ram:ClassCode", CLASSIFICATIONS, "'{code}' is no scheme of classification (UNTDID 7143)",
             "listID"),
    CodeRule("BR-CL-14", "ram:CountryID", _COUNTRIES, _NO_COUNTRY),
    CodeRule("BR-CL-15", "ram:OriginTradeCountry/ram:ID[not(@schemeID)]", _COUNTRIES, _NO_COUNTRY),
    CodeRule("BR-CL-16", f"{MEANS}/ram:TypeCode", PAYMENT_MEANS, "'{code}' is no means of payment (UNTDID 4461)"),
    CodeRule("BR-CL-17", "ram:CategoryTradeTax/ram:CategoryCode", VAT_CATEGORIES, _NO_CATEGORY),
    CodeRule("BR-CL-18", "ram:ApplicableTradeTax/ram:CategoryCode", VAT_CATEGORIES, _NO_CATEGORY),
    CodeRule("BR-CL-19", f"ram:SpecifiedTradeAllowanceCharge{IS_ALLOWANCE}/ram:ReasonCode", ALLOWANCE_REASONS,
             "'{code}' is no reason of an allowance (UNTDID 5189)"),
    CodeRule("BR-CL-20", f"ram:SpecifiedTradeAllowanceCharge{IS_CHARGE}/ram:ReasonCode", CHARGE_REASONS,
             "'{code}' is no reason of a charge (UNTDID 7161)"),
    CodeRule("BR-CL-21", "ram:SpecifiedTradeProduct/ram:GlobalID", IDENTIFIER_SCHEMES, _NO_SCHEME, "schemeID"),
    CodeRule("BR-CL-22", "ram:ExemptionReasonCode", EXEMPTION_REASONS,
             "'{code}' is no reason of an exemption (CEF VATEX)", is_any_case=True),
    CodeRule("BR-CL-23", "ram:BasisQuantity | ram:BilledQuantity", UNITS,
             "'{code}' is no unit (UN/ECE Recommendations 20 and 21)", "unitCode"),
    CodeRule("BR-CL-24", "ram:AttachmentBinaryObject", MEDIA_TYPES,
             "'{code}' is no kind of file that may be attached", "mimeCode", is_exact=True),
    CodeRule("BR-CL-25", "ram:URIUniversalCommunication/ram:URIID", ELECTRONIC_ADDRESSES,
             "'{code}' is no scheme of electronic addresses (CEF EAS)", "schemeID"),
    CodeRule("BR-CL-26", "ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:GlobalID", IDENTIFIER_SCHEMES,
             _NO_SCHEME, "schemeID"),
    ElementRule("BR-CO-09", "ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA']",
                f"not(contains('{_PREFIXES}', concat(' ', substring(., 1, 2), ' ')))",
                "a VAT number must begin with the code of its country (BT-31, BT-48, BT-63)"),
)  # fmt: skip
