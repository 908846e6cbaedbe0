"""`facteur e-report`: writes the declarations of operations and payments with consumers, and lists them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from cli.command_language import day, moment, number, said
from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import as_json, err, out, print_json, print_line, say_no
from cli.text_table import print_table
from cli.translated_help import group, option
from export.e_reporting.reporting_period import ReportingPeriod, period_named
from pipeline.e_reporting import DuePeriod, NoEReporting, Written, declare, due_periods
from store import Store
from store.db.wake_up_signal import NoWakeUpSignal
from store.e_report import FLUXES, EReport, Flux, reports_of
from words.catalogue import M_

#: Why a bill is not declared in sums (`export.e_reporting.declared_rows.Refusal`).
_LEFT_OUT: Final = {
    "platform": M_("its invoice goes through a platform"),
    "foreign_company": M_("to a foreign company: it is declared one by one (flux 10.1)"),
    "foreign_seller": M_("its seller is not registered for VAT in France"),
    "outside": M_("all of it is exempt or outside the scope"),
    "no_vat_breakdown": M_("it has no VAT breakdown"),
    "rate": M_("its VAT rate was never in force in France"),
    "currency": M_("it is not in euros"),
    "gone_back": M_("more went back on that day than came"),
}


class PeriodType(click.ParamType[ReportingPeriod]):
    """An option that names a period: `2026-11`, or `2026-11-3` for its third décade."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ReportingPeriod:
        """Return the period. Anything else is wrong usage (exit 2)."""
        try:
            return period_named(str(value))
        except ValueError:
            self.fail(
                said("{value!r} is no period: give a month, 2026-11, or a décade, 2026-11-3", value=value), param, ctx
            )


@group("e-report")
def e_report() -> None:
    """What is declared to the tax administration of bills to consumers."""


@e_report.command("write")
@click.argument("slug")
@option("--period", type=PeriodType(), help="2026-11, or 2026-11-3 for its third décade; else all that are due.")
@option("--flux", type=click.Choice(FLUXES), default="10.3", help="With --period: operations, or their payments.")
@option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write the files here too.")
@option("--by", type=WHO, default="facteur e-report", help="Who declares.")
@as_json
def e_report_write(
    slug: str, period: ReportingPeriod | None, flux: Flux, folder: Path | None, by: str, in_json: bool
) -> None:
    """Write the declarations of an issuer's periods that have ended: operations (flux 10.3), and payments (10.4) of
    services.

    A period that was declared is declared again, as a whole, only where it differs.
    """
    with opened_store(NoWakeUpSignal()) as (store, settings):
        with store.reading() as session:
            issuer = find_issuer(session, slug)
        at = now()
        try:
            periods = [DuePeriod(flux, period)] if period else list(due_periods(store, issuer, at.date()))
            for each in periods:
                written = declare(store, issuer, each, settings.time_zone, at, by)
                _say(each, written, in_json=in_json)
                if folder and written.report:
                    _save(store, written.report, folder)
        except NoEReporting:
            say_no("the profile of {slug} has no table [e_reporting]: see docs/issuers.md", slug=slug)


@e_report.command("list")
@click.argument("slug")
@as_json
def e_report_list(slug: str, in_json: bool) -> None:
    """The declarations of an issuer, newest period first."""
    with opened_store(NoWakeUpSignal()) as (store, settings), store.reading() as session:
        reports = reports_of(session, find_issuer(session, slug).id)
    if not in_json:
        _print_reports(reports, settings.time_zone)
        return
    for report in reports:
        print_json(_line(report))


def _print_reports(reports: Sequence[EReport], time_zone: str) -> None:
    headings = [
        said("declaration"), said("flux"), said("type"), said("from"), said("to"), said("made"), said("by"),
        said("declared"), said("left out"),
    ]  # fmt: skip
    rows = [
        [
            each.transmission_id, each.flux, each.type_code, day(each.start), day(each.end),
            moment(each.made_at, time_zone), each.made_by, number(each.declared), number(each.left_out),
        ]
        for each in reports
    ]  # fmt: skip
    print_table(out, headings, rows, right=(7, 8))


def _say(due: DuePeriod, written: Written, *, in_json: bool) -> None:
    tally = written.tally
    left_out = [each._asdict() for each in tally.named]
    if in_json:
        report = _line(written.report) if written.report else None
        print_json({
            "period": due.period.name, "flux": due.flux, "report": report, "declared": tally.declared,
            "left_out": tally.left_out, "named": left_out,
        })  # fmt: skip
        return
    what = written.report.transmission_id if written.report else said("as declared before")
    declared = said("{n} declared|{n} declared", n=tally.declared)
    left = said("{n} left out|{n} left out", n=tally.left_out)
    print_line(f"{due.period.name}  {what}  {declared}, {left}")
    for each in tally.named:
        err.print(f"  {each.number}: {said(_LEFT_OUT[each.why])}", markup=False)


def _save(store: Store, report: EReport, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{report.transmission_id}.xml").write_bytes(store.blobs.read(report.sha256))


def _line(report: EReport) -> dict[str, Any]:
    return {
        "transmission_id": report.transmission_id, "flux": report.flux, "type": report.type_code,
        "start": report.start, "end": report.end, "made_at": report.made_at, "made_by": report.made_by,
        "declared": report.declared, "left_out": report.left_out, "sha256": report.sha256,
    }  # fmt: skip
