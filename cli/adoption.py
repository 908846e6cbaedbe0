"""`facteur adoption`: adoption figures by issuer and month, and their verification against a recount."""

import sys
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.table import Table

from adoption.adoption_curves import adoption_curves
from adoption.adoption_curves import as_json as as_json_row
from adoption.fact_verification import Difference, TooBusy, verify
from cli.open_store import find_issuer, now, opened_store
from cli.output import as_json, out, print_json, say_no
from store.db.wake_up_signal import NoWakeUpSignal
from store.issuer import all_issuers
from store.last_worked_as_of import business_now


@click.group("adoption", invoke_without_command=True)
@click.option("--issuer", "slug", help="Of this issuer only.")
@as_json
@click.pass_context
def adoption_verb(context: click.Context, slug: str | None, in_json: bool) -> None:
    """Who goes digital: by issuer and month."""
    if context.invoked_subcommand is not None:
        return
    with opened_store() as (store, _), store.reading() as session:
        points = adoption_curves(session, [find_issuer(session, slug).id] if slug else None)
    rows = [as_json_row(point) for point in points]
    if in_json:
        for row in rows:
            print_json(row)
        return
    table = Table(*(rows[0] if rows else ["issuer", "month"]), box=None, padding=(0, 1))
    for row in rows:
        table.add_row(*(f"{value:.0%}" if isinstance(value, float) else str(value) for value in row.values()))
    out.print(table)


@adoption_verb.command("verify")
@as_json
def verify_verb(in_json: bool) -> None:
    """Whether the kept facts equal a recount of all rows; exit 1 and the differences. Minutes, with millions of
    bills."""
    with opened_store(NoWakeUpSignal()) as (store, settings):
        with store.reading() as session:
            moment = business_now(session, now())
            slugs = {issuer.id: issuer.slug for issuer in all_issuers(session)}
        try:
            found = verify(store, moment, ZoneInfo(settings.time_zone))
        except TooBusy:
            say_no("so much changes that there was no moment to compare at: try again when less is going on")
    rows = [_difference(each, slugs) for each in found]
    if in_json:
        print_json({"ok": not rows, "differences": rows})
    else:
        out.print("[green]ok[/]     the kept facts equal a recount" if not rows else "[red]differ[/]")
        for row in rows:
            out.print("  {issuer} {month} {measure}: kept {kept}, counted {counted}".format(**row), markup=False)
    sys.exit(1 if rows else 0)


def _difference(each: Difference, slugs: dict[int, str]) -> dict[str, Any]:
    issuer = slugs.get(each.issuer_id, str(each.issuer_id))
    return {
        "issuer": issuer, "month": f"{each.month:%Y-%m}", "measure": each.measure, "kept": each.kept,
        "counted": each.counted,
    }  # fmt: skip
