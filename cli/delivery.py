"""`facteur delivery`: lists the deliveries of a bill, or those with a reason, and counts reasons."""

from collections.abc import Mapping
from typing import Any

import click

from bill import Reason
from cli.command_language import named, number, reason_words, said, width
from cli.open_store import find_bill, find_issuer, opened_store
from cli.output import as_json, print_json, print_line
from cli.translated_help import group, option
from store.deliveries_by_reason import count_by_reason, deliveries_by_reason
from store.delivery import CHANNELS, DELIVERY_STATES, Delivery, deliveries_of
from store.issuer import all_issuers
from store.message_cost import MessageCost, message_costs
from words import state_names, state_terms
from words.reason_sentences import REASONS
from words.reason_text import reason_text


@group("delivery")
def delivery_verb() -> None:
    """Deliveries of bills."""


@delivery_verb.command("list")
@click.argument("slug", required=False)
@click.argument("number", required=False)
@option("--reason", type=click.Choice(sorted(REASONS)), metavar="CODE", help="With this reason, of all bills.")
@option("--state", type=click.Choice(DELIVERY_STATES), help="With --reason: in this state.")
@option("--channel", type=click.Choice(CHANNELS), help="With --reason: by this channel.")
@option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="With --reason.")
@as_json
def delivery_list(
    slug: str | None, number: str | None, reason: str | None, state: str | None, channel: str | None, limit: int,
    in_json: bool,
) -> None:  # fmt: skip
    """The deliveries of a bill: by which channel, what for, how far, and why.

    With --reason, the newest of an issuer's deliveries, or of everybody's, that have this reason.
    """
    if (number is None) == (reason is None):
        raise click.UsageError(said("name an issuer and the number of a bill, or a reason"))
    with opened_store() as (store, _), store.reading() as session:
        if reason is None:
            owed = deliveries_of(session, find_bill(session, slug or "", number or "").id)
            costs = message_costs(session, [row.id for row in owed])
            for row in owed:
                print_json(delivery_line(row, costs)) if in_json else print_delivery(row)
            return
        issuers = {each.id: each for each in ([find_issuer(session, slug)] if slug else all_issuers(session))}
        wanted = [Delivery.state == state] if state else []
        wanted += [Delivery.channel == channel] if channel else []
        found = deliveries_by_reason(session, reason, issuers, limit, *wanted)
        costs = message_costs(session, [row.id for row, _ in found])
        for row, bill in found:
            whose = {"issuer": issuers[bill.issuer_id].slug, "number": bill.number}
            print_json(whose | delivery_line(row, costs)) if in_json else print_delivery(row, "  ".join(whose.values()))


@delivery_verb.command("reasons")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def delivery_reasons(slug: str | None, in_json: bool) -> None:
    """How many deliveries there are of each reason."""
    with opened_store() as (store, _), store.reading() as session:
        counts = count_by_reason(session, find_issuer(session, slug).id if slug else None)
    for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        print_json({"reason": code, "deliveries": count}) if in_json else print_line(f"{number(count):>10}  {code}")


def delivery_line(row: Delivery, costs: Mapping[int, MessageCost]) -> dict[str, Any]:
    """Return a delivery's JSON object. `article` is that of the law which asks for it, null where none does; `segments`
    and `cost` (EUR) are of what is counted so, as SMS are, else null."""
    counted = costs.get(row.id)
    return {
        "channel": row.channel, "purpose": row.purpose, "state": row.state, "due_at": row.due_at,
        "reason": reason_line(row.reason), "article": row.article,
        "segments": counted and counted.segments, "cost": counted and counted.cost,
    }  # fmt: skip


def reason_line(reason: Reason) -> dict[str, Any]:
    """Return a reason's JSON object, its text in English whatever the reader's language is."""
    return {"code": reason.code, "values": reason.values, "text": reason_text(reason.code, reason.values, "en")}


def print_delivery(row: Delivery, whose: str = "") -> None:
    """Print a delivery on one line, behind *whose* it is."""
    kind, _, n = row.purpose.partition("-")
    purpose = named(state_names.PURPOSE.get(kind, kind)).replace("{n}", n)
    channel, state = named(state_names.CHANNEL[row.channel]), named(state_terms.DELIVERY[row.state])
    widths = [width(names.values()) for names in (state_names.CHANNEL, state_names.PURPOSE, state_terms.DELIVERY)]
    columns = " ".join(f"{text:{wide}}" for text, wide in zip((channel, purpose, state), widths, strict=True))
    print_line(f"{whose}  {columns} {reason_words(row.reason)}".rstrip())
