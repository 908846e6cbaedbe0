"""The EN 16931 rules that only CII can break (EN 16931-3-3, from the official validation 1.3.16).

Beside CII-SR and CII-DT these include rules of the model that the bill object cannot show broken: an empty group, a tax
that is not VAT, a date in another format. CII has many elements and attributes that EN 16931 forbids; these are listed
by name.
"""

from collections.abc import Mapping
from typing import Final

from ingest.checks.code_list_reader import CURRENCIES
from ingest.xml.syntax_rule_engine import SyntaxRule, SyntaxRules, none_of, once

_DEAL: Final = "rsm:SupplyChainTradeTransaction"
_AGREEMENT: Final = f"{_DEAL}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT: Final = f"{_DEAL}/ram:ApplicableHeaderTradeSettlement"
_LINE: Final = f"{_DEAL}/ram:IncludedSupplyChainTradeLineItem"
_LINE_SETTLEMENT: Final = f"{_LINE}/ram:SpecifiedLineTradeSettlement"
_TOTALS: Final = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_ANY_MEANS: Final = "ram:SpecifiedTradeSettlementPaymentMeans"
_MEANS: Final = f"{_SETTLEMENT}/{_ANY_MEANS}"
_ALLOWANCES: Final = f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge"
_PERIODS: Final = f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod | {_LINE_SETTLEMENT}/ram:BillingSpecifiedPeriod"
_PRODUCT: Final = f"{_LINE}/ram:SpecifiedTradeProduct"
_IS_VAT: Final = "translate(normalize-space(ram:TypeCode), 'vat', 'VAT') = 'VAT'"
_IS_ALLOWANCE: Final = "(ram:ChargeIndicator/udt:Indicator = 'false')"
_IS_CHARGE: Final = "(ram:ChargeIndicator/udt:Indicator = 'true')"
_IS_TRANSFER: Final = "(normalize-space(ram:TypeCode) = '30' or normalize-space(ram:TypeCode) = '58')"
_UNDATED: Final = (
    "ram:StartDateTime and ram:EndDateTime and not(ram:StartDateTime/udt:DateTimeString[@format = '102']"
    " and ram:EndDateTime/udt:DateTimeString[@format = '102'])"
)
_NO_ACCOUNT: Final = "a credit transfer must say to which account (BT-84)"
_NO_VAT: Final = "this must be under the tax VAT"
_NO_ATTRIBUTE: Final = "the attribute {name} does not belong here"


def _ends(node: str, end: str) -> str:
    """Return a test that the name of *node* ends with *end*."""
    return f"substring(local-name({node}), string-length(local-name({node})) - {len(end) - 1}) = '{end}'"


_DOCUMENTS: Final = " | ".join(f"{path}/*/*[{_ends('.', 'ReferencedDocument')}]" for path in (_DEAL, _LINE))


def _forbidden(context: str, rules: Mapping[str, str], unless: str = "false()") -> list[SyntaxRule]:
    """Return rules from a mapping of rule id to child: each child is forbidden in *context*."""
    return [
        SyntaxRule(rule, context, f"ram:{child} and not({unless})", "{name} does not belong here", name=child)
        for rule, child in rules.items()
    ]


def _attributes(rules: Mapping[str, str], where: str) -> list[SyntaxRule]:
    """Return rules from a mapping of rule id to attribute: each attribute is forbidden; *where* tests the element that
    has it."""
    return [
        SyntaxRule(rule, ".//@*", f"local-name() = '{name}' and {where}", _NO_ATTRIBUTE, name=name)
        for rule, name in rules.items()
    ]


