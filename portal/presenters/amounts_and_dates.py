"""Formats amounts, numbers, sizes and dates as HTML in the visitor's language.

A page of bills says the same days again and again: what a day or an amount looks like is a function of its values, and
is remembered by them (docs/fast-paths.md).
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bill import PostalAddress, spell_money, spell_number
from bill.money import NBSP
from bill.percentage import percent
from portal import app_context
from portal.translation import language, say
from store.db.row_counting import MOST_COUNTED
from words.number_form import number_form
from words.relative_dates import (
    spell_day,
    spell_exact,
    spell_full,
    spell_full_moment,
    spell_moment,
    spell_month,
    spell_near,
)


def money(amount: Decimal, currency: str, *, is_marked: bool = False) -> Markup:
    """Returns an amount that does not break over lines, its currency small."""
    return _money(amount, currency, language(), is_marked=is_marked)


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, into: str, *, is_marked: bool) -> Markup:
    number, space, symbol = spell_money(amount, currency, into).partition("\u00a0")
    said = Markup('{}{}<span class="currency">{}</span>').format(number, space, symbol) if symbol else escape(number)
    marked = Markup("<mark>{}</mark>").format(said) if is_marked else said
    return Markup('<span class="amount">{}</span>').format(marked)


def typed_amount(amount: Decimal) -> str:
    """Returns an amount as people type it into a form: with their decimal sign, thousands not grouped."""
    return f"{amount:f}".translate(number_form(language()).separators)


def difference(amount: Decimal, currency: str) -> Markup:
    """Returns an amount with its sign: `+6,10 €`."""
    return Markup("{}{}").format("+" if amount > 0 else "", money(amount, currency))


def number(value: Decimal | int) -> str:
    """Returns a quantity without trailing zeros: `1 234,5`."""
    return spell_number(Decimal(value), language())


def waiting_number(value: int) -> str:
    """Returns a bounded count: `12`, or `10 000+` at its bound."""
    return number(value) + ("+" if value >= MOST_COUNTED else "")


def share(value: float | None) -> str:
    """Returns a share from 0 to 1 as `42 %`."""
    return percent(value, language())


def size(value: int) -> str:
    """Returns a file size: `14 octets`, `3,2 ko`, `1,4 Mo`, `2,1 Go`."""
    for step, unit in ((1_000_000_000, say("Go")), (1_000_000, say("Mo")), (1_000, say("ko"))):
        if value >= step:
            return f"{number(round(Decimal(value) / step, 1 if value < 10 * step else None))}{NBSP}{unit}"
    return f"{value}{NBSP}{say('octets')}"


def day(value: date, preposition: str = "", *, short: bool = False) -> Markup:
    """Returns a date relative to today, with the exact date as title. *preposition*: on, by or none."""
    return _day(value, app_context.today(), language(), preposition, short=short)


@lru_cache(maxsize=4096)
def _day(value: date, today: date, into: str, preposition: str, *, short: bool) -> Markup:
    words, full = spell_near(value, today, into, preposition, short=short), spell_full(value, into, preposition)
    return _time(value.isoformat(), spell_exact(value, into), words, full)


def exact_day(value: date, *, year: bool = True, short: bool = False) -> Markup:
    """Returns a full date: `3 décembre 2026`."""
    return _exact_day(value, language(), year=year, short=short)


@lru_cache(maxsize=4096)
def _exact_day(value: date, into: str, *, year: bool, short: bool) -> Markup:
    words, full = spell_day(value, into, year=year, short=short), spell_full(value, into)
    return _time(value.isoformat(), spell_exact(value, into), words, full)


def day_of(value: datetime, preposition: str = "") -> Markup:
    """Returns a moment's date in the portal's time zone, with the hour as title."""
    there = local(value)
    words = spell_near(there.date(), app_context.today(), language(), preposition)
    full = spell_full_moment(there, language(), preposition)
    return _time(there.isoformat(timespec="minutes"), spell_moment(there, language()), words, full)


def moment(value: datetime) -> Markup:
    """Returns `3 décembre 2026 à 17:28`, in the portal's time zone."""
    there = local(value)
    words = spell_moment(there, language())
    return _time(there.isoformat(timespec="minutes"), words, words, words)


def month(value: date) -> str:
    """Returns `Décembre 2026`, as a heading."""
    return _month(value, language())


@lru_cache(maxsize=1024)
def _month(value: date, into: str) -> str:
    return spell_month(value, into).capitalize()


def short_month(value: date) -> str:
    """Returns `déc. 2026`."""
    return spell_month(value, language(), short=True)


def address(value: PostalAddress) -> str:
    """Returns a postal address on one line."""
    town = f"{value.postcode} {value.city}".strip()
    return ", ".join(part for part in (value.line1, value.line2, value.line3, town) if part)


def local(value: datetime) -> datetime:
    """Returns a moment in the portal's time zone."""
    return value.astimezone(ZoneInfo(app_context.config().time_zone))


def _time(machine: str, exact: str, words: str, full: str) -> Markup:
    """Returns the element of a date. *full* stands in the place of *words* on paper, where they are not the same."""
    if full == words:
        return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, exact, words)
    return Markup('<time datetime="{}" title="{}" data-full="{}">{}</time>').format(machine, exact, full, words)
