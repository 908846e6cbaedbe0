"""Spells a date in words, for letters, e-mails and reasons of delivery."""

from datetime import date

from words.spelled_date import spelled_date


def written_date(day: date, language: str = "fr") -> str:
    """Return `3 décembre 2026` (`1er` for the first) in French, `3 December 2026` in English."""
    return spelled_date(day, language, "long")
