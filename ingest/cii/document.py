"""The mapping table of a CII invoice document: header, parties, delivery, settlement and totals."""

from typing import Any

from bill import Delivered, Identifier, Note, Party, Period, Reference, VatBreakdown
from ingest.allowance_charges import allowance_charges
from ingest.bill_builder import build_payment_means
from ingest.cii.document_and_line_elements import Namespaces, allowance_charge, document, number_of, on, period, tax
from ingest.cii.line import line_table, make_line
from ingest.cii.party import party
from ingest.document_findings import Found
from ingest.instalments import InstalmentPart
from ingest.xml.element import Element, attribute_of
from ingest.xml.mapper import Step, Table, ValueMapping, XmlMapper
from ingest.xml.mapping_steps import amount, each, earliest, group, joined, table, words_of
from ingest.xml.supporting_document import attachment
from untrusted.value_parsing import account_number, code, decimal, language_code, prose


def bill_table(ns: Namespaces) -> Table:
    """Return the mapping table of the root element, in the namespaces of one edition."""
    parameter = {"ram:ID": words_of("profile")}
    return table(ns, {
        "rsm:ExchangedDocumentContext rsm:SpecifiedExchangedDocumentContext": table(ns, {
            "ram:BusinessProcessSpecifiedDocumentContextParameter": table(ns, {"ram:ID": words_of("process")}),
            "ram:GuidelineSpecifiedDocumentContextParameter": table(ns, parameter),
        }),
        "rsm:ExchangedDocument rsm:HeaderExchangedDocument": table(ns, {
            "ram:ID": words_of("number"),
            "ram:TypeCode": ValueMapping("type_code", code),
            "ram:IssueDateTime": on("issue_date", ns),
            "ram:LanguageID": _language,
            "ram:IncludedNote": each("notes", table(ns, {
                "ram:Content": joined("text"), "ram:SubjectCode": ValueMapping("subject", code),
            }), _note),
        }),
        "rsm:SupplyChainTradeTransaction rsm:SpecifiedSupplyChainTradeTransaction": table(ns, {
            "ram:ApplicableHeaderTradeAgreement ram:ApplicableSupplyChainTradeAgreement": _agreement(ns),
            "ram:ApplicableHeaderTradeDelivery ram:ApplicableSupplyChainTradeDelivery": _delivery(ns),
            "ram:ApplicableHeaderTradeSettlement ram:ApplicableSupplyChainTradeSettlement": _settlement(ns),
            "ram:IncludedSupplyChainTradeLineItem": each("lines", line_table(ns), make_line),
        }),
    })  # fmt: skip


def _language(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for the bill's language; the first of several."""
    if tag := mapper.value_of(element, language_code):
        found.setdefault("language", tag)


def _note(*, text: str = "", subject: str = "") -> Note | None:
    return Note(text=text, subject=subject) if text else None


def _agreement(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:BuyerReference": words_of("buyer_reference"),
        "ram:SellerTradeParty": party("seller", ns),
        "ram:BuyerTradeParty": party("buyer", ns),
        "ram:SellerTaxRepresentativeTradeParty": party("tax_representative", ns),
        "ram:SellerOrderReferencedDocument": number_of("sales_order", ns),
        "ram:BuyerOrderReferencedDocument": number_of("order", ns),
        "ram:ContractReferencedDocument": number_of("contract", ns),
        "ram:AdditionalReferencedDocument": _document(ns),
        "ram:SpecifiedProcuringProject": table(ns, {"ram:ID": words_of("project")}),
    })  # fmt: skip


def _document(ns: Namespaces) -> Step:
    """Return a step for a supporting document (BG-24). Type 130 is the invoiced object (BT-18), type 50 the tender
    (BT-17)."""
    steps = document(ns)

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, steps, inner)
        kind, scheme = inner.pop("kind", ""), inner.pop("scheme", "")
        if kind == "130":
            found.setdefault("object_id", Identifier(value=inner.get("id", ""), scheme=scheme))
        elif kind == "50" and "id" in inner:
            found.setdefault("tender", inner["id"])
        elif inner:
            found.setdefault("attachments", []).append(attachment(**inner))

    return step


def _delivery(ns: Namespaces) -> Step:
    steps = table(ns, {
        "ram:ShipToTradeParty": party("party", ns),
        "ram:ActualDeliverySupplyChainEvent": table(ns, {"ram:OccurrenceDateTime": on("on", ns)}),
        "ram:DespatchAdviceReferencedDocument": number_of("despatch", ns),
        "ram:ReceivingAdviceReferencedDocument": number_of("receiving", ns),
    })  # fmt: skip

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        """Store the delivery (BG-13); despatch and receiving advice beside it are terms of the bill itself."""
        inner: Found = {}
        mapper.map_element(element, steps, inner)
        for key in ("despatch", "receiving"):
            if key in inner:
                found.setdefault(key, inner.pop(key))
        if inner:
            to: Party = inner.get("party", Party())
            location = to.identifiers[0] if to.identifiers else None
            found.setdefault("delivered", Delivered(name=to.name, location=location, **inner))

    return step


