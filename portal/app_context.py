"""What every request may use: the store, the configuration and the clock that the app was built with."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from flask.globals import _cv_app
from sqlalchemy.orm import Session

from config import Config
from delivery import PrintHouses, read_print_houses
from delivery.calendar.postal_calendar import Calendar
from store import Store
from store.last_worked_as_of import business_day

#: Templates and static files lie beside this file.
FOLDER: Final = Path(__file__).parent
Clock = Callable[[], datetime]


class _Here(NamedTuple):
    store: Store
    config: Config
    clock: Clock
    print_houses: PrintHouses


def install(app: Flask, store: Store, config: Config, clock: Clock) -> None:
    """Keep the store, the configuration and the clock for the requests of this app. Raises PrintHouseError."""
    houses = read_print_houses(config.print_house, config.home, config.time_zone, config.print_postcode)
    app.extensions["facteur"] = _Here(store, config, clock, houses)
    app.teardown_appcontext(_close)


def store() -> Store:
    """Returns the app's store."""
    return _here().store


def config() -> Config:
    """Returns the app's configuration."""
    return _here().config


def now() -> datetime:
    """Returns the present moment of business time, aware."""
    return _here().clock()


def today() -> date:
    """Returns today's date in the portal's time zone: one for the whole request."""
    if (day := _kept("today")) is None:
        day = g.today = now().astimezone(ZoneInfo(config().time_zone)).date()
    return cast("date", day)


def business_today() -> date:
    """Returns the day by which figures are told: today, or the day as of which work was last done."""
    return business_day(reading(), now(), config().time_zone)


def calendar() -> Calendar:
    """Returns the calendar that letters are planned by: the print houses' working days."""
    return print_houses().planning_calendar


def print_houses() -> PrintHouses:
    """Returns the configured print houses."""
    return _here().print_houses


def reading() -> Session:
    """Returns the request's one reading session. It is closed when the request ends."""
    if (session := _kept("reading")) is None:
        g.reading_context = store().reading()
        session = g.reading = g.reading_context.__enter__()
    return cast("Session", session)


def _kept(name: str) -> Any:
    """Returns what the request has kept in `g` under this name, or None; without the proxy, since it is asked often."""
    here = _cv_app.get(None)
    return None if here is None else here.g.__dict__.get(name)


def _here() -> _Here:
    return cast("_Here", current_app.extensions["facteur"])


def _close(_error: BaseException | None) -> None:
    if context := g.pop("reading_context", None):
        g.pop("reading")
        context.__exit__(None, None, None)
