"""The rules of the bill as a whole, of its payment and of the documents it names, checked on CII elements
(EN 16931-3-3, from the official validation 1.3.16)."""

from collections.abc import Callable
from typing import Final

from lxml import etree

from ingest.cii.official_rules.shared_predicates import BILL, DEAL, DELIVERY, LINE, MEANS, SETTLEMENT, TAG, TOTALS
from ingest.xml.document_elements import DocumentElements
from ingest.xml.official_rule_kinds import DocumentRule, ElementRule, Rule, decimals, once
from ingest.xml.xpath_values import string_of

_DOCUMENT: Final = f"{BILL}/rsm:ExchangedDocument"
_CONTEXT: Final = f"{BILL}/rsm:ExchangedDocumentContext"
_DATED: Final = "udt:DateTimeString[@format = '102']"
_NO_ACCOUNT: Final = "a credit transfer must say to which account (BT-84)"
_SPECIFIED_ONCE: Final = "the specification is said once (BT-24)"
_IS_TRANSFER: Final = "(normalize-space(ram:TypeCode) = '30' or normalize-space(ram:TypeCode) = '58')"
_SUPPORTING: Final = "ram:AdditionalReferencedDocument[normalize-space(ram:TypeCode) = '916']"
_ACCOUNT: Final = "ram:PayeePartyCreditorFinancialAccount"