_SHAPE: Final = (
    SyntaxRule("CII-SR-009", "rsm:ExchangedDocumentContext",
               "count(ram:GuidelineSpecifiedDocumentContextParameter) != 1", "the specification is said once (BT-24)"),
    SyntaxRule("CII-SR-010", "rsm:ExchangedDocumentContext",
               "count(ram:GuidelineSpecifiedDocumentContextParameter/ram:ID) != 1",
               "the specification is said once (BT-24)"),
    SyntaxRule("CII-SR-014", "rsm:ExchangedDocument", "count(ram:TypeCode) != 1", "the type is said once (BT-3)"),
    SyntaxRule("BR-03", "rsm:ExchangedDocument",
               "not(normalize-space(ram:IssueDateTime/udt:DateTimeString[@format = '102']))",
               "the issue date must be written as 20261122, in the format 102 (BT-2)"),
    *once(
        _AGREEMENT,
        ("CII-SR-455", "ram:SellerTradeParty/ram:DefinedTradeContact", "the seller's contact (BG-6)"),
        ("CII-SR-456", "ram:BuyerTradeParty/ram:DefinedTradeContact", "the buyer's contact (BG-9)"),
        ("CII-SR-459", "ram:SellerTradeParty/ram:URIUniversalCommunication", "the seller's address (BT-34)"),
        ("CII-SR-460", "ram:BuyerTradeParty/ram:URIUniversalCommunication", "the buyer's address (BT-49)"),
    ),
    *once(
        _SETTLEMENT,
        ("CII-SR-461", "ram:ApplicableTradeTax/ram:TaxPointDate", "the day the tax is due (BT-7)"),
        ("CII-SR-469", "ram:PaymentReference", "what the payer quotes (BT-83)"),
    ),
    SyntaxRule("CII-SR-462", _SETTLEMENT,
               "ram:ApplicableTradeTax/ram:DueDateTypeCode != (ram:ApplicableTradeTax/ram:DueDateTypeCode)[1]",
               "when the tax is due must be the same in all rows (BT-8)"),
    SyntaxRule("CII-SR-467", _SETTLEMENT, f"{_ANY_MEANS}/ram:TypeCode != ({_ANY_MEANS}/ram:TypeCode)[1]",
               "all means of payment must have one code (BT-81)"),
    SyntaxRule("CII-SR-468", _SETTLEMENT, f"{_ANY_MEANS}/ram:Information != ({_ANY_MEANS}/ram:Information)[1]",
               "all means of payment must have one name (BT-82)"),
    *(
        SyntaxRule(rule, _TOTALS, f"count(ram:{name}) > 1", "the total {name} may be said once", name=name)
        for rule, name in {
            "CII-SR-477": "LineTotalAmount", "CII-SR-478": "ChargeTotalAmount",
            "CII-SR-479": "AllowanceTotalAmount", "CII-SR-480": "TaxBasisTotalAmount",
            "CII-SR-481": "RoundingAmount", "CII-SR-482": "GrandTotalAmount", "CII-SR-483": "InformationAmount",
            "CII-SR-484": "TotalPrepaidAmount", "CII-SR-485": "TotalDiscountAmount",
            "CII-SR-486": "TotalAllowanceChargeAmount", "CII-SR-487": "DuePayableAmount",
            "CII-SR-488": "RetailValueExcludingTaxInformationAmount",
            "CII-SR-489": "TotalDepositFeeInformationAmount",
            "CII-SR-490": "ProductValueExcludingTobaccoTaxInformationAmount",
            "CII-SR-491": "TotalRetailValueInformationAmount", "CII-SR-492": "GrossLineTotalAmount",
            "CII-SR-493": "NetLineTotalAmount", "CII-SR-494": "NetIncludingTaxesLineTotalAmount",
        }.items()
    ),
    SyntaxRule("BR-CO-15", _TOTALS, "count(ram:TaxTotalAmount[@currencyID = $currency]) > 1"
               " and number(ram:GrandTotalAmount) != number(ram:TaxBasisTotalAmount)",
               "the total VAT may be said once (BT-110)"),
    SyntaxRule("BR-29", f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod", _UNDATED, "both days must have the format 102"),
    SyntaxRule("BR-30", f"{_LINE_SETTLEMENT}/ram:BillingSpecifiedPeriod", _UNDATED,
               "both days must have the format 102"),
    SyntaxRule("BR-17", f"{_SETTLEMENT}/ram:PayeeTradeParty", "not(ram:Name)", "a payee must have a name (BT-59)"),
    SyntaxRule("BR-CL-03", _TOTALS, none_of("ram:TaxTotalAmount/@currencyID[. != $currency]", CURRENCIES),
               "an amount's currency is none (ISO 4217)"),
)  # fmt: skip

_GROUPS: Final = (
    *once(
        f"{_ALLOWANCES} | {_LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge",
        ("CII-SR-471", "ram:RateApplicablePercent", "the rate of an allowance or charge"),
        ("CII-SR-472", "ram:CategoryTradeTax", "the tax of an allowance or charge"),
        ("CII-SR-473", "ram:ActualAmount", "the amount of an allowance or charge"),
    ),
    SyntaxRule("CII-SR-463", f"{_ALLOWANCES} | {_LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge",
               "not(ram:ChargeIndicator)", "this must say whether it is an allowance or a charge"),
    SyntaxRule("BR-32", _ALLOWANCES, f"{_IS_ALLOWANCE} and not(ram:CategoryTradeTax[{_IS_VAT}]/ram:CategoryCode)",
               "an allowance must have a VAT category (BT-95)"),
    SyntaxRule("BR-37", _ALLOWANCES, f"{_IS_CHARGE} and not(ram:CategoryTradeTax[{_IS_VAT}]/ram:CategoryCode)",
               "a charge must have a VAT category (BT-102)"),
    SyntaxRule("BR-47", f"{_SETTLEMENT}/ram:ApplicableTradeTax", f"not({_IS_VAT} and ram:CategoryCode)", _NO_VAT),
    SyntaxRule("BR-48", f"{_SETTLEMENT}/ram:ApplicableTradeTax",
               f"not({_IS_VAT} and (ram:RateApplicablePercent or ram:CategoryCode = 'O'))", _NO_VAT),
    SyntaxRule("BR-CO-17", f"{_SETTLEMENT}/ram:ApplicableTradeTax",
               f"not({_IS_VAT} and ram:RateApplicablePercent) and round(ram:CalculatedAmount) != 0", _NO_VAT),
    SyntaxRule("CII-DT-037", f"{_SETTLEMENT}/ram:ApplicableTradeTax | {_LINE_SETTLEMENT}/ram:ApplicableTradeTax"
               f" | {_ALLOWANCES}/ram:CategoryTradeTax", "ram:TypeCode != 'VAT'", "the only tax here is VAT"),
    SyntaxRule("BR-49", _MEANS, "not(ram:TypeCode)", "a way to pay must say which it is (BT-81)"),
    SyntaxRule("BR-50", _MEANS, f"{_IS_TRANSFER} and ram:PayeePartyCreditorFinancialAccount"
               "[not(normalize-space(ram:IBANID)) and not(normalize-space(ram:ProprietaryID))]", _NO_ACCOUNT),
    SyntaxRule("BR-61", _MEANS, f"{_IS_TRANSFER} and ram:PayeePartyCreditorFinancialAccount"
               "[not(ram:IBANID) and not(ram:ProprietaryID)]", _NO_ACCOUNT),
    SyntaxRule("BR-51", f"{_MEANS}/ram:ApplicableTradeSettlementFinancialCard", "string-length(ram:ID) > 10",
               "no more than ten digits of a card's number belong in a bill (BT-87)"),
    SyntaxRule("BR-52", f"{_AGREEMENT}/ram:AdditionalReferencedDocument | {_LINE}/*/ram:AdditionalReferencedDocument",
               "not(normalize-space(ram:IssuerAssignedID))", "a supporting document must have a reference (BT-122)"),
    SyntaxRule("BR-55", f"{_SETTLEMENT}/ram:InvoiceReferencedDocument", "not(normalize-space(ram:IssuerAssignedID))",
               "a preceding invoice must have its number (BT-25)"),
    SyntaxRule("BR-57", f"{_DEAL}/ram:ApplicableHeaderTradeDelivery/ram:ShipToTradeParty/ram:PostalTradeAddress",
               "not(normalize-space(ram:CountryID))", "the address of delivery must have a country (BT-80)"),
    SyntaxRule("BR-CO-19", f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod", "not(ram:StartDateTime or ram:EndDateTime)",
               "the period billed must have a beginning or an end (BT-73, BT-74)"),
)  # fmt: skip

_OF_LINE: Final = (
    SyntaxRule("CII-SR-046", _PRODUCT, "ram:GlobalID[not(@schemeID)] and not(ram:GlobalID/@schemeID)",
               "an item's standard identifier must name its scheme (BT-157)"),
    SyntaxRule("CII-SR-090", _PRODUCT, "ram:OriginTradeCountry and count(ram:OriginTradeCountry/ram:ID) != 1",
               "an item has one country of origin (BT-159)"),
    SyntaxRule("CII-SR-069", f"{_PRODUCT}/ram:ApplicableProductCharacteristic", "count(ram:Description) != 1",
               "an attribute of an item has one name (BT-160)"),
    SyntaxRule("CII-SR-072", f"{_PRODUCT}/ram:ApplicableProductCharacteristic", "count(ram:Value) != 1",
               "an attribute of an item has one value (BT-161)"),
    SyntaxRule("BR-54", f"{_PRODUCT}/ram:ApplicableProductCharacteristic", "not(ram:Description and ram:Value)",
               "an attribute of an item must have a name and a value (BT-160, BT-161)"),
    SyntaxRule("CII-SR-439", f"{_LINE}/ram:SpecifiedLineTradeAgreement",
               "count(ram:NetPriceProductTradePrice/ram:ChargeAmount) != 1", "a line has one net price (BT-146)"),
    *once(f"{_LINE}/ram:SpecifiedLineTradeAgreement",
          ("CII-SR-441", "ram:NetPriceProductTradePrice/ram:ChargeAmount", "the net price (BT-146)")),
    *once(f"{_LINE}/ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge",
          ("CII-SR-440", "ram:ActualAmount", "the discount on the price (BT-147)")),
    SyntaxRule("BR-CO-04", _LINE,
               f"not(ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax[{_IS_VAT}]/ram:CategoryCode)",
               "a line must have a VAT category (BT-151)"),
    SyntaxRule("BR-CO-20", f"{_LINE_SETTLEMENT}/ram:BillingSpecifiedPeriod",
               "not(ram:StartDateTime or ram:EndDateTime)",
               "a line's period must have a beginning or an end (BT-134, BT-135)"),
)  # fmt: skip

_SUPPORTING: Final = "self::ram:AdditionalReferencedDocument and ram:TypeCode = '916'"
_FORBIDDEN: Final = (
    *_forbidden(_DOCUMENTS, {
        "CII-DT-015": "URIID", "CII-DT-021": "Name", "CII-DT-022": "AttachmentBinaryObject",
    }, unless=_SUPPORTING),
    *_forbidden(_DOCUMENTS, {"CII-DT-018": "TypeCode"}, unless="self::ram:AdditionalReferencedDocument"
                " and (ram:TypeCode = '50' or ram:TypeCode = '130' or ram:TypeCode = '916')"),
    *_forbidden(_DOCUMENTS, {"CII-DT-024": "ReferenceTypeCode"},
                unless="self::ram:AdditionalReferencedDocument and ram:TypeCode = '130'"),
    *_forbidden(_DOCUMENTS, {"CII-DT-027": "FormattedIssueDateTime"}, unless="self::ram:InvoiceReferencedDocument"),
    *_forbidden(_DOCUMENTS, {
        "CII-DT-016": "StatusCode", "CII-DT-017": "CopyIndicator", "CII-DT-019": "GlobalID", "CII-DT-020": "RevisionID",
        "CII-DT-023": "Information", "CII-DT-025": "SectionName", "CII-DT-026": "PreviousRevisionID",
        "CII-DT-028": "EffectiveSpecifiedPeriod", "CII-DT-029": "IssuerTradeParty",
        "CII-DT-030": "AttachedSpecifiedBinaryFile",
    }),
    *_forbidden(_PERIODS, {
        "CII-DT-069": "DurationMeasure", "CII-DT-070": "InclusiveIndicator", "CII-DT-071": "Description",
        "CII-DT-073": "CompleteDateTime", "CII-DT-074": "OpenIndicator", "CII-DT-075": "SeasonCode", "CII-DT-076": "ID",
        "CII-DT-077": "Name", "CII-DT-078": "SequenceNumeric", "CII-DT-079": "StartDateFlexibilityCode",
        "CII-DT-080": "ContinuousIndicator", "CII-DT-081": "PurposeCode",
        "CII-DT-068": "StartDateTime/udt:DateTime", "CII-DT-072": "EndDateTime/udt:DateTime",
    }),
    *_forbidden(f"{_DEAL}/*/*/ram:PostalTradeAddress", {
        "CII-DT-082": "ID", "CII-DT-083": "PostOfficeBox", "CII-DT-084": "BuildingName", "CII-DT-086": "LineFour",
        "CII-DT-087": "LineFive", "CII-DT-088": "StreetName", "CII-DT-089": "CitySubDivisionName",
        "CII-DT-090": "CountryName", "CII-DT-091": "CountrySubDivisionID", "CII-DT-092": "AttentionOf",
        "CII-DT-093": "CareOf", "CII-DT-094": "BuildingNumber", "CII-DT-095": "DepartmentName",
        "CII-DT-096": "AdditionalStreetName",
    }),
)  # fmt: skip

_IS_PLAIN_ID: Final = (
    "(parent::ram:ID[parent::ram:GuidelineSpecifiedDocumentContextParameter or parent::rsm:ExchangedDocument]"
    " or parent::ram:LineID[parent::ram:AssociatedDocumentLineDocument]"
    " or parent::ram:SellerAssignedID[parent::ram:SpecifiedTradeProduct])"
)
_ATTRIBUTES: Final = (
    *_attributes({
        "CII-DT-001": "schemeName", "CII-DT-002": "schemeAgencyName", "CII-DT-003": "schemeDataURI",
        "CII-DT-004": "schemeURI", "CII-DT-005": "schemeID", "CII-DT-006": "schemeAgencyID",
        "CII-DT-007": "schemeVersionID",
    }, where=_IS_PLAIN_ID),
    *_attributes({
        "CII-DT-101": "schemeName", "CII-DT-102": "schemeAgencyName", "CII-DT-103": "schemeDataURI",
        "CII-DT-104": "schemeURI",
    }, where=f"{_ends('..', 'ID')} and not({_IS_PLAIN_ID})"),
    *_attributes({"CII-DT-008": "name", "CII-DT-009": "listURI"}, where="parent::ram:TypeCode"),
    *_attributes({"CII-DT-013": "languageID",
    "CII-DT-014": "languageLocaleID"}, where="parent::rsm:CrossIndustryInvoice"),
    *_attributes({"CII-DT-031": "currencyID", "CII-DT-032": "currencyCodeListVersionID"},
                 where=f"{_ends('..', 'Amount')} and not(parent::ram:TaxTotalAmount)"),
    *_attributes({"CII-DT-034": "unitCodeListID", "CII-DT-035": "unitCodeListAgencyID",
                  "CII-DT-036": "unitCodeListAgencyName"}, where=_ends("..", "Quantity")),
    SyntaxRule("CII-DT-033", _DEAL,
               "ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeAgreement/*/ram:BasisQuantity/@unitCode"
               " and not(ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedLineTradeDelivery"
               "/ram:BilledQuantity/@unitCode)",
               "the unit stands at the quantity billed (BT-130)"),
    SyntaxRule("CII-DT-097", ".//udt:DateTimeString",
               "@format = '102' and (string-length(normalize-space(.)) != 8"
               " or translate(normalize-space(.), '0123456789', '')"
               " or substring(normalize-space(.), 5, 2) > 12 or substring(normalize-space(.), 5, 2) < 1"
               " or substring(normalize-space(.), 7, 2) > 31 or substring(normalize-space(.), 7, 2) < 1)",
               "a day must be written as 20261122"),
)  # fmt: skip


def rules(namespaces: Mapping[str, str]) -> SyntaxRules:
    """Return the compiled rules, in the namespaces of one edition."""
    return SyntaxRules(namespaces, (*_SHAPE, *_GROUPS, *_OF_LINE, *_FORBIDDEN, *_ATTRIBUTES))
