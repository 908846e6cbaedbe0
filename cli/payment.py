"""`facteur payment`: lists payments, and decides on those that wait for a person."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from bill import ZERO
from cli.command_language import day, money, named, said
from cli.open_store import NO_ROW, ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, say_no
from cli.text_table import print_table
from cli.translated_help import group, option
from payments.decide_payment import DecisionOnPayment, assign_payment, ignore_payment, undo_decision
from payments.payment_json import likely_bill_report, payment_reports
from payments.waiting_payment import waiting_payment
from store.issuer import Issuer
from store.payments.payment import PAYMENT_OUTCOMES, PaymentRow, payments_after
from words import payment_words
from words.catalogue import M_

_PAGE: Final = 500
#: Why a decision could not be made.
_NOT: Final = {
    "late": M_("somebody decided on this payment before: take that back first, with --undo"),
    "undecided": M_("nobody had decided on this payment"),
    "unknown_bill": M_("there is no such bill of this issuer"),
    "other_currency": M_("the bill is in another currency"),
    "too_much": M_("the parts are more than the payment"),
    "nothing": M_("say of which bills it is, and how much of each"),
}


@group("payment")
def payment_verb() -> None:
    """What was paid, as banks and issuers told it, and the bills it is of."""


@payment_verb.command("list")
@option("--issuer", "slug", help="Of this issuer only.")
@option("--outcome", type=click.Choice(PAYMENT_OUTCOMES), help="Only these; `waiting`: a person decides.")
@as_json
def payment_list(slug: str | None, outcome: str | None, in_json: bool) -> None:
    """Payments, the newest first; those that wait come with their likely bills in the JSON."""
    with opened_store() as (store, _), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        rows: list[list[str]] = []
        before: int | None = None
        while page := payments_after(session, issuer_id, _PAGE, before, [outcome] if outcome else ()):
            for row in page:
                told = _told(session, row, with_likely=in_json)
                if in_json:
                    print_json(told)
                else:
                    rows.append(_cells(told))
            before = page[-1].id
    if not in_json:
        headings = [
            said("payment"), said("issuer"), said("on"), said("kind"), said("amount"), said("outcome"), said("why"),
            said("bills"),
        ]  # fmt: skip
        print_table(out, headings, rows, right=(4,))


def _cells(told: dict[str, Any]) -> list[str]:
    """Return a payment's row: its report, with words and amounts as the reader writes them."""
    currency, why = told["currency"], told["why"] or ""
    bills = ", ".join(f"{each['number']} {money(Decimal(each['amount']), currency)}" for each in told["bills"])
    on = day(date.fromisoformat(told["on"]))
    return [
        str(told["payment"]), told["issuer"], on, named(payment_words.KIND[told["kind"]]),
        money(Decimal(told["amount"]), currency), named(payment_words.OUTCOME[told["outcome"]][0]),
        named(payment_words.WHY.get(why, why)), bills,
    ]  # fmt: skip


def _told(session: Session, row: PaymentRow, *, with_likely: bool) -> dict[str, Any]:
    [report] = payment_reports(session, [row], session.get_one(Issuer, row.issuer_id).slug)
    told: dict[str, Any] = {**report}
    if with_likely and row.outcome == "waiting":
        told["likely"] = [likely_bill_report(each) for each in waiting_payment(session, row).likely]
    return told


@payment_verb.command("match")
@click.argument("payment_id", type=ROW_NUMBER, metavar="PAYMENT")
@click.argument("bills", nargs=-1, metavar="[NUMBER[=AMOUNT]...]")
@option("--undo", is_flag=True, help="Take a person's decision back.")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def payment_match(payment_id: int, bills: tuple[str, ...], undo: bool, by: str, reason: str) -> None:
    """Say of which bills a payment is. Without an amount, one bill has all of it."""
    if bool(bills) == undo:
        raise click.UsageError(said("name the bills, or --undo what was decided"))
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
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def payment_ignore(payment_id: int, by: str, reason: str) -> None:
    """Say that a payment is of no bill."""
    with opened_store() as (store, _), store.writing() as session:
        _say(ignore_payment(session, _find(session, payment_id).id, *_who(by, reason), now()))


def _find(session: Session, payment_id: int) -> PaymentRow:
    row = session.get(PaymentRow, payment_id)
    if row is None:
        say_no(NO_ROW["payment_id"], number=payment_id)
    return row


def _who(by: str, reason: str) -> tuple[str, str]:
    return decider(by, reason)


def _parts(bills: tuple[str, ...], amount: Decimal) -> dict[str, Decimal]:
    parts: dict[str, Decimal] = {}
    for each in bills:
        number, sign, given = each.rpartition("=")
        if not sign:
            number, given = each, str(amount)
        try:
            part = Decimal(given)
        except InvalidOperation as error:
            raise click.UsageError(said("{amount} is no amount: say NUMBER=12.34", amount=given)) from error
        if not part.is_finite() or part == ZERO:
            raise click.UsageError(said("{amount} is no amount: say NUMBER=12.34", amount=given))
        parts[number] = parts.get(number, ZERO) + part
    return parts


def _say(done: DecisionOnPayment) -> None:
    if done != "done":
        say_no(_NOT[done])
