"""Spells a date in words, for letters, e-mails and reasons of delivery."""

from datetime import date
from typing import Final

_MONTHS: Final = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip


def written_date(day: date, language: str = "fr") -> str:
    """Return `3 décembre 2026` (`1er` for the first) in French, `3 December 2026` in English."""
    language = "en" if language == "en" else "fr"
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[language][day.month - 1]} {day.year}"
