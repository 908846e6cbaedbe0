"""Watching: adoption, the invariants."""

import sys

import click
from rich.table import Table

from adoption.curves import as_json as as_json_row
from adoption.curves import curves
from store.bell import NoBell
from store.business_time import business_now
from store.invariants import check as check_invariants
from verbs.entrance import a_store, find_issuer, now
from verbs.speech import as_json, counting, out, print_json


@click.command("adoption")
@click.option("--issuer", "slug", help="Of this issuer only.")
@as_json
def adoption_verb(slug: str | None, in_json: bool) -> None:
    """Who goes digital: by issuer and month."""
    with a_store() as (store, _), store.reading() as session:
        points = curves(session, [find_issuer(session, slug).id] if slug else None)
    rows = [as_json_row(point) for point in points]
    if in_json:
        for row in rows:
            print_json(row)
        return
    table = Table(*(rows[0] if rows else ["issuer", "month"]), box=None, padding=(0, 1))
    for row in rows:
        table.add_row(*(f"{value:.0%}" if isinstance(value, float) else str(value) for value in row.values()))
    out.print(table)


@click.command("check")
@as_json
def check(in_json: bool) -> None:
    """The nothing-lost invariants; exit 1 and the rows, if one is broken."""
    with a_store(NoBell()) as (store, _), counting("PDFs read") as tell:
        with store.reading() as session:
            moment = business_now(session, now())
        broken = check_invariants(store, tell, moment)
    ok = not any(broken.values())
    if in_json:
        print_json({"ok": ok, "invariants": {name: len(rows) for name, rows in broken.items()}})
    else:
        for name, rows in broken.items():
            out.print(
                f"{'[green]ok[/]    ' if not rows else '[red]broken[/]'} {name}{f'  {len(rows)}' if rows else ''}"
            )
            for row in rows[:20]:
                out.print(f"         {row}", markup=False)
    sys.exit(0 if ok else 1)
