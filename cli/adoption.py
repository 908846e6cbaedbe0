"""`facteur adoption`: adoption figures by issuer and month, and their verification against a recount; its forecast and
plan are beside it."""

import sys
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from adoption.adoption_curves import MonthFigures, adoption_curves
from adoption.adoption_curves import as_json as as_json_row
from adoption.fact_verification import Difference, TooBusy, verify
from adoption.measures.month_measures import measures_of_month, plain, prices_of_issuers
from cli.adoption_forecast import adoption_forecast
from cli.adoption_measures import adoption_measures
from cli.adoption_plan import adoption_plan
from cli.command_language import month, number, said, share
from cli.open_store import find_issuer, now, opened_store
from cli.output import as_json, out, print_json, print_line, say_no
from cli.text_table import print_table
from cli.translated_help import group, option
from store.db.wake_up_signal import NoWakeUpSignal
from store.issuer import all_issuers, slugs_by_id
from store.last_worked_as_of import business_now


@group("adoption", invoke_without_command=True)
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
@click.pass_context
def adoption_verb(context: click.Context, slug: str | None, in_json: bool) -> None:
    """Who goes digital: by issuer and month."""
    if context.invoked_subcommand is not None:
        return
    with opened_store() as (store, _), store.reading() as session:
        points = adoption_curves(session, [find_issuer(session, slug).id] if slug else None)
        measures = _measures(session, points) if in_json else {}
    if in_json:
        for point in points:
            print_json(as_json_row(point) | {"measures": measures[point.issuer, point.month]})
        return
    for name, months in groupby(points, key=lambda point: point.issuer):
        print_line(name)
        _print_months(list(months))


def _measures(session: Session, points: list[MonthFigures]) -> dict[tuple[str, date], dict[str, Any]]:
    """All measures of each of these issuers and months."""
    issuers = {each.id: each.slug for each in all_issuers(session) if each.slug in {point.issuer for point in points}}
    prices = prices_of_issuers(each for each in all_issuers(session) if each.id in issuers)
    return {
        (issuers[issuer_id], month): plain(values)
        for month in sorted({point.month for point in points})
        for issuer_id, values in measures_of_month(session, prices, month).items()
    }


def _print_months(months: list[MonthFigures]) -> None:
    """Print what fits beside each other of an issuer's months; `--json` has all measures."""
    headings = [
        said("month"), said("accounts"), said("enrolled"), said("paperless"), said("adoption"), said("bills"),
        said("read in 7 days"), said("letters"), said("letters saved"),
    ]  # fmt: skip
    rows = [
        [
            month(each.month), number(each.accounts), number(each.enrolled), number(each.paperless),
            share(each.paperless_rate), number(each.bills), share(each.read7_rate), number(each.letters),
            share(each.letters_saved_rate),
        ]
        for each in months
    ]  # fmt: skip
    print_table(out, headings, rows, right=range(1, len(headings)))


@adoption_verb.command("verify")
@as_json
def verify_verb(in_json: bool) -> None:
    """Whether the kept facts equal a recount of all rows; exit 1 and the differences. Minutes, with millions of
    bills."""
    with opened_store(NoWakeUpSignal()) as (store, settings):
        with store.reading() as session:
            moment = business_now(session, now())
            slugs = slugs_by_id(session)
        try:
            found = verify(store, moment, ZoneInfo(settings.time_zone))
        except TooBusy:
            say_no("so much changes that there was no moment to compare at: try again when less is going on")
    rows = [_difference(each, slugs) for each in found]
    if in_json:
        print_json({"ok": not rows, "differences": rows})
    else:
        print_line(said("the kept facts differ from a recount" if rows else "the kept facts equal a recount"))
        for row in rows:
            when = {"month": row.get("month") or f"{row['day']} {row['state']} {row['arm']}".rstrip()}
            print_line("  " + said("{issuer} {month} {measure}: kept {kept}, counted {counted}", **row | when))
    sys.exit(1 if rows else 0)


def _difference(each: Difference, slugs: dict[int, str]) -> dict[str, Any]:
    issuer = slugs.get(each.issuer_id, str(each.issuer_id))
    figures = {"measure": each.measure, "kept": each.kept, "counted": each.counted}
    if each.state is None:
        return {"issuer": issuer, "month": f"{each.on:%Y-%m}", **figures}
    return {"issuer": issuer, "day": f"{each.on}", "state": each.state, "arm": each.arm, **figures}


adoption_verb.add_command(adoption_forecast)
adoption_verb.add_command(adoption_measures)
adoption_verb.add_command(adoption_plan)
