"""What is due of a bill as a JSON object: `due_now` of the command line and of the API."""

from collections.abc import Iterable
from typing import Any

from bill import AmountDue, Instalment, Paid, PaymentInstructions
from bill.decimal_text import amount_text


def due_report(due: AmountDue) -> dict[str, Any]:
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


def _payment(paid: Paid, currency: str) -> dict[str, Any]:
    return {
        "kind": paid.kind,
        "on": paid.on.isoformat(),
        "amount": None if paid.amount is None else amount_text(paid.amount, currency),
        "by": paid.by,
        "reason": paid.reason or None,
    }


def _parts(instalments: Iterable[Instalment], currency: str) -> list[dict[str, Any]]:
    return [
        {"amount": amount_text(each.amount, currency), "due": None if each.due is None else each.due.isoformat()}
        for each in instalments
    ]


def _how(how: PaymentInstructions) -> dict[str, Any]:
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
