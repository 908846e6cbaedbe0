"""`facteur e-report`: writes the declarations of operations and payments with consumers, and lists them."""

from pathlib import Path
from typing import Any

import click

from cli.open_store import WHO, find_issuer, now, opened_store
from cli.output import as_json, err, out, print_json, say_no
from export.e_reporting.reporting_period import ReportingPeriod, period_named
from pipeline.e_reporting import DuePeriod, NoEReporting, Written, declare, due_periods
from store import Store
from store.db.wake_up_signal import NoWakeUpSignal
from store.e_report import FLUXES, EReport, Flux, reports_of


class PeriodType(click.ParamType[ReportingPeriod]):
    """An option that names a period: `2026-11`, or `2026-11-3` for its third décade."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ReportingPeriod:
        """Return the period. Anything else is wrong usage (exit 2)."""
        try:
            return period_named(str(value))
        except ValueError:
            self.fail(f"{value!r} is no period: give a month, 2026-11, or a décade, 2026-11-3", param, ctx)


@click.group("e-report")
def e_report() -> None:
    """What is declared to the tax administration of bills to consumers."""


@e_report.command("write")
@click.argument("slug")
@click.option("--period", type=PeriodType(), help="2026-11, or 2026-11-3 for its third décade; else all that are due.")
@click.option("--flux", type=click.Choice(FLUXES), default="10.3", help="With --period: operations, or their payments.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write the files here too.")
@click.option("--by", type=WHO, default="facteur e-report", help="Who declares.")
@as_json
def e_report_write(
    slug: str, period: ReportingPeriod | None, flux: Flux, folder: Path | None, by: str, in_json: bool
) -> None:
    """Write the declarations of an issuer's periods that have ended: operations (flux 10.3), and payments (10.4) of
    services. A period that was declared is declared again, as a whole, only where it differs."""
    with opened_store(NoWakeUpSignal()) as (store, settings):
        with store.reading() as session:
            issuer = find_issuer(session, slug)
        moment = now()
        try:
            periods = [DuePeriod(flux, period)] if period else list(due_periods(store, issuer, moment.date()))
            for each in periods:
                written = declare(store, issuer, each, settings.time_zone, moment, by)
                _say(each, written, in_json=in_json)
                if folder and written.report:
                    _save(store, written.report, folder)
        except NoEReporting:
            say_no(f"the profile of {slug} has no table [e_reporting]: see docs/issuers.md")


@e_report.command("list")
@click.argument("slug")
@as_json
def e_report_list(slug: str, in_json: bool) -> None:
    """The declarations of an issuer, newest period first."""
    with opened_store(NoWakeUpSignal()) as (store, _), store.reading() as session:
        reports = reports_of(session, find_issuer(session, slug).id)
    for report in reports:
        line = _line(report)
        print_json(line) if in_json else out.print("  ".join(map(str, line.values())), markup=False)


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
    what = written.report.transmission_id if written.report else "as declared before"
    out.print(f"{due.period.name}  {what}  {tally.declared} declared, {tally.left_out} left out", markup=False)
    for each in tally.named:
        err.print(f"  {each.number}: {each.why}", markup=False)


def _save(store: Store, report: EReport, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{report.transmission_id}.xml").write_bytes(store.blobs.read(report.sha256))


def _line(report: EReport) -> dict[str, Any]:
    return {
        "transmission_id": report.transmission_id, "flux": report.flux, "type": report.type_code,
        "start": report.start, "end": report.end, "made_at": report.made_at, "made_by": report.made_by,
        "declared": report.declared, "left_out": report.left_out, "sha256": report.sha256,
    }  # fmt: skip
