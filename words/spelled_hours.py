"""Spells opening hours: `du lundi au vendredi, 9 h-18 h`; times of a day as people say them."""

from datetime import time
from typing import Final

from words.calendar_names import weekday_name
from words.catalogue import N_, say

_HOUR: Final = N_("{hour} h")
_HOUR_AND_MINUTE: Final = N_("{hour} h {minute}")
_DAYS: Final = N_("du {first} au {last}, {opens}-{closes}")
_DAY: Final = N_("le {day}, {opens}-{closes}")


def spell_hour(hour: time, language: str) -> str:
    """Return `9 h`, `12 h 30`; in English `9:00`, `12:30`. It does not break over lines."""
    minute = f"{hour.minute:02}"
    words = say(_HOUR_AND_MINUTE if hour.minute else _HOUR, language, hour=str(hour.hour), minute=minute)
    return words.replace(" ", "\u00a0")


def spell_opening_hours(first: int, last: int, opens: time, closes: time, language: str) -> str:
    """Return the hours of the days from *first* to *last*; 0 is Monday."""
    hours = {"opens": spell_hour(opens, language), "closes": spell_hour(closes, language)}
    if first == last:
        return say(_DAY, language, day=weekday_name(first, language), **hours)
    days = {"first": weekday_name(first, language), "last": weekday_name(last, language)}
    return say(_DAYS, language, **days, **hours)
