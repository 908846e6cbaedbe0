"""Forecasts: five issuers simulated account by account, whose second half is foretold from the first."""

from datetime import date
from functools import cache
from random import Random
from typing import NamedTuple

import pytest

from adoption.adoption_curves import MonthFigures
from adoption.calendar_months import earlier
from adoption.forecast.forecast import HORIZON, Forecast, pack_forecast, unpack_forecast
from adoption.forecast.make_forecast import make_forecast
from adoption.forecast.share_history import MonthShare, digest_of, share_history

pytestmark = pytest.mark.beside_any_database
BEGIN = date(2023, 1, 1)


class Simulated(NamedTuple):
    """An issuer whose accounts change by themselves (*alone*, a month) and because others did (*others*); some change
    back. *begins* is its share at the beginning."""

    seed: int
    accounts: int
    months: int
    alone: float
    others: float
    most: float
    begins: float = 0.0
    back: float = 0.0

    def history(self) -> list[MonthShare]:
        chance = Random(self.seed)
        can, paperless = round(self.accounts * self.most), round(self.accounts * self.begins)
        months = []
        for n in range(self.months):
            months.append(MonthShare(earlier(BEGIN, -n), paperless / self.accounts, self.accounts))
            part = self.alone + self.others * paperless / can
            paperless += _some(chance, can - paperless, part) - _some(chance, paperless, self.back)
        return months


def _some(chance: Random, of: int, part: float) -> int:
    """How many of these do it, each with the same probability: by the normal approximation, which many allow."""
    return min(max(round(chance.gauss(of * part, (of * part * (1 - part)) ** 0.5)), 0), of)


FIVE = {
    "telephone, quick": Simulated(1, 200_000, 36, 0.004, 0.12, 0.55, begins=0.02),
    "water, a bill a quarter": Simulated(2, 20_000, 48, 0.006, 0.09, 0.4, back=0.001),
    "insurance, a bill a year": Simulated(3, 8_000, 36, 0.01, 0.03, 0.5, begins=0.1, back=0.002),
    "a town, few accounts": Simulated(4, 900, 40, 0.005, 0.15, 0.6, back=0.001),
    "slow": Simulated(5, 60_000, 60, 0.001, 0.07, 0.35, begins=0.05, back=0.001),
}


@cache
def forecast_of(name: str, months: int | None = None) -> Forecast:
    return make_forecast(FIVE[name].history()[:months])


@pytest.mark.parametrize("name", FIVE)
def test_the_second_half_is_foretold_from_the_first(name: str) -> None:
    history = FIVE[name].history()
    half = len(history) // 2
    foretold = forecast_of(name, half)
    tested = history[half:]
    assert [point.month for point in foretold.points[: len(tested)]] == [each.month for each in tested]
    errors = [abs(point.expected - each.share) for point, each in zip(foretold.points, tested, strict=False)]
    inside = [point.low <= each.share <= point.high for point, each in zip(foretold.points, tested, strict=False)]
    assert sum(errors) / len(errors) < (0.12 if FIVE[name].accounts < 1000 else 0.04)
    assert sum(inside) / len(inside) >= 0.75


def test_a_forecast_says_how_it_did_on_the_past() -> None:
    name = "telephone, quick"
    told = forecast_of(name).back_test
    assert told is not None
    half = forecast_of(name, told.fitted)
    tested = FIVE[name].history()[told.fitted :]
    errors = [abs(each.share - point.expected) for each, point in zip(tested, half.points, strict=False)]
    assert told.tested == len(tested) == 18
    assert told.error == pytest.approx(sum(errors) / len(errors), abs=2e-5)


def test_the_band_widens_and_holds_what_is_expected() -> None:
    points = forecast_of("water, a bill a quarter").points
    assert len(points) == HORIZON
    assert all(0 <= point.low <= point.expected <= point.high <= 1 for point in points)
    assert points[0].high - points[0].low < points[23].high - points[23].low


def test_the_same_months_give_the_same_forecast() -> None:
    name = "a town, few accounts"
    history = FIVE[name].history()
    assert make_forecast(history) == forecast_of(name)
    assert unpack_forecast(pack_forecast(forecast_of(name))) == forecast_of(name)
    assert digest_of(history, 1) != digest_of(history[:-1], 1) != digest_of(history[:-1], 2)


def test_more_accounts_know_more() -> None:
    few, many = (FIVE["slow"]._replace(seed=7, accounts=accounts) for accounts in (600, 60_000))
    bands = [make_forecast(each.history()[:30]).points[11] for each in (few, many)]
    assert bands[0].high - bands[0].low > 2 * (bands[1].high - bands[1].low)


def test_too_few_months_are_said() -> None:
    five = make_forecast(FIVE["telephone, quick"].history()[:5])
    assert (five.why_not, five.months, five.points) == ("too_few_months", 5, ())
    assert make_forecast([]).why_not == "too_few_months"
    six = make_forecast(FIVE["telephone, quick"].history()[:6])
    assert (six.why_not, len(six.points), six.back_test) == ("", HORIZON, None)


def test_no_growth_is_said() -> None:
    flat = [MonthShare(earlier(BEGIN, -n), 0.3 - n / 1000, 500) for n in range(20)]
    assert make_forecast(flat).why_not == "no_growth"


def test_a_month_that_has_not_ended_is_not_known() -> None:
    """Of the months before the first paperless account only the last counts, and none without accounts."""
    figures = [(0, 0), (50, 0), (50, 0), (60, 3), (60, 6), (70, 7)]
    points = [
        MonthFigures(issuer="eaux", month=earlier(BEGIN, -n), accounts=accounts, paperless=paperless)
        for n, (accounts, paperless) in enumerate(figures)
    ]
    known = share_history(points, this_month=points[-1].month)
    assert known == [MonthShare(points[n].month, *of) for n, of in ((2, (0.0, 50)), (3, (0.05, 60)), (4, (0.1, 60)))]
    assert len(share_history(points[:3], this_month=BEGIN.replace(year=2030))) == 2
