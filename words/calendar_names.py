"""Names of months and days of the week in a reader's language (CLDR)."""

from functools import cache
from typing import Final

from babel.dates import get_day_names, get_month_names

from words.catalogue import N_, sentence

#: The first day of a month in a date; a language that writes `1` is translated so.
_FIRST: Final = N_("1er")


@cache
def month_name(month: int, language: str, *, short: bool = False) -> str:
    """Return `décembre`, or `déc.` for *short*; *month* is 1 to 12."""
    return str(get_month_names("abbreviated" if short else "wide", locale=language)[month])


@cache
def weekday_name(weekday: int, language: str) -> str:
    """Return `jeudi`; *weekday* is 0 for Monday."""
    return str(get_day_names("wide", locale=language)[weekday])


def day_of_month(day: int, language: str) -> str:
    """Return the number of a day as a date has it: French says `1er`, which CLDR has not."""
    return sentence(_FIRST, language) if day == 1 else str(day)
