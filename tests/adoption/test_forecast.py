"""Forecasts: five issuers simulated account by account, whose second half is foretold from the first."""

from functools import cache

import pytest

from adoption.adoption_curves import MonthFigures
from adoption.calendar_months import earlier
from adoption.forecast.forecast import HORIZON, Forecast, pack_forecast, unpack_forecast
from adoption.forecast.make_forecast import make_forecast
from adoption.forecast.share_history import MonthShare, digest_of, share_history
from tests.adoption.simulated_issuers import BEGIN, FIVE

pytestmark = pytest.mark.beside_any_database


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


@pytest.mark.parametrize("name", FIVE)
def test_what_is_expected_never_falls(name: str) -> None:
    expected = [point.expected for point in forecast_of(name, len(FIVE[name].history()) // 2).points]
    assert expected == sorted(expected)


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


def test_a_month_weighs_as_much_as_its_accounts() -> None:
    """Two months of twenty accounts, in which chance does what it likes, change hardly anything."""
    true = FIVE["telephone, quick"].history()[:24]
    few, many = (
        [*true[:9], *(each._replace(share=each.share + 0.1, accounts=accounts) for each in true[9:11]), *true[11:]]
        for accounts in (20, 200_000)
    )
    here, with_few, with_many = (make_forecast(each).points[11].expected for each in (true, few, many))
    assert with_few == pytest.approx(here, abs=0.02)
    assert abs(with_many - here) > abs(with_few - here)


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
