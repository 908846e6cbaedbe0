"""`facteur adoption measures`: every defined figure of some days, by issuer, or day by day."""

from datetime import date, datetime, timedelta
from typing import Any

import click
from sqlalchemy.orm import Session

from adoption.measures.daily_facts import USUAL_DAYS, DayFigures, daily, values_of_days
from adoption.measures.month_measures import plain, prices_of_issuers
from adoption.measures.registry import MEASURES
from cli.command_language import day, language, number, said
from cli.open_store import find_issuer, now, opened_store
from cli.output import as_json, out, print_json, print_line, say_no
from cli.text_table import print_table
from cli.translated_help import command, option
from store.db.wake_up_signal import NoWakeUpSignal
from store.issuer import Issuer, all_issuers
from store.last_worked_as_of import business_day
from words.catalogue import sentence


@command("measures")
@option("--issuer", "slug", help="Of this issuer only.")
@option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="From this day on; else of thirty days.")
@option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Up to this day; else yesterday.")
@option("--by-day", is_flag=True, help="The counts of each day, by relationship state and arm.")
@as_json
def adoption_measures(
    slug: str | None, first: datetime | None, last: datetime | None, by_day: bool, in_json: bool
) -> None:
    """Every figure of adoption, as docs/adoption.md defines it, of some days."""
    with opened_store(NoWakeUpSignal()) as (store, settings), store.reading() as session:
        issuers = {each.id: each for each in ([find_issuer(session, slug)] if slug else all_issuers(session))}
        yesterday = business_day(session, now(), settings.time_zone) - timedelta(days=1)
        until = last.date() if last else yesterday
        since = first.date() if first else until - timedelta(days=USUAL_DAYS - 1)
        if since > until:
            say_no("the first day is after the last one")
        if by_day:
            for each in daily(session, list(issuers), since, until, MEASURES):
                _tell_day(each, issuers[each.issuer_id].slug, in_json)
            return
        _tell_measures(session, issuers, since, until, in_json)


def _tell_day(each: DayFigures, slug: str, in_json: bool) -> None:
    row: dict[str, Any] = {"issuer": slug, "day": f"{each.day}", "state": each.state, "arm": each.arm}
    if in_json:
        print_json(row | {"counts": dict(sorted(each.counts.items()))})
        return
    counts = ", ".join(f"{name} {number(value)}" for name, value in sorted(each.counts.items()))
    print_line(f"{slug} {each.day} {each.state or '-'} {each.arm or '-'}: {counts}")


def _tell_measures(session: Session, issuers: dict[int, Issuer], since: date, until: date, in_json: bool) -> None:
    values = values_of_days(session, prices_of_issuers(issuers.values()), since, until, list(MEASURES))
    for issuer_id, issuer in issuers.items():
        if in_json:
            days = {"from": f"{since}", "to": f"{until}"}
            print_json({"issuer": issuer.slug, **days, "measures": plain(values[issuer_id])})
            continue
        print_line(said("{issuer}, {first} to {last}", issuer=issuer.slug, first=day(since), last=day(until)))
        rows = [
            [code, sentence(MEASURES[code].name, language()), "" if value is None else number(value)]
            for code, value in values[issuer_id].items()
        ]
        print_table(out, [said("measure"), "", said("value")], rows, right=[2])
