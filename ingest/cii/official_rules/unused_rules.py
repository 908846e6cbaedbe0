"""Elements and attributes that CII has and EN 16931 does not use (CII-DT, from the official validation 1.3.16); those
whose path alone tells stand in `unused_elements.txt`."""

from typing import Final

from lxml import etree

from ingest.cii.official_rules.shared_predicates import BILL, LINE, MEANS, NAMESPACES, PRODUCT, TAG
from ingest.xml.document_elements import DocumentElements
from ingest.xml.official_rule_kinds import DocumentRule, ElementRule, Rule, no_attribute, no_child

_DOCUMENTS: Final = "ram:*ReferencedDocument"
_PLAIN_IDS: Final = (
    f"{BILL}/rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
    f" | {BILL}/rsm:ExchangedDocument/ram:ID | {LINE}/ram:AssociatedDocumentLineDocument/ram:LineID"
    f" | {PRODUCT}/ram:SellerAssignedID"
)
_IS_PLAIN_ID: Final = (
    "(self::ram:ID[parent::ram:GuidelineSpecifiedDocumentContextParameter/parent::rsm:ExchangedDocumentContext"
    " or parent::rsm:ExchangedDocument]"
    " or self::ram:LineID[parent::ram:AssociatedDocumentLineDocument/parent::ram:IncludedSupplyChainTradeLineItem]"
    " or self::ram:SellerAssignedID[parent::ram:SpecifiedTradeProduct/parent::ram:IncludedSupplyChainTradeLineItem])"
)
_SUPPORTING: Final = "self::ram:AdditionalReferencedDocument and ram:TypeCode = '916'"
_RAM: Final = f"{{{NAMESPACES['ram']}}}"
_DAY: Final = "normalize-space()"

_OF_DOCUMENTS: Final[tuple[Rule, ...]] = (
    *no_child(_DOCUMENTS, {
        "CII-DT-015": "ram:URIID", "CII-DT-021": "ram:Name", "CII-DT-022": "ram:AttachmentBinaryObject",
    }, unless=_SUPPORTING),
    *no_child(_DOCUMENTS, {"CII-DT-018": "ram:TypeCode"}, unless="self::ram:AdditionalReferencedDocument"
              " and (ram:TypeCode = '50' or ram:TypeCode = '130' or ram:TypeCode = '916')"),
    *no_child(_DOCUMENTS, {"CII-DT-024": "ram:ReferenceTypeCode"},
              unless="self::ram:AdditionalReferencedDocument and ram:TypeCode = '130'"),
    *no_child(_DOCUMENTS, {"CII-DT-027": "ram:FormattedIssueDateTime"}, unless="self::ram:InvoiceReferencedDocument"),
    *no_child(_DOCUMENTS, {
        "CII-DT-016": "ram:StatusCode", "CII-DT-017": "ram:CopyIndicator", "CII-DT-019": "ram:GlobalID",
        "CII-DT-020": "ram:RevisionID", "CII-DT-023": "ram:Information", "CII-DT-025": "ram:SectionName",
        "CII-DT-026": "ram:PreviousRevisionID", "CII-DT-028": "ram:EffectiveSpecifiedPeriod",
        "CII-DT-029": "ram:IssuerTradeParty", "CII-DT-030": "ram:AttachedSpecifiedBinaryFile",
    }),
)  # fmt: skip

_OF_PERIODS: Final = no_child("ram:BillingSpecifiedPeriod", {
    "CII-DT-068": "ram:StartDateTime/udt:DateTime", "CII-DT-069": "ram:DurationMeasure",
    "CII-DT-070": "ram:InclusiveIndicator", "CII-DT-071": "ram:Description",
    "CII-DT-072": "ram:EndDateTime/udt:DateTime", "CII-DT-073": "ram:CompleteDateTime",
    "CII-DT-074": "ram:OpenIndicator", "CII-DT-075": "ram:SeasonCode", "CII-DT-076": "ram:ID",
    "CII-DT-077": "ram:Name", "CII-DT-078": "ram:SequenceNumeric", "CII-DT-079": "ram:StartDateFlexibilityCode",
    "CII-DT-080": "ram:ContinuousIndicator", "CII-DT-081": "ram:PurposeCode",
})  # fmt: skip

_OF_ADDRESSES: Final = no_child("ram:PostalTradeAddress", {
    "CII-DT-082": "ram:ID", "CII-DT-083": "ram:PostOfficeBox", "CII-DT-084": "ram:BuildingName",
    "CII-DT-086": "ram:LineFour", "CII-DT-087": "ram:LineFive", "CII-DT-088": "ram:StreetName",
    "CII-DT-089": "ram:CitySubDivisionName", "CII-DT-090": "ram:CountryName",
    "CII-DT-091": "ram:CountrySubDivisionID", "CII-DT-092": "ram:AttentionOf", "CII-DT-093": "ram:CareOf",
    "CII-DT-094": "ram:BuildingNumber", "CII-DT-095": "ram:DepartmentName", "CII-DT-096": "ram:AdditionalStreetName",
})  # fmt: skip

