"""What happens with the amount of a credit note, or of a bill in the customer's favour."""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from bill.bill import Bill
from bill.payment.iban import closed_iban, is_iban
from bill.payment.payment_means_codes import PaymentMeans, payment_means_of

#: `told`: the issuer says it itself, in *text*. `refunded`: paid out already. `account`: refunded to *account*.
#: `debited`: to the account that is debited otherwise. `means`: refunded by other *means*. `deducted`: from the bills
#: it names. `offset`: set off on the account with the issuer. `open`: the document does not say.
RefundKind = Literal["told", "refunded", "account", "debited", "means", "deducted", "offset", "open"]


class Refund(NamedTuple):
    """What happens, with what its kind needs: bill *numbers*, the *account* (an IBAN without blanks), the *means*, the
    issuer's own *text*."""

    kind: RefundKind
    numbers: tuple[str, ...] = ()
    account: str = ""
    means: PaymentMeans = ""
    text: str = ""


#: Words by which issuers tell of a refund, a deduction, an offset; an account to book on and offset printing are none.
_TELLING: Final = re.compile(
    r"rembours|déduit|déduire|déduction|imput(?!ation\b(?! sur))|compens(?!ation\b(?! avec| sur))|refund|deduct|set off"
    r"|offset (?:against|with)|erstatt|verrechn|gutgeschrieben|terugbeta|verreken|in mindering|reembols|deducid"
    r"|devoluci|devuel",
    re.IGNORECASE,
)
#: A line with one of these says what does not happen: `aucune déduction`, `nicht erstattungsfähig`.
_DENYING: Final = re.compile(
    r"\b(?:pas|non|aucune?|ni|no|not|none|nicht|keine?|geen|niet|sin|ningún|ninguna)\b", re.IGNORECASE
)
#: A longer text is no such sentence; one of this length fits below the amount.
_LONGEST: Final = 70


def refund_of(bill: Bill) -> Refund:
    """What the document says happens with the amount in the customer's favour. A credit note's account counts as the
    customer's unless it is in the seller's name, an invoice's only if it is in the customer's: issuers often send their
    own."""
    numbers = tuple(each.number for each in bill.preceding if each.number)
    if told := next(_told(bill), ""):
        return Refund("told", text=told)
    if not bill.totals.payable and bill.totals.paid:
        return Refund("refunded")
    payment = bill.payment
    means = payment_means_of(payment.means_code)
    if means == "clearing":
        return Refund("deducted", numbers) if numbers else Refund("offset")
    if is_iban(payment.debited_iban):
        return Refund("account", account=closed_iban(payment.debited_iban))
    account = next((each for each in payment.transfers if is_iban(each.iban) and _is_customers(bill, each.name)), None)
    if account and (account.name or not numbers):
        return Refund("account", account=closed_iban(account.iban))
    if numbers:
        return Refund("deducted", numbers)
    if payment.is_direct_debit:
        return Refund("debited")
    if means in {"transfer", "other", "standing", ""} or payment.transfers:
        return Refund("open")
    return Refund("means", means=means)


def _told(bill: Bill) -> Iterator[str]:
    """The lines of terms (BT-20) and notes (BT-22) in which the issuer says what happens."""
    for text in (bill.terms, *(note.text for note in bill.notes)):
        for line in text.splitlines():
            if len(line) <= _LONGEST and _TELLING.search(line) and not _DENYING.search(line):
                yield line.strip()


def _is_customers(bill: Bill, name: str) -> bool:
    """Whether an account in this name, "" if it has none, counts as the customer's."""
    if not bill.is_credit_note:
        return _is_among(name, bill.buyer.name, bill.buyer.trading_name)
    return not _is_among(name, bill.seller.name, bill.seller.trading_name, bill.payee.name if bill.payee else "")


def _is_among(name: str, *names: str) -> bool:
    return bool(name) and name.casefold() in map(str.casefold, names)