_HEADER: Final[tuple[Rule, ...]] = (
    ElementRule("BR-01", BILL, "not(normalize-space(rsm:ExchangedDocumentContext"
                "/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID))",
                "the specification the bill follows is missing (BT-24)"),
    ElementRule("BR-02", BILL, "not(normalize-space(rsm:ExchangedDocument/ram:ID))",
                "a bill must have an invoice number (BT-1)"),
    ElementRule("BR-03", BILL, f"not(normalize-space(rsm:ExchangedDocument/ram:IssueDateTime/{_DATED}))",
                "the issue date must be written as 20261122, in the format 102 (BT-2)"),
    ElementRule("BR-04", BILL, "not(normalize-space(rsm:ExchangedDocument/ram:TypeCode))",
                "the type of the document is missing (BT-3)"),
    ElementRule("BR-05", BILL, f"not(normalize-space({SETTLEMENT}/ram:InvoiceCurrencyCode))",
                "a bill must have a currency (BT-5)"),
    ElementRule("BR-16", BILL, "not(.//ram:IncludedSupplyChainTradeLineItem)", "a bill must have a line"),
    ElementRule("BR-12", TOTALS, "not(ram:LineTotalAmount)", "the sum of the lines is missing"),
    ElementRule("BR-13", TOTALS, "not(ram:TaxBasisTotalAmount)", "the total without VAT is missing"),
    ElementRule("BR-14", TOTALS, "not(ram:GrandTotalAmount)", "the total with VAT is missing"),
    ElementRule("BR-15", TOTALS, "not(ram:DuePayableAmount)", "a bill must have an amount due for payment (BT-115)"),
    *decimals(*(
        (rule, TOTALS, f"ram:{name}")
        for rule, name in {
            "BR-DEC-09": "LineTotalAmount", "BR-DEC-10": "AllowanceTotalAmount", "BR-DEC-11": "ChargeTotalAmount",
            "BR-DEC-12": "TaxBasisTotalAmount", "BR-DEC-14": "GrandTotalAmount", "BR-DEC-16": "TotalPrepaidAmount",
            "BR-DEC-17": "RoundingAmount", "BR-DEC-18": "DuePayableAmount",
        }.items()
    )),
    ElementRule("BR-CO-19", "ram:ApplicableHeaderTradeSettlement/ram:BillingSpecifiedPeriod",
                "not(ram:StartDateTime or ram:EndDateTime)",
                "the period billed must have a beginning or an end (BT-73, BT-74)"),
    ElementRule("BR-CO-20", "ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod",
                "not(ram:StartDateTime or ram:EndDateTime)",
                "a line's period must have a beginning or an end (BT-134, BT-135)"),
    ElementRule("CII-SR-009", _CONTEXT, "count(ram:GuidelineSpecifiedDocumentContextParameter) != 1", _SPECIFIED_ONCE),
    ElementRule("CII-SR-010", _CONTEXT, "count(ram:GuidelineSpecifiedDocumentContextParameter/ram:ID) != 1",
                _SPECIFIED_ONCE),
    ElementRule("CII-SR-014", _DOCUMENT, "count(ram:TypeCode) != 1", "the type is said once (BT-3)"),
    *once(
        SETTLEMENT,
        ("CII-SR-461", "ram:ApplicableTradeTax/ram:TaxPointDate", "the day the tax is due (BT-7)"),
    ),
    *(
        ElementRule(rule, f"{SETTLEMENT}/{TOTALS}", f"count(ram:{name}) > 1",
                    "the total {name} may be said once", name=name)
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
)  # fmt: skip


class _OneText:
    """Finds the first element of a name whose text differs from the first one's, blanks aside where *is_normal*; only
    below a parent where one is given."""

    def __init__(self, name: str, parent: str = "", is_normal: bool = True) -> None:
        self._name, self._parent, self._is_normal = name, f"}}{parent}", is_normal

    def __call__(self, document: DocumentElements) -> etree._Element | None:
        elements = [each for each in document.tagged(TAG[self._name]) if self._is_below(each)]
        return next((each for each in elements if self._text(each) != self._text(elements[0])), None)

    def _is_below(self, element: etree._Element) -> bool:
        parent = element.getparent()
        return parent is not None and str(parent.tag).endswith(self._parent)

    def _text(self, element: etree._Element) -> str:
        text = string_of(element)
        return " ".join(text.split()) if self._is_normal else text


def _second_reference(document: DocumentElements) -> etree._Element | None:
    """Check CII-SR-469: what the payer quotes (BT-83) is said once."""
    found = [
        each
        for settlement in document.tagged(TAG["ram:ApplicableHeaderTradeSettlement"])
        for each in settlement
        if str(each.tag).endswith("}PaymentReference")
    ]
    return found[1] if len(found) > 1 else None


def _period_that_ends_before(parent: str) -> Callable[[DocumentElements], etree._Element | None]:
    """Return what finds a period below *parent* that ends before it begins, or whose days are not in the format 102.
    The days are compared as texts."""

    def find(document: DocumentElements) -> etree._Element | None:
        return next(
            (
                period
                for period in document.tagged(TAG["ram:BillingSpecifiedPeriod"])
                if (above := period.getparent()) is not None
                and str(above.tag).endswith(f"}}{parent}")
                and not _is_in_order(period)
            ),
            None,
        )

    return find


def _is_in_order(period: etree._Element) -> bool:
    said = {str(each.tag) for each in period}
    if not {TAG["ram:StartDateTime"], TAG["ram:EndDateTime"]} <= said:
        return True
    starts, ends = (_days_of(period, name) for name in ("ram:StartDateTime", "ram:EndDateTime"))
    return any(end >= start for end in ends for start in starts)


def _days_of(period: etree._Element, name: str) -> list[str]:
    """Return the days in the format 102 of one end of a period."""
    return [
        string_of(said)
        for end in period.iterchildren(TAG[name])
        for said in end.iterchildren(TAG["udt:DateTimeString"])
        if said.get("format") == "102"
    ]


_PERIODS: Final[tuple[Rule, ...]] = (
    DocumentRule("BR-29", _period_that_ends_before("ApplicableHeaderTradeSettlement"),
                 "the period billed ends before it begins"),
    DocumentRule("BR-30", _period_that_ends_before("SpecifiedLineTradeSettlement"),
                 "the line's period ends before it begins"),
)  # fmt: skip

_PAYMENT: Final[tuple[Rule, ...]] = (
    ElementRule("BR-49", MEANS, "not(ram:TypeCode)", "a way to pay must say which it is (BT-81)"),
    ElementRule("BR-50", f"{MEANS}[ram:TypeCode = '30' or ram:TypeCode = '58']/{_ACCOUNT}",
                "not(normalize-space(ram:IBANID) or normalize-space(ram:ProprietaryID))", _NO_ACCOUNT),
    ElementRule("BR-61", f"{MEANS}[ram:TypeCode = '30' or ram:TypeCode = '58']/{_ACCOUNT}",
                "not(ram:IBANID or ram:ProprietaryID)", _NO_ACCOUNT),
    ElementRule("CII-SR-470", f"{SETTLEMENT}/{MEANS}",
                f"{_IS_TRANSFER} and not({_ACCOUNT}/ram:IBANID or {_ACCOUNT}/ram:ProprietaryID)", _NO_ACCOUNT),
    ElementRule("BR-51", "ram:ApplicableTradeSettlementFinancialCard", "string-length(normalize-space(ram:ID)) > 10",
                "no more than ten digits of a card's number belong in a bill (BT-87)"),
    DocumentRule("CII-SR-462", _OneText("ram:DueDateTypeCode", "ApplicableTradeTax", is_normal=False),
                 "when the tax is due must be the same in all rows (BT-8)"),
    DocumentRule("CII-SR-467", _OneText("ram:TypeCode", "SpecifiedTradeSettlementPaymentMeans"),
                 "all means of payment must have one code (BT-81)"),
    DocumentRule("CII-SR-468", _OneText("ram:Information", "SpecifiedTradeSettlementPaymentMeans"),
                 "all means of payment must have one name (BT-82)"),
    DocumentRule("CII-SR-469", _second_reference, "what the payer quotes (BT-83) may be said once"),
)  # fmt: skip

_DOCUMENTS: Final[tuple[Rule, ...]] = (
    ElementRule("BR-52", "ram:AdditionalReferencedDocument", "not(normalize-space(ram:IssuerAssignedID))",
                "a supporting document must have a reference (BT-122)"),
    ElementRule("BR-55", f"{SETTLEMENT}/ram:InvoiceReferencedDocument", "not(normalize-space(ram:IssuerAssignedID))",
                "a preceding invoice must have its number (BT-25)"),
)  # fmt: skip

#: What may be said once, or not together: warnings.
_SAID_ONCE: Final = tuple(
    rule._replace(severity="warning")
    for rule in (
        *once(_CONTEXT, ("CII-SR-003", "ram:BusinessProcessSpecifiedDocumentContextParameter", "the process (BT-23)")),
        *once(f"{_DOCUMENT}/ram:IncludedNote", ("CII-SR-030", "ram:Content", "the text of a note (BT-22)")),
        *once(f"{LINE}/ram:AssociatedDocumentLineDocument",
              ("CII-SR-039", "ram:IncludedNote", "a line's note (BT-127)"),
              ("CII-SR-040", "ram:IncludedNote/ram:Content", "a line's note (BT-127)")),
        *once(f"{LINE}/ram:SpecifiedLineTradeSettlement",
              ("CII-SR-474", "ram:AdditionalReferencedDocument[normalize-space(ram:TypeCode) = '130']",
               "the object of a line (BT-128)")),
        ElementRule("CII-SR-454", f"{LINE}/ram:SpecifiedLineTradeSettlement", "count(ram:ApplicableTradeTax) != 1",
                    "a line must have one VAT category, and only one (BT-151)"),
        *once(f"{DEAL}/ram:ApplicableHeaderTradeAgreement",
              ("CII-SR-457", "ram:AdditionalReferencedDocument[ram:TypeCode = '50']", "the tender or lot (BT-17)"),
              ("CII-SR-458", "ram:AdditionalReferencedDocument[ram:TypeCode = '130']", "what is billed (BT-18)"),
              ("CII-SR-475", f"{_SUPPORTING}/ram:Name",
               "the description (BT-123)"),
              ("CII-SR-476", f"{_SUPPORTING}/ram:AttachmentBinaryObject", "the attached file (BT-125)")),
        *once(SETTLEMENT,
              ("CII-SR-452", "ram:SpecifiedTradePaymentTerms", "the terms of payment (BT-20)"),
              ("CII-SR-453", "ram:SpecifiedTradePaymentTerms/ram:Description", "the terms of payment (BT-20)")),
        *(
            ElementRule(rule, on, f"ram:{party}/ram:ID and ram:{party}/ram:GlobalID",
                        "a party has an identifier with a scheme, or one without")
            for rule, on, party in (
                ("CII-SR-450", f"{DEAL}/ram:ApplicableHeaderTradeAgreement", "BuyerTradeParty"),
                ("CII-SR-449", DELIVERY, "ShipToTradeParty"),
                ("CII-SR-451", SETTLEMENT, "PayeeTradeParty"),
            )
        ),
        *(
            ElementRule(rule, f"{DEAL}/ram:ApplicableHeaderTradeAgreement",
                        f"ram:{party}/ram:DefinedTradeContact/ram:PersonName"
                        f" and ram:{party}/ram:DefinedTradeContact/ram:DepartmentName",
                        "a contact is a person or a department (BT-41, BT-56)")
            for rule, party in (("CII-SR-465", "SellerTradeParty"), ("CII-SR-466", "BuyerTradeParty"))
        ),
    )
)  # fmt: skip

BILL_RULES: Final[tuple[Rule, ...]] = (*_HEADER, *_PERIODS, *_PAYMENT, *_DOCUMENTS, *_SAID_ONCE)