_OF_TAXES: Final[tuple[Rule, ...]] = (
    ElementRule("CII-DT-037", "ram:*TradeTax", "ram:TypeCode and not(ram:TypeCode = 'VAT')",
                "the only tax here is VAT"),
    *no_child("ram:*TradeTax", {
        "CII-DT-038": "ram:CalculatedRate", "CII-DT-039": "ram:CalculationSequenceNumeric",
        "CII-DT-040": "ram:BasisQuantity", "CII-DT-042": "ram:UnitBasisAmount",
        "CII-DT-043": "ram:LineTotalBasisAmount", "CII-DT-044": "ram:AllowanceChargeBasisAmount",
        "CII-DT-049": "ram:CurrencyCode", "CII-DT-050": "ram:Jurisdiction", "CII-DT-051": "ram:CustomsDutyIndicator",
        "CII-DT-053": "ram:TaxBasisAllowanceRate", "CII-DT-055": "ram:Type", "CII-DT-056": "ram:InformationAmount",
        "CII-DT-057": "ram:CategoryName", "CII-DT-060": "ram:SpecifiedTradeAccountingAccount",
        "CII-DT-061": "ram:ServiceSupplyTradeCountry",
        "CII-DT-062": "ram:BuyerRepayableTaxSpecifiedTradeAccountingAccount",
        "CII-DT-063": "ram:SellerPayableTaxSpecifiedTradeAccountingAccount",
        "CII-DT-064": "ram:SellerRefundableTaxSpecifiedTradeAccountingAccount",
        "CII-DT-065": "ram:BuyerDeductibleTaxSpecifiedTradeAccountingAccount",
        "CII-DT-066": "ram:BuyerNonDeductibleTaxSpecifiedTradeAccountingAccount",
        "CII-DT-067": "ram:PlaceApplicableTradeLocation",
    }, "warning"),
    *no_child("ram:*TradeTax", {
        "CII-DT-041": "ram:BasisAmount", "CII-DT-054": "ram:TaxPointDate", "CII-DT-058": "ram:DueDateTypeCode",
    }, "warning", unless="ancestor::ram:ApplicableHeaderTradeSettlement"),
    *no_child("ram:*TradeTax", {"CII-DT-052": "ram:ExemptionReasonCode", "CII-DT-098": "ram:ExemptionReason"},
              "warning", unless="self::ram:ApplicableTradeTax"),
    ElementRule("CII-DT-059", "ram:*TradeTax", "ram:RateApplicablePercent/@format",
                "the attribute {name} does not belong here", "warning", "format"),
    *no_attribute(f"{LINE}/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode", {
        "CII-DT-045": "listID", "CII-DT-046": "listAgencyID", "CII-DT-047": "listVersionID", "CII-DT-048": "listURI",
    }, "warning"),
)  # fmt: skip


def _unit_elsewhere(document: DocumentElements) -> etree._Element | None:
    """Check CII-DT-033: a quantity has a unit only where the quantity billed of some line has one."""
    billed = document.root.iterfind(TAG[f"{LINE}/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"])
    if any(quantity.get("unitCode") is not None for quantity in billed):
        return None
    return next(
        (
            element
            for (tag, _), elements in document.by_tags.items()
            if str(tag).endswith("Quantity") and str(tag).startswith(_RAM)
            for element in elements
            if element.get("unitCode") is not None
        ),
        None,
    )


_ATTRIBUTES: Final[tuple[Rule, ...]] = (
    *no_attribute(_PLAIN_IDS, {
        "CII-DT-001": "schemeName", "CII-DT-002": "schemeAgencyName", "CII-DT-003": "schemeDataURI",
        "CII-DT-004": "schemeURI", "CII-DT-005": "schemeID", "CII-DT-006": "schemeAgencyID",
        "CII-DT-007": "schemeVersionID",
    }),
    *no_attribute(f"ram:*ID[not({_IS_PLAIN_ID})]", {
        "CII-DT-101": "schemeName", "CII-DT-102": "schemeAgencyName", "CII-DT-103": "schemeDataURI",
        "CII-DT-104": "schemeURI",
    }),
    *no_attribute("ram:TypeCode", {"CII-DT-008": "name", "CII-DT-009": "listURI"}),
    *no_attribute(BILL, {"CII-DT-013": "languageID", "CII-DT-014": "languageLocaleID"}),
    *no_attribute("ram:*Amount[not(self::ram:TaxTotalAmount)]", {
        "CII-DT-031": "currencyID", "CII-DT-032": "currencyCodeListVersionID",
    }),
    *no_attribute("ram:*Quantity", {
        "CII-DT-034": "unitCodeListID", "CII-DT-035": "unitCodeListAgencyID", "CII-DT-036": "unitCodeListAgencyName",
    }),
    DocumentRule("CII-DT-033", _unit_elsewhere, "the unit stands at the quantity billed (BT-130)"),
    ElementRule("CII-DT-097", "udt:DateTimeString[@format = '102']",
                f"string-length({_DAY}) != 8 or translate({_DAY}, '0123456789', '')"
                f" or substring({_DAY}, 5, 2) > 12 or substring({_DAY}, 5, 2) < 1"
                f" or substring({_DAY}, 7, 2) > 31 or substring({_DAY}, 7, 2) < 1",
                "a day must be written as 20261122"),
)  # fmt: skip

_ELEMENTS: Final[tuple[Rule, ...]] = (
    *no_child(MEANS, {"CII-SR-464": "ram:PayerSpecifiedDebtorFinancialInstitution"}, "warning"),
    *no_child(BILL, {"CII-SR-438": "ram:ValuationBreakdownStatement"}, "warning"),
    *no_child("*DocumentContextParameter", {"CII-SR-04": "ram:Value", "CII-SR-05": "ram:SpecifiedDocumentVersion"},
              "warning"),
)  # fmt: skip

UNUSED_RULES: Final[tuple[Rule, ...]] = (
    *_OF_DOCUMENTS,
    *_OF_PERIODS,
    *_OF_ADDRESSES,
    *_OF_TAXES,
    *_ATTRIBUTES,
    *_ELEMENTS,
)
