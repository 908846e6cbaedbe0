"""The bill as Cross Industry Invoice, the XML inside a Factur-X (Factur-X 1.09, on UN/CEFACT CII D22B).

Written by hand rather than through a tree: the order of elements is the schema's, absent terms are left out, and what
a sender wrote is escaped in the one place where text enters.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from bill import ZERO, AllowanceCharge, Bill, CreditTransfer, Line, Party, Payment, Period, PostalAddress, VatBreakdown


class Profile(NamedTuple):
    """A profile of Factur-X: its guideline (BT-24), its name in the XMP, how the XML relates to the pages."""

    guideline: str
    level: str
    relationship: Literal["Alternative", "Data"]


EN16931: Final = Profile("urn:cen.eu:en16931:2017", "EN 16931", "Alternative")
BASIC_WL: Final = Profile("urn:factur-x.eu:1p0:basicwl", "BASIC WL", "Data")
MINIMUM: Final = Profile("urn:factur-x.eu:1p0:minimum", "MINIMUM", "Data")

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
    ' xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"'
    ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
    ' xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100">'
)


def profile_of(bill: Bill) -> Profile:
    """The highest profile whose mandatory terms the bill has."""
    totals = bill.totals
    if None in (totals.gross, totals.net) or not (bill.seller.address.country and bill.buyer.name):
        return MINIMUM
    if totals.lines is None or not bill.vat or not all(map(_is_whole_vat, bill.vat)):
        return MINIMUM
    if not bill.lines or not bill.buyer.address.country or not all(map(_is_whole_line, bill.lines)):
        return BASIC_WL
    return EN16931


def _is_whole_vat(vat: VatBreakdown) -> bool:
    return bool(vat.category) and None not in (vat.taxable, vat.vat)


def _is_whole_line(line: Line) -> bool:
    return bool(line.id and line.name and line.unit and line.vat_category) and None not in (
        line.quantity, line.net_amount, line.net_price,
    )  # fmt: skip


def write_cii(bill: Bill, profile: Profile) -> bytes:
    """The document in UTF-8, in this profile."""
    parts = [_HEAD, _context(bill, profile), _document(bill, profile), "<rsm:SupplyChainTradeTransaction>"]
    if profile is EN16931:
        parts += map(_line, bill.lines)
    parts += [
        _agreement(bill, profile), _delivery(bill, profile), _settlement(bill, profile),
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>",
    ]  # fmt: skip
    return "".join(parts).encode("utf-8", "replace")


# -- the smallest parts ----------------------------------------------------------------------------------------

#: Characters that XML 1.0 (2.2) does not have, and those that are markup.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE: Final = re.compile(f'{_NOT_XML.pattern[:-1]}&<>"]')
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def _escaped(text: str) -> str:
    return _NOT_XML.sub("", text).translate(_MARKUP) if _TO_ESCAPE.search(text) else text


def _leaf(tag: str, value: str | Decimal | None, attribute: str = "", of: str = "") -> str:
    """An element with text; an absent value has no element."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
    elif value:
        text = _escaped(value)
    else:
        return ""
    said = f' {attribute}="{_escaped(of)}"' if of else ""
    return f"<ram:{tag}{said}>{text}</ram:{tag}>"


def _branch(tag: str, *children: str) -> str:
    """An element of elements; without any there is none."""
    inner = "".join(children)
    return f"<ram:{tag}>{inner}</ram:{tag}>" if inner else ""


@lru_cache(maxsize=512)
def _day(tag: str, day: date | None, kind: str = "udt") -> str:
    if day is None:
        return ""
    return f'<ram:{tag}><{kind}:DateTimeString format="102">{_figures(day)}</{kind}:DateTimeString></ram:{tag}>'


def _figures(day: date) -> str:
    """UNTDID 2379, format 102: CCYYMMDD."""
    return day.isoformat().replace("-", "")


@lru_cache(maxsize=512)
def _period(period: Period | None) -> str:
    if period is None:
        return ""
    return _branch("BillingSpecifiedPeriod", _day("StartDateTime", period.start), _day("EndDateTime", period.end))


# -- the document ----------------------------------------------------------------------------------------------


