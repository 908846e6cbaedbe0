"""`facteur adoption forecast`: the forecast of each issuer's paperless share by month, and what it assumes."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from adoption.forecast.assumptions import assumptions, why_no_forecast
from adoption.forecast.forecast import Forecast
from adoption.forecast.known_forecasts import known_forecasts
from adoption.forecast.refresh_forecasts import refresh_forecasts
from bill import Reason
from cli.command_language import month, reason_words, said, share
from cli.open_store import find_issuer, now, opened_store
from cli.output import as_json, out, print_json, print_line
from cli.text_table import print_table
from cli.translated_help import command, option
from store.db.wake_up_signal import NoWakeUpSignal
from store.issuer import Issuer, all_issuers
from store.last_worked_as_of import business_now
from words.reason_text import reason_text


@command("forecast")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def adoption_forecast(slug: str | None, in_json: bool) -> None:
    """The forecast of the share without paper: by month what is expected, the band, and what it assumes."""
    with opened_store(NoWakeUpSignal()) as (store, settings):
        with store.reading() as session:
            moment = business_now(session, now())
        while refresh_forecasts(store, moment, ZoneInfo(settings.time_zone)):
            pass
        with store.reading() as session:
            known = list(_forecasts(session, slug))
    for issuer, forecast in known:
        if in_json:
            for row in _rows(issuer, forecast):
                print_json(row)
        else:
            _print(issuer, forecast)


def _forecasts(session: Session, slug: str | None) -> Iterator[tuple[Issuer, Forecast | None]]:
    issuers = [find_issuer(session, slug)] if slug else all_issuers(session)
    known = known_forecasts(session, [each.id for each in issuers])
    return ((each, known.get(each.id)) for each in issuers)


def _rows(issuer: Issuer, forecast: Forecast | None) -> Iterator[dict[str, Any]]:
    """A row for each month; without a forecast one, which says why."""
    reason = why_no_forecast(forecast)
    assumed = [_in_english(each) for each in assumptions(forecast)] if forecast and forecast.points else []
    base = {"issuer": issuer.slug, "assumes": assumed, "why_not": _in_english(reason) or None}
    if forecast is None or not forecast.points:
        yield base | dict.fromkeys(("month", "expected", "low", "high"))
        return
    for point in forecast.points:
        shares = {name: round(getattr(point, name), 4) for name in ("expected", "low", "high")}
        yield {"issuer": issuer.slug, "month": f"{point.month:%Y-%m}", **shares} | base


def _print(issuer: Issuer, forecast: Forecast | None) -> None:
    print_line(issuer.slug)
    if forecast is None or not forecast.points:
        print_line(f"  {reason_words(why_no_forecast(forecast))}")
        return
    headings = [said("month"), said("expected"), said("lowest"), said("highest")]
    rows = [[month(each.month), share(each.expected), share(each.low), share(each.high)] for each in forecast.points]
    print_table(out, headings, rows, right=range(1, len(headings)))
    for each in assumptions(forecast):
        print_line(f"  {reason_words(each)}")


def _in_english(reason: Reason) -> str:
    """JSON is the same in every language."""
    return reason_text(reason.code, reason.values, "en")
