"""Spells dates relative to today as people say them ("tomorrow", "in 5 days"), and exact dates beyond. No clock:
*today* is passed in."""

from datetime import date, datetime
from typing import Final

from words.calendar_names import month_name
from words.catalogue import N_, say, sentence
from words.spelled_date import spelled_date

#: The words for near days (by distance from today), and the prepositions for far ones.
_NEAR: Final = {-1: N_("hier"), 0: N_("aujourd’hui"), 1: N_("demain")}
_AGO: Final = N_("il y a {n} jour|il y a {n} jours")
_AHEAD: Final = N_("dans {n} jour|dans {n} jours")
_FAR: Final = {"on": N_("le {day}"), "by": N_("avant le {day}")}
#: Up to so many days from today are counted ("in 5 days"); later ones are dates.
NEAR_DAYS: Final = 6
#: A month in CLDR's skeletons, whole and short.
_MONTH: Final = {False: "MMMM", True: "MMM"}


def spell_day(day: date, language: str, *, year: bool = True, short: bool = False) -> str:
    """Return `3 décembre 2026`, `1er décembre`, `3 déc.`; in English `3 December 2026`."""
    skeleton = f"{'y' if year else ''}{_MONTH[short]}d"
    return spelled_date(day, language, skeleton).replace(" ", "\u00a0")


def spell_exact(day: date, language: str) -> str:
    """Return a day with its weekday: `jeudi 3 décembre 2026`."""
    named = spelled_date(day, language, "full")
    return named.replace(spelled_date(day, language, "long"), spell_day(day, language))


def spell_month(day: date, language: str, *, year: bool = True, short: bool = False) -> str:
    """Return a month: `décembre 2026`, `déc.`"""
    return spelled_date(day, language, f"y{_MONTH[short]}") if year else month_name(day.month, language, short=short)


def spell_near(day: date, today: date, language: str, preposition: str = "on", *, short: bool = False) -> str:
    """Return `demain` or `dans 5 jours`; farther off `le 3 décembre` (*preposition* "on") or `avant le 3 décembre`
    ("by"). The year is added when it is not the year of *today*."""
    distance = (day - today).days
    if word := _NEAR.get(distance):
        return sentence(word, language)
    if abs(distance) <= NEAR_DAYS:
        return sentence(_AHEAD if distance > 0 else _AGO, language, abs(distance)).format(n=abs(distance))
    named = spell_day(day, language, year=day.year != today.year, short=short)
    return _after(preposition, named, language)


def spell_full(day: date, language: str, preposition: str = "") -> str:
    """Return a day as it is printed, where nothing is near: `avant le 3 décembre 2026`, `le 3 décembre 2026`."""
    return _after(preposition, spell_day(day, language), language)


def spell_full_moment(moment: datetime, language: str, preposition: str = "") -> str:
    """Return a moment as it is printed: `le 3 décembre 2026 à 17:28`. It is already in the reader's time zone."""
    return _after(preposition, spell_moment(moment, language), language)


def spell_moment(moment: datetime, language: str) -> str:
    """Return `3 décembre 2026 à 17:28`; *moment* is already in the reader's time zone."""
    return say("{day} à {time}", language, day=spell_day(moment.date(), language), time=f"{moment:%H:%M}")


def _after(preposition: str, named: str, language: str) -> str:
    return sentence(_FAR[preposition], language).format(day=named) if preposition else named