def _context(bill: Bill, profile: Profile) -> str:
    process = _branch("BusinessProcessSpecifiedDocumentContextParameter", _leaf("ID", bill.process))
    guideline = _branch("GuidelineSpecifiedDocumentContextParameter", _leaf("ID", profile.guideline))
    return f"<rsm:ExchangedDocumentContext>{process}{guideline}</rsm:ExchangedDocumentContext>"


def _document(bill: Bill, profile: Profile) -> str:
    notes = "" if profile is MINIMUM else "".join(
        _branch("IncludedNote", _leaf("Content", note.text), _leaf("SubjectCode", note.subject)) for note in bill.notes
    )  # fmt: skip
    head = _leaf("ID", bill.number) + _leaf("TypeCode", bill.type_code) + _day("IssueDateTime", bill.issue_date)
    return f"<rsm:ExchangedDocument>{head}{notes}</rsm:ExchangedDocument>"


def _line(line: Line) -> str:
    return _branch(
        "IncludedSupplyChainTradeLineItem",
        _branch(
            "AssociatedDocumentLineDocument",
            _leaf("LineID", line.id),
            _branch("IncludedNote", _leaf("Content", line.note)),
        ),
        _product(line),
        _line_agreement(line),
        _branch("SpecifiedLineTradeDelivery", _leaf("BilledQuantity", line.quantity, "unitCode", line.unit)),
        _branch(
            "SpecifiedLineTradeSettlement",
            _tax_of(line.vat_category, line.vat_rate, "ApplicableTradeTax"),
            _period(line.period),
            *map(_allowance_charge, line.allowances_charges),
            _branch("SpecifiedTradeSettlementLineMonetarySummation", _leaf("LineTotalAmount", line.net_amount)),
            _branch(
                "AdditionalReferencedDocument",
                _leaf("IssuerAssignedID", line.object_id.value),
                "<ram:TypeCode>130</ram:TypeCode>",
                _leaf("ReferenceTypeCode", line.object_id.scheme),
            ) if line.object_id else "",
            _branch("ReceivableSpecifiedTradeAccountingAccount", _leaf("ID", line.cost_account)),
        ),
    )  # fmt: skip


def _product(line: Line) -> str:
    standard = line.standard_item_id
    return _branch(
        "SpecifiedTradeProduct",
        _leaf("GlobalID", standard.value, "schemeID", standard.scheme) if standard and standard.scheme else "",
        _leaf("SellerAssignedID", line.seller_item_id),
        _leaf("BuyerAssignedID", line.buyer_item_id),
        _leaf("Name", line.name),
        _leaf("Description", line.description),
        *(
            _branch("ApplicableProductCharacteristic", _leaf("Description", each.name), _leaf("Value", each.value))
            for each in line.attributes
            if each.name and each.value
        ),
        *(
            _branch("DesignatedProductClassification", _leaf("ClassCode", each.value, "listID", each.scheme))
            for each in line.classifications
            if each.scheme
        ),
        _branch("OriginTradeCountry", _leaf("ID", line.origin_country)),
    )


def _line_agreement(line: Line) -> str:
    base = _leaf("BasisQuantity", line.price_base, "unitCode", line.price_base_unit)
    gross = ""
    if line.gross_price is not None:
        discount = "" if line.price_discount is None else _branch(
            "AppliedTradeAllowanceCharge", _indicator(False), _leaf("ActualAmount", line.price_discount)
        )  # fmt: skip
        gross = _branch("GrossPriceProductTradePrice", _leaf("ChargeAmount", line.gross_price), base, discount)
    return _branch(
        "SpecifiedLineTradeAgreement",
        _branch("BuyerOrderReferencedDocument", _leaf("LineID", line.order_line)),
        gross,
        _branch("NetPriceProductTradePrice", _leaf("ChargeAmount", line.net_price), base),
    )


def _tax_of(category: str, rate: Decimal | None, tag: str) -> str:
    if not category:
        return ""
    return _tax(category, "" if category == "O" else "0" if rate is None else f"{rate:f}", tag)


@lru_cache(maxsize=512)
def _tax(category: str, percent: str, tag: str) -> str:
    return _branch(tag, "<ram:TypeCode>VAT</ram:TypeCode>", _leaf("CategoryCode", category),
                   _leaf("RateApplicablePercent", percent))  # fmt: skip


