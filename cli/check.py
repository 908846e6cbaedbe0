"""`facteur check`: checks the nothing-lost invariants of the store and the archived PDFs."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from audit.archived_pdf_check import DAYS, ArchiveCheckResult
from audit.invariant_violations import Violations
from audit.run_all_checks import check as check_all
from bill import Reason
from cli.open_store import now, opened_store
from cli.output import as_json, counted, counting, english, err, out, print_json
from delivery.postal_calendar import calendar_of
from store.db.wake_up_signal import NoWakeUpSignal
from store.last_worked_as_of import business_now


@click.command("check")
@click.option(
    "--all", "everything", is_flag=True, help="Look at all archived PDFs and attachments, not at a day's share."
)
@as_json
def check(in_json: bool, everything: bool) -> None:
    """The nothing-lost invariants; exit 1 and the rows, if one is broken."""
    with opened_store(NoWakeUpSignal()) as (store, settings), counting("archived bills read") as tell:
        with store.reading() as session:
            moment = business_now(session, now())
        calendar = calendar_of(settings.time_zone, settings.print_postcode)
        report = check_all(
            store, moment, calendar=calendar, outbox=settings.outbox, everything=everything, tell=tell
        )  # fmt: skip
    ok = not any(report.invariants.values())
    if in_json:
        invariants = {name: found.number for name, found in report.invariants.items()}
        old_keys = {"accounts_under_old_roots": report.under_old_roots} if report.under_old_roots else {}
        print_json({"ok": ok, "invariants": invariants} | old_keys)
    else:
        _print(report.invariants)
        if report.under_old_roots:
            under = counted(report.under_old_roots, "account")
            out.print(f"the keys of {under} are not under the present root: facteur keys rotate")
    err.print(_spell_archive(report.archive, everything=everything))
    sys.exit(0 if ok else 1)


def _print(invariants: Mapping[str, Violations]) -> None:
    for name, found in invariants.items():
        out.print(f"[red]broken[/] {name}  {found.number}" if found else f"[green]ok[/]     {name}")
        for row in found:
            out.print(f"         {_spelled(row)}", markup=False)
        if found.number > len(found):
            out.print(f"         and {found.number - len(found)} more")


def _spelled(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(english(value) if isinstance(value, Reason) else value for value in row)


def _spell_archive(looked: ArchiveCheckResult, *, everything: bool) -> str:
    """Say how many of the archived bills were read."""
    if everything or looked.bills == looked.of:
        return f"the PDFs and attachments of all {looked.of} archived bills were read"
    return (
        f"the PDFs and attachments of {looked.bills} of {looked.of} archived bills were read: "
        f"all are within {DAYS} days, or with --all"
    )
