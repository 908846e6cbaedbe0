"""The mapping table of a UBL Invoice or CreditNote document: header, parties, payment, taxes and totals."""

import re
from typing import Any, Final

from bill import Delivered, Identifier, Note, Party, Period, PostalAddress, Reference, VatBreakdown
from ingest.allowance_charges import allowance_charges
from ingest.bill_builder import build_payment_means
from ingest.document_findings import Found
from ingest.instalments import InstalmentPart
from ingest.ubl.document_and_line_elements import ALLOWANCE_CHARGE, DOCUMENT, PERIOD, category, id_of, of
from ingest.ubl.line import LINE, make_line
from ingest.ubl.party import address, party
from ingest.xml.element import Element, attribute_of
from ingest.xml.mapper import ValueMapping, XmlMapper
from ingest.xml.mapping_steps import amount, each, earliest, group, identifier, joined, qualified, words_of
from ingest.xml.supporting_document import attachment
from untrusted.value_parsing import account_number, code, day, decimal, language_code, prose

_subject = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL).fullmatch


def _note(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for a note (BT-22), with its subject (BT-21) before it between two `#`. The first
    language named is the bill's."""
    text, subject = mapper.value_of(element, prose), ""
    if text is not None:
        if match := _subject(text):
            subject, text = match[1], match[2].strip()
        if tag := language_code(attribute_of(element, "languageID")):
            found.setdefault("language", tag)
        found.setdefault("notes", []).append(Note(text=text, subject=subject))


_TAX_CATEGORY: Final = of({
    "cbc:ID": category,
    "cbc:Percent": amount("rate"),
    "cbc:TaxExemptionReason": words_of("exemption_reason"),
    "cbc:TaxExemptionReasonCode": ValueMapping("exemption_code", code),
})  # fmt: skip


def _vat(*, category: str = "", **found: Any) -> VatBreakdown:
    return VatBreakdown(category=category, **found)


def _tax_total(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for a tax total: BT-110 with the VAT breakdown (BG-23), or, in the VAT accounting currency, BT-111 alone."""
    inner: Found = {}
    mapper.map_element(element, _TAX_TOTAL, inner)
    if "amount" in inner:
        found.setdefault("vat_totals", []).append((inner.get("currency", ""), inner["amount"]))
    if "vat" in inner:
        found.setdefault("vat", []).extend(inner["vat"])


_TAX_TOTAL: Final = of({
    "cbc:TaxAmount": qualified("amount", "currencyID", "currency", decimal),
    "cac:TaxSubtotal": each("vat", of({
        "cbc:TaxableAmount": amount("taxable"),
        "cbc:TaxAmount": amount("vat"),
        "cbc:Percent": amount("rate"),
        "cac:TaxCategory": _TAX_CATEGORY,
    }), _vat),
})  # fmt: skip


def _period(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for the invoicing period (BG-14) and the code of the tax point (BT-8)."""
    inner: Found = {}
    mapper.map_element(element, _PERIOD, inner)
    if "tax_point_code" in inner:
        found.setdefault("tax_point_code", inner.pop("tax_point_code"))
    if inner:
        found.setdefault("period", Period(**inner))


_PERIOD: Final = {**PERIOD, **of({"cbc:DescriptionCode": ValueMapping("tax_point_code", code)})}


def _document(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for a supporting document (BG-24). Type 130 is the invoiced object (BT-18), type 50 the project (BT-11)."""
    inner: Found = {}
    mapper.map_element(element, DOCUMENT, inner)
    kind, scheme = inner.pop("kind", ""), inner.pop("scheme", "")
    if kind == "130":
        found.setdefault("object_id", Identifier(value=inner.get("id", ""), scheme=scheme))
    elif kind == "50" and "id" in inner:
        found.setdefault("project", inner["id"])
    elif inner:
        found.setdefault("attachments", []).append(attachment(**inner))


_MEANS: Final = of({
    "cbc:PaymentMeansCode": qualified("means_code", "name", "means_text"),
    "cbc:PaymentID": words_of("remittance"),
    "cbc:PaymentChannelCode": ValueMapping("scheme", code),
    "cac:CardAccount": of({
        "cbc:PrimaryAccountNumberID": words_of("card_number"),
        "cbc:HolderName": words_of("card_holder"),
    }),
    "cac:PayeeFinancialAccount": of({
        "cbc:ID": ValueMapping("iban", account_number),
        "cbc:Name": words_of("name"),
        "cac:FinancialInstitutionBranch": of({
            "cbc:ID": ValueMapping("bic", account_number),
            "cac:FinancialInstitution": id_of("bic"),
        }),
    }),
    "cac:PaymentMandate": of({
        "cbc:ID": words_of("mandate"),
        "cac:PayerFinancialAccount": of({"cbc:ID": ValueMapping("debited_iban", account_number)}),
    }),
})  # fmt: skip


def _terms(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for payment terms (BT-20, BT-9). An amount with a date of its own is an instalment. The date of a discount
    is the due date only where no other is given."""
    inner: Found = {}
    mapper.map_element(element, _TERMS, inner)
    _first_day("discount_due" if "discount" in inner else "due_date", inner, found)
    if "text" in inner:
        found["terms"] = f"{found['terms']}\n{inner['text']}" if "terms" in found else inner["text"]
    due = inner.get("due") or inner.get("period", {}).get("end")
    part = InstalmentPart(
        inner.get("amount"), inner.get("percent"), due, inner.get("text", ""), inner.get("means", ""),
        is_discounted="discount" in inner,
    )  # fmt: skip
    found.setdefault("instalments", []).append(part)


_TERMS: Final = of({
    "cbc:Note": joined("text"),
    "cbc:Amount": amount("amount"),
    "cbc:PaymentPercent": amount("percent"),
    "cbc:SettlementDiscountPercent": amount("discount"),
    "cbc:PaymentMeansID": words_of("means"),
    "cbc:PaymentDueDate cbc:InstallmentDueDate": earliest("due"),
    "cac:SettlementPeriod": group("period", PERIOD, dict),
})  # fmt: skip


def _means(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for means of payment (BG-16), with a credit note's due date (BT-9), or the date of an instalment that refers
    to this means."""
    inner: Found = {}
    mapper.map_element(element, _OF_MEANS, inner)
    _first_day("due_date", inner, found)
    if "id" in inner and "due" in inner:
        found.setdefault("means_due", {})[inner["id"]] = inner["due"]
    _each_means(element, found, mapper)


def _first_day(key: str, inner: Found, found: Found) -> None:
    """Keep the earliest of several days."""
    if "due" in inner:
        found[key] = min(inner["due"], found.get(key, inner["due"]))


_OF_MEANS: Final = of({"cbc:ID": words_of("id"), "cbc:PaymentDueDate cbc:InstallmentDueDate": earliest("due")})
_each_means = each("means", _MEANS, build_payment_means)


#: The currency of BT-115 is taken where plain UBL names none for the bill.
_TOTALS: Final = of({
    "cbc:LineExtensionAmount": amount("lines"),
    "cbc:TaxExclusiveAmount": amount("net"),
    "cbc:TaxInclusiveAmount": amount("gross"),
    "cbc:AllowanceTotalAmount": amount("allowances"),
    "cbc:ChargeTotalAmount": amount("charges"),
    "cbc:PrepaidAmount": amount("paid"),
    "cbc:PayableRoundingAmount": amount("rounding"),
    "cbc:PayableAmount": qualified("payable", "currencyID", "amount_currency", decimal),
})  # fmt: skip


def _reference(*, number: str = "", **found: Any) -> Reference | None:
    return Reference(number=number, **found) if number else None


def _delivered(*, name: str = "", address: Any = None, **found: Any) -> Delivered:
    place = Party(name=name, address=address or PostalAddress()) if name or address else None
    return Delivered(name=name, party=place, **found)


_NAMELESS_SELLER: Final = "the seller (BT-27) has no registered name"
_NAMELESS_BUYER: Final = "the buyer (BT-44) has no registered name"

BILL: Final = of({
    "cbc:CustomizationID": words_of("profile"),
    "cbc:ProfileID": words_of("process"),
    "cbc:ID": words_of("number"),
    "cbc:IssueDate": ValueMapping("issue_date", day),
    "cbc:DueDate": earliest("due_date"),
    "cbc:InvoiceTypeCode cbc:CreditNoteTypeCode": ValueMapping("type_code", code),
    "cbc:Note": _note,
    "cbc:TaxPointDate": ValueMapping("tax_point", day),
    "cbc:DocumentCurrencyCode": ValueMapping("currency", code),
    "cbc:TaxCurrencyCode": ValueMapping("vat_currency", code),
    "cbc:AccountingCost": words_of("buyer_accounting"),
    "cbc:BuyerReference": words_of("buyer_reference"),
    "cac:InvoicePeriod": _period,
    "cac:OrderReference": of({"cbc:ID": words_of("order"), "cbc:SalesOrderID": words_of("sales_order")}),
    "cac:BillingReference": of({
        "cac:InvoiceDocumentReference cac:CreditNoteDocumentReference": each("preceding", of({
            "cbc:ID": words_of("number"), "cbc:IssueDate": ValueMapping("issue_date", day),
        }), _reference),
    }),
    "cac:DespatchDocumentReference": id_of("despatch"),
    "cac:ReceiptDocumentReference": id_of("receiving"),
    "cac:OriginatorDocumentReference": id_of("tender"),
    "cac:ContractDocumentReference": id_of("contract"),
    "cac:AdditionalDocumentReference": _document,
    "cac:ProjectReference": id_of("project"),
    "cac:AccountingSupplierParty": of({"cac:Party": party("seller", "BR-06", _NAMELESS_SELLER)}),
    "cac:AccountingCustomerParty": of({"cac:Party": party("buyer", "BR-07", _NAMELESS_BUYER)}),
    "cac:PayeeParty": party("payee"),
    "cac:TaxRepresentativeParty": party("tax_representative"),
    "cac:Delivery": group("delivered", of({
        "cbc:ActualDeliveryDate": ValueMapping("on", day),
        "cac:DeliveryLocation": of({"cbc:ID": identifier("location"), "cac:Address": address("address")}),
        "cac:DeliveryParty": of({"cac:PartyName": of({"cbc:Name": words_of("name")})}),
    }), _delivered),
    "cac:PaymentMeans": _means,
    "cac:PaymentTerms": _terms,
    "cac:PrepaidPayment": each("third_party", of({
        "cbc:ID": words_of("kind"), "cbc:PaidAmount": amount("amount"), "cbc:InstructionID": words_of("text"),
    }), dict),
    "cac:AllowanceCharge": allowance_charges(ALLOWANCE_CHARGE, "BR-31", "BR-36"),
    "cac:TaxTotal": _tax_total,
    "cac:LegalMonetaryTotal": group("totals", _TOTALS, dict),
    "cac:InvoiceLine cac:CreditNoteLine": each("lines", LINE, make_line),
})  # fmt: skip
