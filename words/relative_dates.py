"""Spells dates relative to today as people say them ("tomorrow", "in 5 days"), and exact dates beyond. No clock:
*today* is passed in."""

from datetime import date, datetime
from typing import Final

_MONTHS: Final = {
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin",
           "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    "en": ["January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"],
}  # fmt: skip
_SHORT_MONTHS: Final = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_WEEKDAYS: Final = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
#: The words for near days (by distance from today), and the prepositions for far ones, per language.
_NEAR: Final = {
    "fr": {-1: "hier", 0: "aujourd’hui", 1: "demain"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
_SOME_DAYS: Final = {"fr": ("il y a {n} jours", "dans {n} jours"), "en": ("{n} days ago", "in {n} days")}
_FAR: Final = {
    "fr": {"on": "le {day}", "by": "avant le {day}", "": "{day}"},
    "en": {"on": "on {day}", "by": "by {day}", "": "{day}"},
}
#: Up to so many days from today are counted ("in 5 days"); later ones are dates.
NEAR_DAYS: Final = 6


def spell_day(day: date, language: str, *, year: bool = True, short: bool = False) -> str:
    """Return `3 décembre 2026`, `1er décembre`, `3 déc.`; in English `3 December 2026`."""
    months = (_SHORT_MONTHS if short else _MONTHS)[language]
    number = "1er" if day.day == 1 and language == "fr" else str(day.day)
    return f"{number}\u00a0{months[day.month - 1]}" + (f"\u00a0{day.year}" if year else "")


def spell_exact(day: date, language: str) -> str:
    """Return a day with its weekday: `jeudi 3 décembre 2026`."""
    return f"{_WEEKDAYS[language][day.weekday()]} {spell_day(day, language)}"


def spell_month(day: date, language: str, *, year: bool = True, short: bool = False) -> str:
    """Return a month: `décembre 2026`, `déc.`"""
    name = (_SHORT_MONTHS if short else _MONTHS)[language][day.month - 1]
    return f"{name} {day.year}" if year else name


def spell_near(day: date, today: date, language: str, preposition: str = "on", *, short: bool = False) -> str:
    """Return `demain` or `dans 5 jours`; farther off `le 3 décembre` (*preposition* "on") or `avant le 3 décembre`
    ("by"). The year is added when it is not the year of *today*."""
    distance = (day - today).days
    if word := _NEAR[language].get(distance):
        return word
    if abs(distance) <= NEAR_DAYS:
        return _SOME_DAYS[language][distance > 0].format(n=abs(distance))
    named = spell_day(day, language, year=day.year != today.year, short=short)
    return _FAR[language][preposition].format(day=named)


def spell_moment(moment: datetime, language: str) -> str:
    """Return `3 décembre 2026 à 17:28`; *moment* is already in the reader's time zone."""
    at = "à" if language == "fr" else "at"
    return f"{spell_day(moment.date(), language)} {at} {moment:%H:%M}"
