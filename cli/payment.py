"""`facteur payment`: lists payments, and decides on those that wait for a person."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

import click
from rich.table import Table
from sqlalchemy.orm import Session

from bill import ZERO
from cli.open_store import ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, out, print_json, say_no
from payments.decide_payment import DecisionOnPayment, assign_payment, ignore_payment, undo_decision
from payments.payment_json import likely_bill_report, payment_reports
from payments.waiting_payment import waiting_payment
from store.issuer import Issuer
from store.payments.payment import PAYMENT_OUTCOMES, PaymentRow, payments_after

_COLUMNS: Final = ("payment", "issuer", "on", "kind", "amount", "currency", "outcome", "why", "bills")
_PAGE: Final = 500
#: Why a decision could not be made.
_NOT: Final = {
    "late": "nobody had decided on this payment",
    "unknown_bill": "there is no such bill of this issuer",
    "other_currency": "the bill is in another currency",
    "too_much": "the parts are more than the payment",
    "nothing": "say of which bills it is, and how much of each",
}


@click.group("payment")
def payment_verb() -> None:
    """What was paid, as banks and issuers told it, and the bills it is of."""


@payment_verb.command("list")
@click.option("--issuer", "slug", help="Of one issuer.")
@click.option("--outcome", type=click.Choice(PAYMENT_OUTCOMES), help="Only these; `waiting`: a person decides.")
@as_json
def payment_list(slug: str | None, outcome: str | None, in_json: bool) -> None:
    """Payments, the newest first; those that wait come with their likely bills in the JSON."""
    with opened_store() as (store, _), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        table = Table(*_COLUMNS, box=None)
        before: int | None = None
        while page := payments_after(session, issuer_id, _PAGE, before, [outcome] if outcome else ()):
            for row in page:
                told = _told(session, row, with_likely=in_json)
                if in_json:
                    print_json(told)
                else:
                    bills = ", ".join(f"{each['number']} {each['amount']}" for each in told["bills"])
                    table.add_row(*[str((told | {"bills": bills})[key] or "") for key in _COLUMNS])
            before = page[-1].id
    if not in_json:
        out.print(table, markup=False)


def _told(session: Session, row: PaymentRow, *, with_likely: bool) -> dict[str, Any]:
    [told] = payment_reports(session, [row], session.get_one(Issuer, row.issuer_id).slug)
    if with_likely and row.outcome == "waiting":
        told["likely"] = [likely_bill_report(each) for each in waiting_payment(session, row).likely]
    return told


@payment_verb.command("match")
@click.argument("payment_id", type=ROW_NUMBER, metavar="PAYMENT")
@click.argument("bills", nargs=-1, metavar="[NUMBER[=AMOUNT]...]")
@click.option("--undo", is_flag=True, help="Take a person's decision back.")
@click.option("--by", type=WHO, required=True, help="Who decides.")
@click.option("--reason", required=True)
def payment_match(payment_id: int, bills: tuple[str, ...], undo: bool, by: str, reason: str) -> None:
    """Say of which bills a payment is. Without an amount, one bill has all of it."""
    if bool(bills) == undo:
        raise click.UsageError("name the bills, or --undo what was decided")
    with opened_store() as (store, _):
        with store.writing() as session:
            row = _find(session, payment_id)
            if undo:
                _say(undo_decision(session, row.id, *_who(by, reason), now()))
            else:
                _say(assign_payment(session, row.id, _parts(bills, row.amount), *_who(by, reason), now()))
        store.wake_up.send()


@payment_verb.command("ignore")
@click.argument("payment_id", type=ROW_NUMBER, metavar="PAYMENT")
@click.option("--by", type=WHO, required=True, help="Who decides.")
@click.option("--reason", required=True)
def payment_ignore(payment_id: int, by: str, reason: str) -> None:
    """Say that a payment is of no bill."""
    with opened_store() as (store, _), store.writing() as session:
        _say(ignore_payment(session, _find(session, payment_id).id, *_who(by, reason), now()))


def _find(session: Session, payment_id: int) -> PaymentRow:
    row = session.get(PaymentRow, payment_id)
    if row is None:
        say_no(f"there is no payment {payment_id}")
    return row


def _who(by: str, reason: str) -> tuple[str, str]:
    if not by.strip() or not reason.strip():
        say_no("say who decides, and why")
    return by.strip(), reason.strip()


def _parts(bills: tuple[str, ...], amount: Decimal) -> dict[str, Decimal]:
    parts: dict[str, Decimal] = {}
    for each in bills:
        number, sign, said = each.rpartition("=")
        if not sign:
            number, said = each, str(amount)
        try:
            parts[number] = Decimal(said)
        except InvalidOperation as error:
            raise click.UsageError(f"{said} is no amount: say NUMBER=12.34") from error
        if not parts[number].is_finite() or parts[number] == ZERO:
            raise click.UsageError(f"{said} is no amount: say NUMBER=12.34")
    return parts


def _say(done: DecisionOnPayment) -> None:
    if done != "done":
        say_no(_NOT[done])
