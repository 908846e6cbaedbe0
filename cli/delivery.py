"""`facteur delivery`: lists the deliveries of a bill, or those with a reason, and counts reasons."""

from typing import Any

import click

from bill import Reason
from cli.open_store import find_bill, find_issuer, opened_store
from cli.output import as_json, english, out, print_json
from store.deliveries_by_reason import count_by_reason, deliveries_by_reason
from store.delivery import CHANNELS, DELIVERY_STATES, Delivery, deliveries_of
from store.issuer import all_issuers
from words.reason_sentences import REASONS


@click.group("delivery")
def delivery_verb() -> None:
    """Deliveries of bills."""


@delivery_verb.command("list")
@click.argument("slug", required=False)
@click.argument("number", required=False)
@click.option("--reason", type=click.Choice(sorted(REASONS)), metavar="CODE", help="With this reason, of all bills.")
@click.option("--state", type=click.Choice(DELIVERY_STATES), help="With --reason: in this state.")
@click.option("--channel", type=click.Choice(CHANNELS), help="With --reason: by this channel.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="With --reason.")
@as_json
def delivery_list(
    slug: str | None, number: str | None, reason: str | None, state: str | None, channel: str | None, limit: int,
    in_json: bool,
) -> None:  # fmt: skip
    """The deliveries of a bill: by which channel, what for, how far, and why. With --reason, the newest of an issuer's
    deliveries, or of everybody's, that have this reason."""
    if (number is None) == (reason is None):
        raise click.UsageError("name an issuer and the number of a bill, or a reason")
    with opened_store() as (store, _), store.reading() as session:
        if reason is None:
            rows = deliveries_of(session, find_bill(session, slug or "", number or "").id)
            lines = [delivery_line(each) for each in rows]
        else:
            issuers = {each.id: each for each in ([find_issuer(session, slug)] if slug else all_issuers(session))}
            wanted = [Delivery.state == state] if state else []
            wanted += [Delivery.channel == channel] if channel else []
            found = deliveries_by_reason(session, reason, issuers, limit, *wanted)
            lines = [
                {"issuer": issuers[bill.issuer_id].slug, "number": bill.number} | delivery_line(row)
                for row, bill in found
            ]
    for line in lines:
        print_json(line) if in_json else print_delivery_line(line)


@delivery_verb.command("reasons")
@click.option("--issuer", "slug", help="Of this issuer alone.")
@as_json
def delivery_reasons(slug: str | None, in_json: bool) -> None:
    """How many deliveries there are of each reason."""
    with opened_store() as (store, _), store.reading() as session:
        counts = count_by_reason(session, find_issuer(session, slug).id if slug else None)
    for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        print_json({"reason": code, "deliveries": count}) if in_json else out.print(
            f"{count:>10}  {code}", markup=False
        )


def delivery_line(row: Delivery) -> dict[str, Any]:
    """Return a delivery's JSON object. `article` is that of the law which asks for it, null where none does."""
    return {
        "channel": row.channel, "purpose": row.purpose, "state": row.state, "due_at": row.due_at,
        "reason": reason_line(row.reason), "article": None,
    }  # fmt: skip


def reason_line(reason: Reason) -> dict[str, Any]:
    """Return a reason's JSON object, its text in English."""
    return {"code": reason.code, "values": reason.values, "text": english(reason)}


def print_delivery_line(line: dict[str, Any]) -> None:
    """Print a delivery on one line."""
    whose = f"  {line['issuer']} {line['number']}" if "number" in line else ""
    out.print(
        f"{whose}  {line['channel']:7} {line['purpose']:9} {line['state']:10} {line['reason']['text']}",
        markup=False,
    )
