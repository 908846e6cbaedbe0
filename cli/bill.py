"""`facteur bill`: lists bills, shows one, writes its archived PDF, retries failed ones."""

from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import AmountDue
from bill.bill_json import bill_terms
from cli.bill_recall import bill_recall
from cli.bill_send_again import bill_send_again
from cli.bill_why import bill_why
from cli.command_language import day, money, named, said
from cli.delivery import delivery_line, print_delivery
from cli.open_store import WHO, find_bill, find_issuer, now, opened_store
from cli.output import as_json, decider, print_json, print_line, refuse, say_no
from cli.translated_help import group, option
from feeds.bill_due_now_json import due_report
from feeds.failed_bill_retry import failed_bills, retry_bills
from payments.amounts_due import amount_due_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import released_bills
from store.delivery import deliveries_of
from store.issuer import slugs_by_id
from store.last_worked_as_of import business_day
from store.message_cost import message_costs
from words import state_names, state_terms
from words.catalogue import M_
from words.spoken_error import SpokenError

#: What is due of a bill, by kind.
_DUE: Final = {
    "asks": M_("due now: {amount}"),
    "collected": M_("collected: {amount}"),
    "credit": M_("in the customer’s favour: {amount}"),
    "nothing": M_("nothing is due"),
    "credited": M_("credited, nothing is due"),
    "replaced": M_("replaced, nothing is due"),
    "paid": M_("paid, nothing is due"),
    "said_paid": M_("paid, says the customer"),
}


@group()
def bill() -> None:
    """Bills as kept."""


@bill.command("list")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def bill_list(slug: str | None, in_json: bool) -> None:
    """Released bills."""
    with opened_store() as (store, _), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        slugs = slugs_by_id(session)
        after = 0
        while rows := released_bills(session, issuer_id, after):
            numbers = account_numbers(session, rows)
            for row in rows:
                slug = slugs[row.issuer_id]
                print_json(bill_line(row, slug, numbers[row.account_id])) if in_json else print_bill(row, slug)
            after = rows[-1].id
            session.expunge_all()


def account_numbers(session: Session, rows: list[BillRow]) -> dict[int, str | None]:
    """Return the account number of each bill's account, by account id; None where the issuer gave none and it was
    derived from an address."""
    query = select(CustomerAccount).where(CustomerAccount.id.in_({row.account_id for row in rows}))
    return {account.id: account.number or None for account in session.scalars(query)}


def bill_line(row: BillRow, slug: str, account: str | None) -> dict[str, Any]:
    """Return a bill's JSON object, without its terms."""
    return {
        "issuer": slug, "number": row.number, "type_code": row.type_code, "issue_date": row.issue_date,
        "due_date": row.due_date, "currency": row.currency, "gross": row.gross and written(row.gross),
        "payable": written(row.payable), "seller_name": row.seller_name, "buyer_name": row.buyer_name,
        "account": account, "line_count": row.line_count, "state": row.state, "channel": row.channel,
        "pdf_sha256": row.pdf_sha256,
    }  # fmt: skip


def written(amount: Any) -> str:
    """Format an amount as a decimal string with at least two decimals and no superfluous zeros."""
    text = f"{amount:f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


def print_bill(row: BillRow, slug: str) -> None:
    """Print a bill on one line."""
    state, channel = named(state_terms.BILL[row.state]), named(state_names.CHANNEL.get(row.channel or "", ""))
    print_line(
        f"{slug:16} {row.number:24} {day(row.issue_date):>13} {money(row.payable, row.currency):>14}  {state:11} "
        f"{channel:8} {row.buyer_name}"
    )


@bill.command("show")
@click.argument("slug")
@click.argument("number")
@as_json
def bill_show(slug: str, number: str, in_json: bool) -> None:
    """One bill: its terms, what is due of it now, and what became of it."""
    with opened_store() as (store, settings), store.reading() as session:
        row = find_bill(session, slug, number)
        due = amount_due_of(session, row, business_day(session, now(), settings.time_zone))
        deliveries = deliveries_of(session, row.id)
        if in_json:
            line = bill_line(row, slug, account_numbers(session, [row])[row.account_id])
            terms = bill_terms(row.bill)
            costs = message_costs(session, [each.id for each in deliveries])
            ways = [delivery_line(each, costs) for each in deliveries]
            print_json(line | {"due_now": due_report(due), "bill": terms, "deliveries": ways})
            return
        print_bill(row, slug)
        print_line(f"  {due_sentence(due)}")
        for each in row.bill.lines:
            amount = "" if each.net_amount is None else money(each.net_amount, row.currency)
            print_line(f"  {each.name[:60]:60} {amount:>16}")
        for way in deliveries:
            print_delivery(way)


def due_sentence(due: AmountDue) -> str:
    """Return how much is due now, by when, and which bills changed it."""
    text = said(_DUE[due.kind], amount=money(due.favour if due.kind == "credit" else due.amount, due.currency))
    if due.due:
        text = said("{what}, on {day}" if due.is_collected else "{what}, by {day}", what=text, day=day(due.due))
    return f"{text} ({', '.join(each.number for each in due.by)})" if due.by else text


bill.add_command(bill_why)
bill.add_command(bill_recall)
bill.add_command(bill_send_again)


@bill.command("pdf")
@click.argument("slug")
@click.argument("number")
@option("-o", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where to write it.")
def bill_pdf(slug: str, number: str, target: Path) -> None:
    """The archived PDF of a bill, bit for bit."""
    with opened_store() as (store, _), store.reading() as session:
        row = find_bill(session, slug, number)
        if row.pdf_sha256 is None:
            state = named(state_terms.BILL[row.state])
            say_no("bill {number} has no PDF yet ({state}); run: facteur work --until-idle", number=number, state=state)
        content = store.archive(session).pdf(row)
    try:
        target.write_bytes(content)
    except OSError as error:
        refuse(SpokenError("{path} cannot be written: {reason}", path=target, reason=error.strerror))


@bill.command("retry")
@click.argument("numbers", nargs=-1, metavar="[NUMBER...]")
@option("--issuer", "slug", help="Of this issuer only.")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
@as_json
def bill_retry(numbers: tuple[str, ...], slug: str | None, by: str, reason: str, in_json: bool) -> None:
    """Take failed bills up again: those with these numbers, or all."""
    decision = decider(by, reason)
    retried: list[str] = []
    with opened_store() as (store, _):
        after = 0
        while True:
            with store.writing() as session:
                issuer_id = find_issuer(session, slug).id if slug else None
                slugs = slugs_by_id(session)
                failed = [each.bill for each in failed_bills(session, issuer_id, numbers, after)]
                again = retry_bills(session, failed, *decision, now())
            if not failed:
                break
            after = failed[-1].id
            retried += [row.number for row in again]
            for row in again:
                line = {"issuer": slugs[row.issuer_id], "number": row.number}
                print_json(line) if in_json else print_line(f"{line['issuer']:16} {row.number}")
        store.wake_up.send()
    if left := [number for number in numbers if number not in retried]:
        say_no("not failed, or worked at this moment: {numbers}", numbers=", ".join(left))
    if not in_json:
        print_line(said("{n} bill is taken up again|{n} bills are taken up again", n=len(retried)))
