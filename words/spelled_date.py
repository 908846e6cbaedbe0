"""Spells a date in a language's order and with its names (CLDR)."""

from datetime import date
from functools import cache

from babel.core import Locale

from words.calendar_names import day_of_month, month_name, weekday_name
from words.catalogue import known_language, locale_of


def spelled_date(day: date, language: str, form: str) -> str:
    """Return the date by a format or a skeleton of CLDR: `jeudi 3 décembre 2026` for full, `3 décembre 2026` for long,
    `3 décembre` for MMMMd. French for a language that we do not have."""
    language = known_language(language)
    return date_pattern(language, form) % {
        "d": day_of_month(day.day, language),
        "MMMM": month_name(day.month, language),
        "MMM": month_name(day.month, language, short=True),
        "y": day.year,
        "EEEE": weekday_name(day.weekday(), language),
    }


@cache
def date_pattern(language: str, form: str) -> str:
    """Return the pattern of a format or skeleton as Python's `%` takes it: `%(d)s %(MMMM)s %(y)s`."""
    locale = Locale.parse(locale_of(language))
    return str((locale.date_formats.get(form) or locale.datetime_skeletons[form]).format)