def _settlement(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:CreditorReferenceID": words_of("creditor_id"),
        "ram:PaymentReference": words_of("remittance"),
        "ram:TaxCurrencyCode": ValueMapping("vat_currency", code),
        "ram:InvoiceCurrencyCode": ValueMapping("currency", code),
        "ram:PayeeTradeParty": party("payee", ns),
        "ram:SpecifiedTradeSettlementPaymentMeans": each("means", _means(ns), build_payment_means),
        "ram:ApplicableTradeTax": _vat(ns),
        "ram:BillingSpecifiedPeriod": group("period", period(ns), Period),
        "ram:SpecifiedTradeAllowanceCharge": allowance_charges(allowance_charge(ns), "BR-31", "BR-36"),
        "ram:SpecifiedTradePaymentTerms": _terms(ns),
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation ram:SpecifiedTradeSettlementMonetarySummation":
            _totals(ns),
        "ram:InvoiceReferencedDocument": each("preceding", table(ns, {
            "ram:IssuerAssignedID ram:ID": words_of("number"),
            "ram:FormattedIssueDateTime": on("issue_date", ns),
        }), _reference),
        "ram:ReceivableSpecifiedTradeAccountingAccount": table(ns, {"ram:ID": words_of("buyer_accounting")}),
    })  # fmt: skip


def _terms(ns: Namespaces) -> Step:
    of_bill = table(ns, {"ram:Description": joined("terms", prose), "ram:DirectDebitMandateID": words_of("mandate")})
    of_part = table(ns, {
        "ram:Description": joined("text", prose),
        "ram:DueDateDateTime": on("due", ns, earliest("due")),
        "ram:PartialPaymentAmount": amount("amount"),
        "ram:ApplicableTradePaymentDiscountTerms": table(ns, {
            "ram:CalculationPercent": amount("discount"), "ram:ActualDiscountAmount": amount("less"),
        }),
    })  # fmt: skip

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        """Store payment terms (BT-20), due date (BT-9) and mandate (BT-89).

        An amount with a date of its own is an instalment (Factur-X EXTENDED). The date of a discount is the due date
        only where no other is given.
        """
        mapper.map_element(element, of_bill, found)
        inner: Found = {}
        mapper.map_element(element, of_part, inner)
        day, is_discounted = inner.get("due"), "discount" in inner or "less" in inner
        if day is not None:
            key = "discount_due" if is_discounted else "due_date"
            found[key] = min(day, found.get(key, day))
        part = InstalmentPart(inner.get("amount"), None, day, inner.get("text", ""), is_discounted=is_discounted)
        found.setdefault("instalments", []).append(part)

    return step


def _reference(*, number: str = "", **found: Any) -> Reference | None:
    return Reference(number=number, **found) if number else None


def _means(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:TypeCode": ValueMapping("means_code", code),
        "ram:Information": joined("means_text"),
        "ram:ApplicableTradeSettlementFinancialCard": table(ns, {
            "ram:ID": words_of("card_number"), "ram:CardholderName": words_of("card_holder"),
        }),
        "ram:PayerPartyDebtorFinancialAccount": table(ns, {"ram:IBANID": ValueMapping("debited_iban", account_number)}),
        "ram:PayeePartyCreditorFinancialAccount": table(ns, {
            "ram:IBANID": ValueMapping("iban", account_number),
            "ram:AccountName": words_of("name"),
            "ram:ProprietaryID": ValueMapping("proprietary", account_number),
        }),
        "ram:PayeeSpecifiedCreditorFinancialInstitution": table(ns, {"ram:BICID": ValueMapping("bic", account_number)}),
    })  # fmt: skip


def _vat(ns: Namespaces) -> Step:
    steps = table(ns, {
        "ram:CalculatedAmount": amount("vat"),
        "ram:BasisAmount": amount("taxable"),
        "ram:ExemptionReason": joined("exemption_reason"),
        "ram:ExemptionReasonCode": ValueMapping("exemption_code", code),
        "ram:TaxPointDate": on("tax_point", ns),
        "ram:DueDateTypeCode": ValueMapping("tax_point_code", code),
        **tax("category", "rate"),
    })  # fmt: skip

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        """Append a VAT row (BG-23); its tax point (BT-7, BT-8) is a term of the bill itself."""
        inner: Found = {}
        mapper.map_element(element, steps, inner)
        for key in ("tax_point", "tax_point_code"):
            if key in inner:
                found.setdefault(key, inner.pop(key))
        inner.setdefault("category", "")
        found.setdefault("vat", []).append(VatBreakdown(**inner))

    return step


def _totals(ns: Namespaces) -> Step:
    steps = table(ns, {
        "ram:LineTotalAmount": amount("lines"),
        "ram:ChargeTotalAmount": amount("charges"),
        "ram:AllowanceTotalAmount": amount("allowances"),
        "ram:TaxBasisTotalAmount": amount("net"),
        "ram:TaxTotalAmount": _vat_total,
        "ram:RoundingAmount": amount("rounding"),
        "ram:GrandTotalAmount": amount("gross"),
        "ram:TotalPrepaidAmount": amount("paid"),
        "ram:DuePayableAmount": amount("payable"),
    })  # fmt: skip

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, steps, inner)
        if "vat_totals" in inner:
            found.setdefault("vat_totals", []).extend(inner.pop("vat_totals"))
        found.setdefault("totals", inner)

    return step


def _vat_total(element: Element, found: Found, mapper: XmlMapper) -> None:
    """Step for a VAT total: BT-110, or BT-111 when its currency is the VAT accounting currency."""
    value = mapper.value_of(element, decimal)
    if value is not None:
        found.setdefault("vat_totals", []).append((attribute_of(element, "currencyID"), value))
