"""Finds days as bills write them: 2026-03-05, 05.03.2026, 5 mars 2026, March 5, 2026. Pure."""

import re
from datetime import date
from typing import Final, NamedTuple

_MONTHS: Final = {
    1: "janvier janv january jan januar jänner",
    2: "février fevrier févr fevr feb february februar",
    3: "mars march mar märz maerz",
    4: "avril avr april apr",
    5: "mai may",
    6: "juin june jun juni",
    7: "juillet juil july jul juli",
    8: "août aout august aug",
    9: "septembre sept september sep",
    10: "octobre oct october oktober okt",
    11: "novembre nov november",
    12: "décembre decembre déc dec december dezember dez",
}
_BY_NAME: Final = {name: month for month, names in _MONTHS.items() for name in names.split()}
_NAMES: Final = "|".join(sorted(_BY_NAME, key=len, reverse=True))
_day: Final = re.compile(
    r"(?<![\w./-])(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<numbers>\d{1,2}(?:\.\d{1,2}\.|/\d{1,2}/|-\d{1,2}-)(?:\d{4}|\d{2}))"
    rf"|(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|\.)?[ -]+(?P<name>{_NAMES})\.?,?[ -]+(?P<year>\d{{4}})"
    rf"|(?P<first>{_NAMES})\.? +(?P<second>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<third>\d{{4}}))(?![\d/-]|\.\d)",
    re.IGNORECASE,
)


class WrittenDay(NamedTuple):
    """A day, and where it begins and ends in its text. *is_sure*: no country reads it as another day."""

    day: date
    start: int
    end: int
    is_sure: bool


def days_in(text: str, day_first: bool = False) -> list[WrittenDay]:
    """The days in this text, in their order. *day_first*: its language never writes the month first."""
    return [each for found in _day.finditer(text) if (each := _read(found, day_first)) is not None]


def _read(found: re.Match[str], day_first: bool) -> WrittenDay | None:
    try:
        if found["iso"]:
            day, is_sure = date.fromisoformat(found["iso"]), True
        elif found["numbers"]:
            first, second, year = re.split(r"[./-]", found["numbers"])
            day = date(int(year) if len(year) == 4 else 2000 + int(year), int(second), int(first))
            is_sure = len(year) == 4 and ("." in found["numbers"] or day_first or day.day > 12 or first == second)
        elif found["name"]:
            day, is_sure = date(int(found["year"]), _BY_NAME[found["name"].casefold()], int(found["day"])), True
        else:
            day = date(int(found["third"]), _BY_NAME[found["first"].casefold()], int(found["second"]))
            is_sure = True
    except ValueError:
        return None
    return WrittenDay(day, found.start(), found.end(), is_sure)