def _indicator(is_charge: bool) -> str:
    said = "true" if is_charge else "false"
    return f"<ram:ChargeIndicator><udt:Indicator>{said}</udt:Indicator></ram:ChargeIndicator>"


def _allowance_charge(change: AllowanceCharge) -> str:
    return _branch(
        "SpecifiedTradeAllowanceCharge",
        _indicator(change.is_charge),
        _leaf("CalculationPercent", change.percent),
        _leaf("BasisAmount", change.base),
        _leaf("ActualAmount", change.amount),
        _leaf("ReasonCode", change.reason_code),
        _leaf("Reason", change.reason),
        _tax_of(change.vat_category, change.vat_rate, "CategoryTradeTax"),
    )


# -- agreement and delivery ------------------------------------------------------------------------------------


def _agreement(bill: Bill, profile: Profile) -> str:
    if profile is MINIMUM:
        return _branch(
            "ApplicableHeaderTradeAgreement",
            _leaf("BuyerReference", bill.buyer_reference),
            _branch("SellerTradeParty", _leaf("Name", bill.seller.name or "?"), _legal(bill.seller, trading=False),
                    _branch("PostalTradeAddress", _leaf("CountryID", bill.seller.address.country)),
                    _registration(bill.seller)),
            _branch("BuyerTradeParty", _leaf("Name", bill.buyer.name or "?"), _legal(bill.buyer, trading=False)),
            _branch("BuyerOrderReferencedDocument", _leaf("IssuerAssignedID", bill.order)),
        )  # fmt: skip
    whole = profile is EN16931
    return _branch(
        "ApplicableHeaderTradeAgreement",
        _leaf("BuyerReference", bill.buyer_reference),
        _party("SellerTradeParty", bill.seller, whole=whole),
        _party("BuyerTradeParty", bill.buyer, whole=whole),
        _party("SellerTaxRepresentativeTradeParty", bill.tax_representative, whole=False),
        _branch("SellerOrderReferencedDocument", _leaf("IssuerAssignedID", bill.sales_order)) if whole else "",
        _branch("BuyerOrderReferencedDocument", _leaf("IssuerAssignedID", bill.order)),
        _branch("ContractReferencedDocument", _leaf("IssuerAssignedID", bill.contract)),
        _objects(bill) if whole else "",
        _project(bill) if whole else "",
    )


def _objects(bill: Bill) -> str:
    tender = _branch(
        "AdditionalReferencedDocument", _leaf("IssuerAssignedID", bill.tender), "<ram:TypeCode>50</ram:TypeCode>"
    ) if bill.tender else ""  # fmt: skip
    if bill.object_id is None:
        return tender
    return tender + _branch(
        "AdditionalReferencedDocument",
        _leaf("IssuerAssignedID", bill.object_id.value),
        "<ram:TypeCode>130</ram:TypeCode>",
        _leaf("ReferenceTypeCode", bill.object_id.scheme),
    )


def _project(bill: Bill) -> str:
    if not bill.project:
        return ""
    return _branch("SpecifiedProcuringProject", _leaf("ID", bill.project), "<ram:Name>Project reference</ram:Name>")


def _party(tag: str, party: Party | None, *, whole: bool) -> str:
    if party is None:
        return ""
    electronic = party.electronic_address
    return _branch(
        tag,
        *(_leaf("ID", each.value) for each in party.identifiers if not each.scheme),
        *(_leaf("GlobalID", each.value, "schemeID", each.scheme) for each in party.identifiers if each.scheme),
        _leaf("Name", party.name),
        _leaf("Description", party.legal_form) if whole and tag == "SellerTradeParty" else "",
        _legal(party, trading=True),
        _contact(party) if whole else "",
        _address(party.address),
        _branch("URIUniversalCommunication", _leaf("URIID", electronic.value, "schemeID", electronic.scheme))
        if electronic and electronic.scheme else "",
        _registration(party),
    )  # fmt: skip


def _legal(party: Party, *, trading: bool) -> str:
    legal_id = party.legal_id
    return _branch(
        "SpecifiedLegalOrganization",
        _leaf("ID", legal_id.value, "schemeID", legal_id.scheme) if legal_id else "",
        _leaf("TradingBusinessName", party.trading_name) if trading else "",
    )


