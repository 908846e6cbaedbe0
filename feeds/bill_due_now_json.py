"""What is due of a bill as a JSON object: `due_now` of the command line and of the API."""

from collections.abc import Iterable
from typing import Annotated, Literal, TypedDict

from bill import AmountDue, Instalment, Paid, PaymentInstructions
from bill.decimal_text import amount_text
from bill.json_values import Amount, Day, says
from bill.payment.amount_due import Kind
from bill.payment.payment_entry import MovementKind


class NamingBill(TypedDict):
    """A bill that names another one."""

    number: str
    type_code: Annotated[str, says("BT-3, such as `381` for a credit note.")]


class InstalmentDue(TypedDict):
    """A part of a bill with a day of its own."""

    amount: Amount
    due: Day | None


class PaymentTold(TypedDict):
    """What was told of a payment of a bill."""

    kind: MovementKind
    on: Day
    amount: Annotated[Amount | None, says("null where the customer says that all is paid.")]
    by: Literal["customer", "issuer", "bank"]
    reason: Annotated[str | None, says("The ISO 20022 code of a return or refusal.")]


class HowToPay(TypedDict):
    """How and to whom a bill is paid."""

    ways: list[str]
    iban: str | None
    bic: str | None
    bank: str | None
    account: str | None
    scheme: str | None
    payee: str | None
    remittance: str | None
    mandate: str | None


class DueNow(TypedDict):
    """What is due of a bill today."""

    kind: Annotated[
        Kind,
        says(
            "`asks`: to be paid by hand; `collected`: you collect it; `credit`: in the customer's favour; `nothing`: "
            "it asks nothing; `credited`, `replaced`: by the bills of `by`; `paid`; `said_paid`: as the customer says; "
            "`set_off`, `refunded`: all of a credit note was deducted from a payment, or paid back."
        ),
    ]
    amount: Annotated[Amount, says("Asked or collected next.")]
    currency: str
    due: Day | None
    is_past: Annotated[bool, says("That day has passed without a word of payment.")]
    left: Annotated[Amount, says("All that is still asked.")]
    credited: Amount
    in_favour: Annotated[Amount, says("What the document itself says you owe the customer.")]
    by: list[NamingBill]
    ignored: Annotated[
        list[NamingBill],
        says("They name the bill and do not touch it: of another customer, or in another currency."),
    ]
    instalments: list[InstalmentDue]
    past_instalments: list[InstalmentDue]
    how: Annotated[HowToPay | None, says("How and to whom it is paid, where the whole bill was asked for.")]
    paid: Annotated[Amount, says("What was paid of it, as bank, you or the customer tell.")]
    overpaid: Annotated[Amount, says("What was paid more than it asks and was not paid back.")]
    is_undecided: Annotated[
        bool,
        says(
            "Two correctives name a bill that was paid: until a person says for which one the payment counts, nobody "
            "is reminded."
        ),
    ]
    is_trifle: Annotated[
        bool, says("So little is left after a payment (`policy.least_reminded`) that nobody is reminded.")
    ]
    payments: Annotated[list[PaymentTold], says("What was told of its payments, oldest first.")]


def due_report(due: AmountDue) -> DueNow:
    """The JSON object of an amount due: `kind` (`bill.payment.amount_due`), what is asked or collected next and by
    when, all that is left, what was paid of it or too much and by whose word, and what changed it. Amounts are
    decimal strings in the bill's currency, days ISO dates; absent values are null."""
    money = due.currency
    return {
        "kind": due.kind,
        "amount": amount_text(due.amount, money),
        "currency": money,
        "due": None if due.due is None else due.due.isoformat(),
        "is_past": due.is_past,
        "left": amount_text(due.left, money),
        "credited": amount_text(due.credited, money),
        "in_favour": amount_text(due.favour, money),
        "by": [{"number": each.number, "type_code": each.type_code} for each in due.by],
        "ignored": [{"number": each.number, "type_code": each.type_code} for each in due.ignored],
        "instalments": _parts(due.instalments, money),
        "past_instalments": _parts(due.past, money),
        "how": None if due.how is None else _how(due.how),
        "paid": amount_text(due.paid, money),
        "overpaid": amount_text(due.overpaid, money),
        "is_undecided": due.is_undecided,
        "is_trifle": due.is_trifle,
        "payments": [_payment(each, money) for each in due.payments],
    }


def _payment(paid: Paid, currency: str) -> PaymentTold:
    return {
        "kind": paid.kind,
        "on": paid.on.isoformat(),
        "amount": None if paid.amount is None else amount_text(paid.amount, currency),
        "by": paid.by,
        "reason": paid.reason or None,
    }


def _parts(instalments: Iterable[Instalment], currency: str) -> list[InstalmentDue]:
    return [
        {"amount": amount_text(each.amount, currency), "due": None if each.due is None else each.due.isoformat()}
        for each in instalments
    ]


def _how(how: PaymentInstructions) -> HowToPay:
    account = how.account
    return {
        "ways": list(how.ways),
        "iban": (account.iban or None) if account else None,
        "bic": (account.bic or None) if account else None,
        "bank": (account.bank or None) if account else None,
        "account": (account.number or None) if account else None,
        "scheme": (account.scheme or None) if account else None,
        "payee": how.payee or None,
        "remittance": how.remittance or None,
        "mandate": how.mandate or None,
    }
