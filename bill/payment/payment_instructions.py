"""Payment instructions of a bill: means of payment, payee account, reference to quote. Pure.

Page, payment code, PDF and mail all use this one result.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from bill.bill import Bill, Payment
from bill.payment.iban import closed, closed_iban, is_bic, is_iban, looks_like_iban
from bill.payment.payment_means_codes import PaymentMeans, payment_means_of

#: Names of domestic giro systems by their code (BT-86 in the Nordic profiles of Peppol BIS Billing, or UNTDID 4461).
_SCHEMES: Final = {
    "SE:BANKGIRO": "Bankgiro", "SE:PLUSGIRO": "PlusGiro", "BANKGIRO": "Bankgiro", "PLUSGIRO": "PlusGiro",
    "DK:GIRO": "Giro", "DK:FIK": "FIK", "DK:BANK": "",
}  # fmt: skip
_SCHEME_OF_MEANS: Final = {"50": "PlusGiro", "56": "Bankgiro"}
#: Means of payment with which the payer quotes a reference.
_QUOTING: Final[frozenset[PaymentMeans]] = frozenset(
    {"transfer", "cheque", "draft", "bill_of_exchange", "promissory_note", "cash"}
)


class PayeeAccount(NamedTuple):
    """An account to pay to. *iban* is set only if valid; else *number* is the account as given, in its *scheme*
    (`Bankgiro`) if known. *bank* is a sort code or routing number given in place of the BIC. *is_wrong*: it looks like
    an IBAN but is invalid."""

    iban: str = ""
    bic: str = ""
    number: str = ""
    scheme: str = ""
    bank: str = ""
    is_wrong: bool = False


class PaymentInstructions(NamedTuple):
    """*ways* in the issuer's order, each once: `("transfer", "card")`. *account* is the one to pay to: the first valid
    IBAN of the bill, else the first other account, else the first; None if there is none. *payee* is the account holder
    (BT-85), else the payee (BG-10), else the seller. *remittance* is what the payer quotes (BT-83), else the bill's
    number."""

    ways: tuple[PaymentMeans, ...]
    account: PayeeAccount | None
    payee: str
    remittance: str
    text: str = ""  # BT-82: the issuer's own words for the means
    mandate: str = ""  # BT-89
    creditor_id: str = ""  # BT-90
    debited_iban: str = ""  # BT-91

    @property
    def is_collected(self) -> bool:
        """Whether the issuer collects, so that nobody should pay by hand."""
        return "debit" in self.ways

    @property
    def is_quoting(self) -> bool:
        """Whether the payer quotes *remittance*: not where the issuer's own page or terminal knows the bill."""
        return not self.ways or not _QUOTING.isdisjoint(self.ways)

    @property
    def means(self) -> PaymentMeans:
        """The first means of payment; "" if the bill has none."""
        return self.ways[0] if self.ways else ""


def is_collected(bill: Bill) -> bool:
    """Whether the issuer collects: any of the bill's means of payment is a direct debit or has a mandate."""
    return any(each.is_direct_debit for each in payments_of(bill))


def payments_of(bill: Bill) -> tuple[Payment, ...]:
    """The bill's means of payment (BG-16), in order."""
    return (bill.payment, *bill.payments)


def payment_instructions(bill: Bill) -> PaymentInstructions:
    """The payment instructions of this bill."""
    payments = payments_of(bill)
    paid_by, account, name = _account(bill)
    debits = [each for each in payments if each.is_direct_debit]
    debit = debits[0] if debits else Payment()
    remittances = [each.remittance for each in (paid_by, *payments) if each is not None and each.remittance]
    return PaymentInstructions(
        ways=("debit",) if debits else _ways(payments, account),
        account=account,
        payee=name or (bill.payee.name if bill.payee else "") or bill.seller.name,
        remittance=remittances[0] if remittances else bill.number,
        text=next((each.means_text for each in payments if each.means_text), ""),
        mandate=next((each.mandate for each in debits if each.mandate), ""),
        creditor_id=debit.creditor_id or next((each.creditor_id for each in payments if each.creditor_id), ""),
        debited_iban=debit.debited_iban or next((each.debited_iban for each in payments if each.debited_iban), ""),
    )


def _ways(payments: tuple[Payment, ...], account: PayeeAccount | None) -> tuple[PaymentMeans, ...]:
    """Each means of payment of the bill, once. A bill with an account offers a transfer, whatever its code says."""
    ways: list[PaymentMeans] = [payment_means_of(each.means_code) for each in payments]
    if account is not None and "transfer" not in ways:
        ways.insert(0, "transfer")
    return tuple(dict.fromkeys(way for way in ways if way))


def _account(bill: Bill) -> tuple[Payment | None, PayeeAccount | None, str]:
    """The account to pay to, the means it stands in, and its holder's name."""
    given = list(payee_accounts(bill))
    sound = [each for each in given if each[1].iban]
    domestic = [each for each in given if not each[1].is_wrong]
    return next(iter([*sound, *domestic, *given]), (None, None, ""))


def payee_accounts(bill: Bill) -> Iterator[tuple[Payment, PayeeAccount, str]]:
    """Yield each account of the bill: the means of payment it stands in, the account, its holder's name (BT-85)."""
    for payment in payments_of(bill):
        for transfer in payment.transfers:
            if not transfer.iban:
                continue
            if is_iban(transfer.iban):
                account = PayeeAccount(iban=closed_iban(transfer.iban), bic=_bic(transfer.bic))
            else:
                code = closed(transfer.bic)
                scheme = transfer.scheme or _SCHEMES.get(code) or _SCHEME_OF_MEANS.get(payment.means_code, "")
                account = PayeeAccount(
                    bic=_bic(code),
                    number=" ".join(transfer.iban.split()),
                    scheme=_SCHEMES.get(closed(scheme), scheme),
                    bank="" if code in _SCHEMES or is_bic(code) else " ".join(transfer.bic.split()),
                    is_wrong=looks_like_iban(transfer.iban),
                )
            yield payment, account, transfer.name


def _bic(written: str) -> str:
    return closed(written) if is_bic(written) else ""