def _contact(party: Party) -> str:
    if party.contact is None:
        return ""
    return _branch(
        "DefinedTradeContact",
        _leaf("PersonName", party.contact.name),
        _branch("TelephoneUniversalCommunication", _leaf("CompleteNumber", party.contact.phone)),
        _branch("EmailURIUniversalCommunication", _leaf("URIID", party.contact.email)),
    )


def _address(address: PostalAddress) -> str:
    return _branch(
        "PostalTradeAddress",
        _leaf("PostcodeCode", address.postcode),
        _leaf("LineOne", address.line1),
        _leaf("LineTwo", address.line2),
        _leaf("LineThree", address.line3),
        _leaf("CityName", address.city),
        _leaf("CountryID", address.country),
        _leaf("CountrySubDivisionName", address.subdivision),
    )


def _registration(party: Party) -> str:
    vat = _branch("SpecifiedTaxRegistration", _leaf("ID", party.vat_id, "schemeID", "VA"))
    return vat + _branch("SpecifiedTaxRegistration", _leaf("ID", party.tax_id, "schemeID", "FC"))


def _delivery(bill: Bill, profile: Profile) -> str:
    if profile is MINIMUM:
        return "<ram:ApplicableHeaderTradeDelivery/>"
    given = bill.delivered
    whole = profile is EN16931
    parts = (
        _ship_to(bill) if given else "",
        _branch("ActualDeliverySupplyChainEvent", _day("OccurrenceDateTime", given.on)) if given else "",
        _branch("DespatchAdviceReferencedDocument", _leaf("IssuerAssignedID", bill.despatch)),
        _branch("ReceivingAdviceReferencedDocument", _leaf("IssuerAssignedID", bill.receiving)) if whole else "",
    )
    return _branch("ApplicableHeaderTradeDelivery", *parts) or "<ram:ApplicableHeaderTradeDelivery/>"


def _ship_to(bill: Bill) -> str:
    given = bill.delivered
    if given is None:
        return ""
    place, party = given.location, given.party
    return _branch(
        "ShipToTradeParty",
        _leaf("ID", place.value) if place and not place.scheme else "",
        _leaf("GlobalID", place.value, "schemeID", place.scheme) if place and place.scheme else "",
        _leaf("Name", given.name or (party.name if party else "")),
        _address(party.address) if party and party.address.country else "",
    )


# -- settlement ------------------------------------------------------------------------------------------------


def _settlement(bill: Bill, profile: Profile) -> str:
    if profile is MINIMUM:
        return _branch(
            "ApplicableHeaderTradeSettlement", _leaf("InvoiceCurrencyCode", bill.currency), _least_totals(bill)
        )
    payment, totals = bill.payment, bill.totals
    return _branch(
        "ApplicableHeaderTradeSettlement",
        _leaf("CreditorReferenceID", payment.creditor_id),
        _leaf("PaymentReference", payment.remittance),
        _leaf("TaxCurrencyCode", bill.vat_currency) if totals.vat_in_vat_currency is not None else "",
        _leaf("InvoiceCurrencyCode", bill.currency),
        _payee(bill),
        *_means(payment, whole=profile is EN16931),
        *(_breakdown(each, bill) for each in bill.vat),
        _period(bill.period),
        *map(_allowance_charge, bill.allowances_charges),
        _branch(
            "SpecifiedTradePaymentTerms",
            _leaf("Description", bill.terms),
            _day("DueDateDateTime", bill.due_date),
            _leaf("DirectDebitMandateID", payment.mandate),
        ),
        _totals(bill),
        *(
            _branch(
                "InvoiceReferencedDocument",
                _leaf("IssuerAssignedID", each.number),
                _day("FormattedIssueDateTime", each.issue_date, "qdt"),
            )
            for each in bill.preceding
        ),
        _branch("ReceivableSpecifiedTradeAccountingAccount", _leaf("ID", bill.buyer_accounting)),
    )


