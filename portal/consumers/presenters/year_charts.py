"""The drawings and sentences of a consumer's years: of money, and of what was used."""

from decimal import Decimal
from typing import Literal

from markupsafe import Markup

from bill import spell_money, spell_number
from bill.money import NBSP
from portal.consumers.presenters.two_years import Months, TwoYears
from portal.presenters.amounts_and_dates import exact_day, money
from portal.presenters.svg_charts import Spell, bars
from portal.translation import language, say
from words.calendar_names import month_name
from words.units_of_measure import is_singular, unit_word

Kind = Literal["money", "quantity"]
_MONTHS = range(1, 13)


def months_chart(title: str, years: TwoYears, kind: Kind) -> Markup:
    """Draws the year's months as bars, the year before paler behind them."""
    labels = [month_name(n, language()) for n in _MONTHS]
    beside = _floats(years.before) if years.has_before else []
    return bars(
        title, labels, _floats(years.months), _spell(years.unit, kind), beside, (str(years.year), str(years.year - 1)),
        [label[0].upper() for label in labels],
    )  # fmt: skip


def years_chart(title: str, years: TwoYears, kind: Kind) -> Markup:
    """Draws the sums of years as bars."""
    labels, values = [str(n) for n, _ in years.sums], [float(each) for _, each in years.sums]
    return bars(title, labels, values, _spell(years.unit, kind))


def shown(value: Decimal | None, unit: str, kind: Kind) -> str:
    """Writes an amount exactly and a quantity as a meter counts it; a dash where it is not known."""
    if value is None:
        return "–"
    return money(value, unit) if kind == "money" else quantity(value, unit)


def quantity(value: Decimal, unit: str) -> str:
    """Writes a quantity with its unit: whole ones from 100 on, else with one decimal."""
    rounded = round(value, 0 if abs(value) >= 100 else 1)
    word = unit_word(unit, language(), is_one=is_singular(rounded, language()))
    return f"{spell_number(rounded, language())}{NBSP}{word}"


def in_a_sentence(years: TwoYears, kind: Kind) -> str:
    """Says how much more or less that was than in the same days of the year before; where those are not all known, of
    the latest month; "" where that is not known either."""
    if years.difference is None:
        return _of_the_month(years, kind)
    amount, before = shown(abs(years.difference), years.unit, kind), years.year - 1
    if not years.difference:
        same = say("Autant qu’en {year} à la même date.", year=before)
        return same if years.until else say("Autant qu’en {year}.", year=before)
    if years.difference > 0:
        more = say("{amount} de plus qu’en {year} à la même date.", amount=amount, year=before)
        return more if years.until else say("{amount} de plus qu’en {year}.", amount=amount, year=before)
    less = say("{amount} de moins qu’en {year} à la même date.", amount=amount, year=before)
    return less if years.until else say("{amount} de moins qu’en {year}.", amount=amount, year=before)


def _of_the_month(years: TwoYears, kind: Kind) -> str:
    if years.latest_pair is None:
        return ""
    n, difference = years.latest_pair
    month, amount = month_name(n, language()), shown(abs(difference), years.unit, kind)
    if not difference:
        return say("En {month}, autant qu’un an avant.", month=month)
    if difference > 0:
        return say("En {month}, {amount} de plus qu’un an avant.", month=month, amount=amount)
    return say("En {month}, {amount} de moins qu’un an avant.", month=month, amount=amount)


def month_names() -> list[str]:
    """The twelve months, as rows of a table are named."""
    return [month_name(n, language()).capitalize() for n in _MONTHS]


def unit(years: TwoYears) -> str:
    """The unit in words."""
    return unit_word(years.unit, language())


def used_so_far(years: TwoYears) -> str:
    """Says what was used in the year, and up to which day that is known."""
    used = quantity(years.total, years.unit)
    if years.until is None:
        return say("{used} en {year}.", used=used, year=years.year)
    return say("{used} en {year}, jusqu’au {day}.", used=used, year=years.year, day=exact_day(years.until, year=False))


def _spell(unit: str, kind: Kind) -> Spell:
    """Writes a value at an axis or a bar: no cents where a bar could not show them."""

    def written(value: float) -> str:
        places = 0 if abs(value) >= 10 or value == int(value) else 1
        if kind == "money":
            return spell_money(Decimal(repr(value)), unit, language(), places)
        return f"{spell_number(round(Decimal(repr(value)), places), language())}{NBSP}{unit_word(unit, language())}"

    return written


def _floats(months: Months) -> list[float | None]:
    return [None if value is None else float(value) for value in months]
