"""`facteur delivery`: lists the deliveries of a bill, each with its reason."""

from typing import Any

import click

from bill import Reason
from cli.open_store import find_bill, opened_store
from cli.output import as_json, english, out, print_json
from store.delivery import Delivery, deliveries_of


@click.group("delivery")
def delivery_verb() -> None:
    """Deliveries of bills."""


@delivery_verb.command("list")
@click.argument("slug")
@click.argument("number")
@as_json
def delivery_list(slug: str, number: str, in_json: bool) -> None:
    """The deliveries of a bill: by which channel, what for, how far, and why."""
    with opened_store() as (store, _), store.reading() as session:
        lines = [delivery_line(each) for each in deliveries_of(session, find_bill(session, slug, number).id)]
    for line in lines:
        print_json(line) if in_json else print_delivery_line(line)


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
    out.print(
        f"  {line['channel']:7} {line['purpose']:9} {line['state']:10} {line['reason']['text']}",
        markup=False,
    )