def _payee(bill: Bill) -> str:
    payee = bill.payee
    if payee is None:
        return ""
    return _branch(
        "PayeeTradeParty",
        *(_leaf("ID", each.value) for each in payee.identifiers[:1] if not each.scheme),
        *(_leaf("GlobalID", each.value, "schemeID", each.scheme) for each in payee.identifiers[:1] if each.scheme),
        _leaf("Name", payee.name),
        _legal(payee, trading=False),
    )


def _means(payment: Payment, *, whole: bool) -> Iterable[str]:
    """BG-16, once for each account: the syntax has one account a means."""
    if not payment.means_code:
        return []
    transfers: tuple[CreditTransfer | None, ...] = payment.transfers or (None,)
    return [_one_means(payment, transfer, whole=whole) for transfer in transfers]


def _one_means(payment: Payment, transfer: CreditTransfer | None, *, whole: bool) -> str:
    return _branch(
        "SpecifiedTradeSettlementPaymentMeans",
        _leaf("TypeCode", payment.means_code),
        _leaf("Information", payment.means_text) if whole else "",
        _branch(
            "ApplicableTradeSettlementFinancialCard",
            _leaf("ID", payment.card_number),
            _leaf("CardholderName", payment.card_holder),
        ) if whole else "",
        _branch("PayerPartyDebtorFinancialAccount", _leaf("IBANID", payment.debited_iban)),
        _branch(
            "PayeePartyCreditorFinancialAccount",
            _leaf("IBANID", transfer.iban),
            _leaf("AccountName", transfer.name) if whole else "",
        ) if transfer else "",
        _branch("PayeeSpecifiedCreditorFinancialInstitution", _leaf("BICID", transfer.bic))
        if transfer and whole else "",
    )  # fmt: skip


#: BT-8 is UNTDID 2005 in UBL and UNTDID 2475 here: invoice, delivery, payment. Another code says nothing.
_DUE_DATE_TYPES: Final = {"3": "5", "35": "29", "432": "72", "5": "5", "29": "29", "72": "72"}


def _breakdown(vat: VatBreakdown, bill: Bill) -> str:
    point = "" if bill.tax_point is None else (
        f'<ram:TaxPointDate><udt:DateString format="102">{_figures(bill.tax_point)}</udt:DateString></ram:TaxPointDate>'
    )  # fmt: skip
    return _branch(
        "ApplicableTradeTax",
        _leaf("CalculatedAmount", vat.vat),
        "<ram:TypeCode>VAT</ram:TypeCode>",
        _leaf("ExemptionReason", vat.exemption_reason),
        _leaf("BasisAmount", vat.taxable),
        _leaf("CategoryCode", vat.category),
        _leaf("ExemptionReasonCode", vat.exemption_code.upper()),
        point,
        _leaf("DueDateTypeCode", _DUE_DATE_TYPES.get(bill.tax_point_code)),
        _leaf("RateApplicablePercent", None if vat.category == "O" else ZERO if vat.rate is None else vat.rate),
    )


def _totals(bill: Bill) -> str:
    totals = bill.totals
    return _branch(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        _leaf("LineTotalAmount", totals.lines),
        _leaf("ChargeTotalAmount", totals.charges),
        _leaf("AllowanceTotalAmount", totals.allowances),
        _leaf("TaxBasisTotalAmount", totals.net),
        _leaf("TaxTotalAmount", totals.vat, "currencyID", bill.currency),
        _leaf("TaxTotalAmount", totals.vat_in_vat_currency, "currencyID", bill.vat_currency),
        _leaf("RoundingAmount", totals.rounding),
        _leaf("GrandTotalAmount", totals.gross),
        _leaf("TotalPrepaidAmount", totals.paid),
        _leaf("DuePayableAmount", totals.payable),
    )


def _least_totals(bill: Bill) -> str:
    """What MINIMUM asks for; a total that the issuer did not give is the next one that it did."""
    totals = bill.totals
    gross = totals.payable if totals.gross is None else totals.gross
    net = totals.net if totals.net is not None else gross - (totals.vat or ZERO)
    return _branch(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        _leaf("TaxBasisTotalAmount", net),
        _leaf("TaxTotalAmount", totals.vat, "currencyID", bill.currency),
        _leaf("GrandTotalAmount", gross),
        _leaf("DuePayableAmount", totals.payable),
    )
