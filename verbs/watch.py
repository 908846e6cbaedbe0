"""Watching: the invariants."""

import sys
from collections.abc import Mapping

import click

from audit.archive import DAYS, Looked
from audit.check import check as check_all
from audit.violations import Violations
from delivery.calendar import calendar_of
from store.bell import NoBell
from store.business_time import business_now
from verbs.entrance import a_store, now
from verbs.speech import as_json, counting, err, out, print_json


@click.command("check")
@click.option(
    "--all", "everything", is_flag=True, help="Look at all archived PDFs and attachments, not at a day's share."
)
@as_json
def check(in_json: bool, everything: bool) -> None:
    """The nothing-lost invariants; exit 1 and the rows, if one is broken."""
    with a_store(NoBell()) as (store, settings), counting("archived bills read") as tell:
        with store.reading() as session:
            moment = business_now(session, now())
        calendar = calendar_of(settings.time_zone, settings.print_postcode)
        report = check_all(
            store, moment, calendar=calendar, outbox=settings.outbox, everything=everything, tell=tell
        )  # fmt: skip
    ok = not any(report.invariants.values())
    if in_json:
        print_json({"ok": ok, "invariants": {name: found.number for name, found in report.invariants.items()}})
    else:
        _print(report.invariants)
    err.print(_spell_archive(report.archive, everything=everything))
    sys.exit(0 if ok else 1)


def _print(invariants: Mapping[str, Violations]) -> None:
    for name, found in invariants.items():
        out.print(f"[red]broken[/] {name}  {found.number}" if found else f"[green]ok[/]     {name}")
        for row in found:
            out.print(f"         {row}", markup=False)
        if found.number > len(found):
            out.print(f"         and {found.number - len(found)} more")


def _spell_archive(looked: Looked, *, everything: bool) -> str:
    """How much of the archive stands behind what was said of it."""
    if everything or looked.bills == looked.of:
        return f"the PDFs and attachments of all {looked.of} archived bills were read"
    return (
        f"the PDFs and attachments of {looked.bills} of {looked.of} archived bills were read: "
        f"all are within {DAYS} days, or with --all"
    )
