"""What every request may use: the store, the configuration and the clock that the app was built with."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from config import Config
from delivery.calendar.postal_calendar import Calendar, calendar_of
from store import Store

#: Templates and static files lie beside this file.
FOLDER: Final = Path(__file__).parent
Clock = Callable[[], datetime]


class _Here(NamedTuple):
    store: Store
    config: Config
    clock: Clock


def install(app: Flask, store: Store, config: Config, clock: Clock) -> None:
    """Keep the store, the configuration and the clock for the requests of this app."""
    app.extensions["facteur"] = _Here(store, config, clock)
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
    """Returns today's date in the portal's time zone."""
    return now().astimezone(ZoneInfo(config().time_zone)).date()


def calendar() -> Calendar:
    """Returns the calendar of the print house's working days."""
    return calendar_of(config().time_zone, config().print_postcode)


def reading() -> Session:
    """Returns the request's one reading session. It is closed when the request ends."""
    if "reading" not in g:
        g.reading_context = store().reading()
        g.reading = g.reading_context.__enter__()
    return cast("Session", g.reading)


def _here() -> _Here:
    return cast("_Here", current_app.extensions["facteur"])


def _close(_error: BaseException | None) -> None:
    if context := g.pop("reading_context", None):
        g.pop("reading").close()
        context.__exit__(None, None, None)
