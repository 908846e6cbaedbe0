"""Writes how a UBL document is paid: means, accounts, card, mandate and terms (BG-16 to BG-19, BT-20)."""

from typing import Final

from bill import Bill, CreditTransfer, Payment
from export.one_payment import one_payment
from export.ubl.xml_elements import branch, leaf, on_day

#: UNTDID 4461: the issuer gives a reference or an account, and no means.
_UNDEFINED: Final = "1"


def write_payment(bill: Bill) -> str:
    """Return the means of payment, repeated for each account, and the payment terms."""
    payment = one_payment(bill)
    transfers = payment.transfers or (None,)
    means = [_means(bill, payment, each, is_first=n == 0) for n, each in enumerate(transfers)]
    return "".join(means) + branch("PaymentTerms", leaf("Note", bill.terms))


def _means(bill: Bill, payment: Payment, transfer: CreditTransfer | None, *, is_first: bool) -> str:
    """What is said once in a document (UBL-SR-45, UBL-SR-46) is in the first; the reference is in each (UBL-SR-44)."""
    due = on_day("PaymentDueDate", bill.due_date) if bill.is_credit_note and is_first else ""
    said = [
        due,
        leaf("PaymentID", payment.remittance),
        _card(payment) if is_first else "",
        _account(transfer) if transfer else "",
        _mandate(payment) if is_first else "",
    ]
    if not payment.means_code and not any(said):
        return ""
    code = leaf("PaymentMeansCode", payment.means_code or _UNDEFINED, "name", payment.means_text if is_first else "")
    return branch("PaymentMeans", code, *said)


def _card(payment: Payment) -> str:
    """The schema asks for the card's network, of which EN 16931 has no term."""
    if not payment.card_number:
        return ""
    number, holder = leaf("PrimaryAccountNumberID", payment.card_number), leaf("HolderName", payment.card_holder)
    return branch("CardAccount", number, leaf("NetworkID", "NA"), holder)


def _account(transfer: CreditTransfer) -> str:
    return branch(
        "PayeeFinancialAccount",
        leaf("ID", transfer.iban),
        leaf("Name", transfer.name),
        branch("FinancialInstitutionBranch", leaf("ID", transfer.bic)),
    )


def _mandate(payment: Payment) -> str:
    account = branch("PayerFinancialAccount", leaf("ID", payment.debited_iban))
    return branch("PaymentMandate", leaf("ID", payment.mandate), account)
