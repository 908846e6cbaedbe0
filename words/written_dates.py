"""Spells a date in words, for letters, e-mails and reasons of delivery."""

from datetime import date

from words.calendar_names import day_of_month, month_name
from words.catalogue import known_language


def written_date(day: date, language: str = "fr") -> str:
    """Return `3 décembre 2026` (`1er` for the first) in French, `3 December 2026` in English."""
    language = known_language(language)
    return f"{day_of_month(day.day, language)} {month_name(day.month, language)} {day.year}"
