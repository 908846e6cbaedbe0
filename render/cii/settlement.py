"""What is owed and how it is paid: means, VAT, terms, totals (BG-16 to BG-23)."""

from collections.abc import Iterable
from typing import Final

from bill import ZERO, Bill, CreditTransfer, Payment, VatBreakdown
from render.cii.parts import allowances_charges, branch, figures_of, leaf, number, on_day, period_of
from render.cii.party import legal_organization
from render.cii.profile import EN16931, MINIMUM, Profile


def write_settlement(bill: Bill, profile: Profile) -> str:
    if profile is MINIMUM:
        return branch(
            "ApplicableHeaderTradeSettlement", leaf("InvoiceCurrencyCode", bill.currency), _least_totals(bill)
        )
    payment, totals = bill.payment, bill.totals
    return branch(
        "ApplicableHeaderTradeSettlement",
        leaf("CreditorReferenceID", payment.creditor_id),
        leaf("PaymentReference", payment.remittance),
        leaf("TaxCurrencyCode", bill.vat_currency) if totals.vat_in_vat_currency is not None else "",
        leaf("InvoiceCurrencyCode", bill.currency),
        _payee(bill),
        *_means(payment, whole=profile is EN16931),
        *(_breakdown(each, bill) for each in bill.vat),
        period_of(bill.period),
        allowances_charges(bill.allowances_charges),
        branch(
            "SpecifiedTradePaymentTerms",
            leaf("Description", bill.terms),
            on_day("DueDateDateTime", bill.due_date),
            leaf("DirectDebitMandateID", payment.mandate),
        ),
        _totals(bill),
        *(
            branch(
                "InvoiceReferencedDocument",
                leaf("IssuerAssignedID", each.number),
                on_day("FormattedIssueDateTime", each.issue_date, "qdt"),
            )
            for each in bill.preceding
        ),
        branch("ReceivableSpecifiedTradeAccountingAccount", leaf("ID", bill.buyer_accounting)),
    )


def _payee(bill: Bill) -> str:
    payee = bill.payee
    if payee is None:
        return ""
    return branch(
        "PayeeTradeParty",
        *(leaf("ID", each.value) for each in payee.identifiers[:1] if not each.scheme),
        *(leaf("GlobalID", each.value, "schemeID", each.scheme) for each in payee.identifiers[:1] if each.scheme),
        leaf("Name", payee.name),
        legal_organization(payee, trading=False),
    )


def _means(payment: Payment, *, whole: bool) -> Iterable[str]:
    """BG-16, once for each account: the syntax has one account a means."""
    if not payment.means_code:
        return []
    transfers: tuple[CreditTransfer | None, ...] = payment.transfers or (None,)
    return [_one_means(payment, transfer, whole=whole) for transfer in transfers]


def _one_means(payment: Payment, transfer: CreditTransfer | None, *, whole: bool) -> str:
    return branch(
        "SpecifiedTradeSettlementPaymentMeans",
        leaf("TypeCode", payment.means_code),
        leaf("Information", payment.means_text) if whole else "",
        branch(
            "ApplicableTradeSettlementFinancialCard",
            leaf("ID", payment.card_number),
            leaf("CardholderName", payment.card_holder),
        ) if whole else "",
        branch("PayerPartyDebtorFinancialAccount", leaf("IBANID", payment.debited_iban)),
        branch(
            "PayeePartyCreditorFinancialAccount",
            leaf("IBANID", transfer.iban),
            leaf("AccountName", transfer.name) if whole else "",
        ) if transfer else "",
        branch("PayeeSpecifiedCreditorFinancialInstitution", leaf("BICID", transfer.bic))
        if transfer and whole else "",
    )  # fmt: skip


#: BT-8 is UNTDID 2005 in UBL and UNTDID 2475 here: invoice, delivery, payment. Another code says nothing.
_DUE_DATE_TYPES: Final = {"3": "5", "35": "29", "432": "72", "5": "5", "29": "29", "72": "72"}


def _breakdown(vat: VatBreakdown, bill: Bill) -> str:
    point = "" if bill.tax_point is None else (
        f'<ram:TaxPointDate><udt:DateString format="102">{figures_of(bill.tax_point)}'
        "</udt:DateString></ram:TaxPointDate>"
    )  # fmt: skip
    return branch(
        "ApplicableTradeTax",
        number("CalculatedAmount", vat.vat),
        "<ram:TypeCode>VAT</ram:TypeCode>",
        leaf("ExemptionReason", vat.exemption_reason),
        number("BasisAmount", vat.taxable),
        leaf("CategoryCode", vat.category),
        leaf("ExemptionReasonCode", vat.exemption_code.upper()),
        point,
        leaf("DueDateTypeCode", _DUE_DATE_TYPES.get(bill.tax_point_code)),
        number("RateApplicablePercent", None if vat.category == "O" else ZERO if vat.rate is None else vat.rate),
    )


def _totals(bill: Bill) -> str:
    totals = bill.totals
    return branch(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        number("LineTotalAmount", totals.lines),
        number("ChargeTotalAmount", totals.charges),
        number("AllowanceTotalAmount", totals.allowances),
        number("TaxBasisTotalAmount", totals.net),
        number("TaxTotalAmount", totals.vat, "currencyID", bill.currency),
        number("TaxTotalAmount", totals.vat_in_vat_currency, "currencyID", bill.vat_currency),
        number("RoundingAmount", totals.rounding),
        number("GrandTotalAmount", totals.gross),
        number("TotalPrepaidAmount", totals.paid),
        number("DuePayableAmount", totals.payable),
    )


def _least_totals(bill: Bill) -> str:
    """What MINIMUM asks for; a total that the issuer did not give is the next one that it did."""
    totals = bill.totals
    gross = totals.payable if totals.gross is None else totals.gross
    net = totals.net if totals.net is not None else gross - (totals.vat or ZERO)
    return branch(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        number("TaxBasisTotalAmount", net),
        number("TaxTotalAmount", totals.vat, "currencyID", bill.currency),
        number("GrandTotalAmount", gross),
        number("DuePayableAmount", totals.payable),
    )
