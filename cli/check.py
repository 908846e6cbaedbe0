"""`facteur check`: checks the nothing-lost invariants of the store and the archived PDFs."""

import sys
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from audit.archived_pdf_check import DAYS, ArchiveCheckResult
from audit.invariant_violations import Violations
from audit.run_all_checks import check as check_all
from bill import Reason
from cli.command_language import day, moment, number, reason_words, said
from cli.invariant_sentences import INVARIANT_SENTENCES
from cli.open_print_houses import open_print_houses
from cli.open_store import now, opened_store
from cli.output import as_json, counting, out, print_json, print_line, tell
from cli.translated_help import command, option
from store.db.wake_up_signal import NoWakeUpSignal
from store.last_worked_as_of import business_now


@command("check")
@option("--all", "everything", is_flag=True, help="Look at all archived PDFs and attachments, not at a day's share.")
@as_json
def check(in_json: bool, everything: bool) -> None:
    """The nothing-lost invariants; exit 1 and the rows, if one is broken."""
    with (
        opened_store(NoWakeUpSignal()) as (store, settings),
        counting("{n} archived bill read|{n} archived bills read") as count,
    ):
        with store.reading() as session:
            as_of = business_now(session, now())
        houses = open_print_houses(settings)
        report = check_all(
            store, as_of, calendar=houses.planning_calendar, houses=houses, everything=everything, tell=count
        )  # fmt: skip
    ok = not any(report.invariants.values())
    if in_json:
        invariants = {name: found.number for name, found in report.invariants.items()}
        old_keys = {"accounts_under_old_roots": report.under_old_roots} if report.under_old_roots else {}
        apart = {name: found.on_test_sides for name, found in report.invariants.items() if found.on_test_sides}
        print_json({"ok": ok, "invariants": invariants} | old_keys | ({"on_test_sides": apart} if apart else {}))
    else:
        _print(report.invariants, settings.time_zone)
        if report.under_old_roots:
            print_line(
                said(
                    "the key of {n} account is not under the present root: facteur keys rotate"
                    "|the keys of {n} accounts are not under the present root: facteur keys rotate",
                    n=report.under_old_roots,
                )
            )
    _tell_archive(report.archive, everything=everything)
    sys.exit(0 if ok else 1)


def _print(invariants: Mapping[str, Violations], time_zone: str) -> None:
    good, bad = said("ok"), said("broken")
    for name, found in invariants.items():
        out.print(f"[{'red' if found else 'green'}]{bad if found else good}[/]", end="  ")
        sentence = said(INVARIANT_SENTENCES[name]) if name in INVARIANT_SENTENCES else ""
        print_line(f"{name}  {sentence}" + (f": {number(found.number)}" if found else ""))
        if found.on_test_sides:
            print_line("    " + said("and {n} on test sides", n=found.on_test_sides))
        for row in found:
            print_line("    " + "  ".join(_spelled(value, time_zone) for value in row))
        if found.number > len(found):
            print_line("    " + said("and {n} more", n=found.number - len(found)))


def _spelled(value: object, time_zone: str) -> str:
    """Return a value of a row as people write it."""
    if isinstance(value, datetime):
        return moment(value, time_zone)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Reason):
        return reason_words(value)
    return number(value) if isinstance(value, Decimal) else "-" if value is None else str(value)


def _tell_archive(looked: ArchiveCheckResult, *, everything: bool) -> None:
    """Say how many of the archived bills were read."""
    if everything or looked.bills == looked.of:
        tell(
            "the PDF and attachments of the {n} archived bill were read"
            "|the PDFs and attachments of all {n} archived bills were read",
            n=looked.of,
        )
        return
    tell(
        "the PDFs and attachments of {part} of {n} archived bills were read: all are within {days}, or with --all",
        part=number(looked.bills), n=looked.of, days=said("{n} day|{n} days", n=DAYS),
    )  # fmt: skip
