"""Writes CII's settlement: means of payment, VAT breakdown, payment terms, document totals (BG-16 to BG-23)."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from bill import ZERO, Bill, CreditTransfer, Party, Payment, Reference, Totals, VatBreakdown, looks_like_iban
from export.cii.facturx_profile import EN16931, MINIMUM, FacturXProfile
from export.cii.trade_party import identified, legal_organization
from export.cii.xml_elements import (
    allowances_charges,
    branch,
    leaf,
    number,
    on_day,
    percent,
    period_of,
    usual_leaf,
)
from export.one_payment import one_payment
from export.xml_text import figures_of


def write_settlement(bill: Bill, profile: FacturXProfile) -> str:
    """Return the element ApplicableHeaderTradeSettlement of the bill; in MINIMUM only the currency and the least
    totals."""
    if profile is MINIMUM:
        return branch(
            "ApplicableHeaderTradeSettlement", leaf("InvoiceCurrencyCode", bill.currency), _least_totals(bill)
        )
    payment, totals = one_payment(bill), bill.totals
    return branch(
        "ApplicableHeaderTradeSettlement",
        usual_leaf("CreditorReferenceID", payment.creditor_id),
        leaf("PaymentReference", payment.remittance),
        leaf("TaxCurrencyCode", bill.vat_currency) if totals.vat_in_vat_currency is not None else "",
        usual_leaf("InvoiceCurrencyCode", bill.currency),
        _payee(bill.payee) if bill.payee else "",
        _means(payment, profile is EN16931),
        "".join([_breakdown(each, bill, is_first=n == 0) for n, each in enumerate(bill.vat)]),
        period_of(bill.period),
        allowances_charges(bill.allowances_charges),
        _terms(bill, payment),
        _totals(bill),
        "".join([_preceding(each) for each in bill.preceding]),
        branch("ReceivableSpecifiedTradeAccountingAccount", leaf("ID", bill.buyer_accounting)),
    )


def _payee(payee: Party) -> str:
    return branch(
        "PayeeTradeParty",
        identified(payee.identifiers[:1]),
        leaf("Name", payee.name),
        legal_organization(payee.legal_id),
    )


def _means(payment: Payment, whole: bool) -> str:
    """Return the means of payment (BG-16), repeated for each account, because the syntax has one account per means."""
    if not payment.means_code:
        return ""
    debtor = _debtor(payment, whole)
    transfers = payment.transfers or (None,)
    return "".join([_one_means(payment.means_code, debtor, transfer, whole) for transfer in transfers])


def _debtor(payment: Payment, whole: bool) -> str:
    """Return how the bill is paid: the means in words, the card, or the debited account."""
    card = branch(
        "ApplicableTradeSettlementFinancialCard",
        leaf("ID", payment.card_number),
        leaf("CardholderName", payment.card_holder),
    )
    said = leaf("Information", payment.means_text) + card if whole else ""
    return said + branch("PayerPartyDebtorFinancialAccount", leaf("IBANID", payment.debited_iban))


@lru_cache(maxsize=512)
def _one_means(code: str, debtor: str, transfer: CreditTransfer | None, whole: bool) -> str:
    return branch(
        "SpecifiedTradeSettlementPaymentMeans",
        leaf("TypeCode", code),
        debtor,
        _creditor(transfer, whole) if transfer else "",
    )


def _creditor(transfer: CreditTransfer, whole: bool) -> str:
    name = leaf("AccountName", transfer.name) if whole else ""
    is_iban = looks_like_iban(transfer.iban)
    account = leaf("IBANID", transfer.iban) + name if is_iban else name + leaf("ProprietaryID", transfer.iban)
    bank = branch("PayeeSpecifiedCreditorFinancialInstitution", leaf("BICID", transfer.bic)) if whole else ""
    return branch("PayeePartyCreditorFinancialAccount", account) + bank


def _terms(bill: Bill, payment: Payment) -> str:
    return branch(
        "SpecifiedTradePaymentTerms",
        usual_leaf("Description", bill.terms),
        on_day("DueDateDateTime", bill.due_date),
        leaf("DirectDebitMandateID", payment.mandate),
    )


def _preceding(reference: Reference) -> str:
    return branch(
        "InvoiceReferencedDocument",
        leaf("IssuerAssignedID", reference.number),
        on_day("FormattedIssueDateTime", reference.issue_date, "qdt"),
    )


#: BT-8 is UNTDID 2005 in UBL and UNTDID 2475 here: invoice, delivery, payment. Another code is left out.
_DUE_DATE_TYPES: Final = {"3": "5", "35": "29", "432": "72", "5": "5", "29": "29", "72": "72"}


def _breakdown(vat: VatBreakdown, bill: Bill, *, is_first: bool) -> str:
    """Return a VAT row. The day the tax is due, which is the bill's, is in the first one alone (CII-SR-461)."""
    rate = percent(vat.category, vat.rate)
    return (
        f"<ram:ApplicableTradeTax>{number('CalculatedAmount', vat.vat)}<ram:TypeCode>VAT</ram:TypeCode>"
        f"{usual_leaf('ExemptionReason', vat.exemption_reason)}{number('BasisAmount', vat.taxable)}"
        f"{_rated(vat.category, vat.exemption_code, bill.tax_point if is_first else None, bill.tax_point_code, rate)}"
        "</ram:ApplicableTradeTax>"
    )


@lru_cache(maxsize=512)
def _rated(category: str, exemption: str, point: date | None, point_code: str, rate: str) -> str:
    """Return the cached part of a VAT row: category, exemption reason, tax point and rate, without the amounts."""
    day = "" if point is None else (
        f'<ram:TaxPointDate><udt:DateString format="102">{figures_of(point)}</udt:DateString></ram:TaxPointDate>'
    )  # fmt: skip
    return (
        leaf("CategoryCode", category)
        + leaf("ExemptionReasonCode", exemption.upper())
        + day
        + leaf("DueDateTypeCode", _DUE_DATE_TYPES.get(point_code))
        + leaf("RateApplicablePercent", rate)
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
        number("TotalPrepaidAmount", _paid(totals)),
        number("DuePayableAmount", totals.payable),
    )


def _paid(totals: Totals) -> Decimal | None:
    """Return the amount paid (BT-113). Amounts collected for third parties are subtracted, because EN 16931 has no term
    for them and BR-CO-16 must hold."""
    if totals.third_party is None:
        return totals.paid
    return (totals.paid or ZERO) - totals.third_party


def _least_totals(bill: Bill) -> str:
    """Return the totals that MINIMUM requires; a total that the issuer did not send is derived from the others."""
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
