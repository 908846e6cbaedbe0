"""Watching: adoption, print batches, the invariants."""

import sys

import click
from rich.table import Table

from adoption.curves import as_json as as_json_row
from adoption.curves import curves
from store.bell import NoBell
from store.invariants import check as check_invariants
from store.print_batch import batches
from verbs.entrance import a_store, find_issuer, now
from verbs.speech import as_json, counting, err, out, print_json
from verbs.walk import a_road


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


@click.group("print")
def print_verb() -> None:
    """Print batches."""


@print_verb.command("list")
@as_json
def print_list(in_json: bool) -> None:
    """The latest print batches."""
    with a_store() as (store, _), store.reading() as session:
        rows = batches(session)
    lines = [
        {"batch": row.id, "state": row.state, "letters": row.letters, "sheets": row.sheets, "name": row.name,
         "cut_off_at": row.cut_off_at, "handed_over_at": row.handed_over_at, "pdf_sha256": row.pdf_sha256}
        for row in rows
    ]  # fmt: skip
    for line in lines:
        print_json(line) if in_json else out.print("  ".join(str(value) for value in line.values()), markup=False)


@print_verb.command("close")
@as_json
def print_close(in_json: bool) -> None:
    """Close the open batch before its cut-off, and hand it over."""
    with a_road() as road:
        handed = road.close_batch(now())
        with road.store.reading() as session:
            rows = batches(session, handed) if handed else []
    for row in rows:
        line = {"batch": row.id, "letters": row.letters, "sheets": row.sheets, "file": f"{row.name}.pdf"}
        print_json(line) if in_json else out.print(
            f"batch {row.id}: {row.letters} letters, {row.sheets} sheets, {row.name}.pdf"
        )
    if not rows:
        err.print("no letter waits to be printed")


@click.command("check")
@as_json
def check(in_json: bool) -> None:
    """The nothing-lost invariants; exit 1 and the rows, if one is broken."""
    with a_store(NoBell()) as (store, _), counting("PDFs read") as tell:
        broken = check_invariants(store, tell)
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
