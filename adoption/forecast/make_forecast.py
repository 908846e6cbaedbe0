"""Makes a forecast from an issuer's months, or says why there is none."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from adoption.calendar_months import earlier
from adoption.forecast.forecast import (
    HORIZON,
    LEAST_GROWTH,
    LEAST_MONTHS,
    LEAST_MONTHS_TESTED,
    BackTest,
    BassParameters,
    Forecast,
    ForecastPoint,
    WhyNot,
)
from adoption.forecast.share_history import MonthShare

if TYPE_CHECKING:
    from adoption.forecast.bass_fit import Band

#: Counted up with each change of the method: kept forecasts are then made again.
VERSION: Final = 2


def make_forecast(history: Sequence[MonthShare]) -> Forecast:
    """Return the forecast of the HORIZON months after these. The same months give the same forecast."""
    if not history:
        return Forecast(months=0, why_not="too_few_months")
    known = Forecast(
        months=len(history), first=history[0].month, last=history[-1].month, began=history[0].share,
        ended=history[-1].share, why_not=why_not(history),
    )  # fmt: skip
    if known.why_not:
        return known
    parameters, histories, band = _fitted(history)
    points = tuple(
        ForecastPoint(earlier(history[-1].month, -n), round(middle, 5), round(low, 5), round(high, 5))
        for n, (middle, low, high) in enumerate(zip(*band, strict=True), 1)
    )
    return Forecast(
        months=known.months, first=known.first, last=known.last, began=known.began, ended=known.ended, points=points,
        parameters=parameters, back_test=back_test(history), histories=histories,
    )  # fmt: skip


def back_test(history: Sequence[MonthShare]) -> BackTest | None:
    """Forecast the second half of these months from the first, and say how far that was off; None where the first half
    is too short or did not grow."""
    half = len(history) // 2
    fitted, tested = history[:half], history[half : half + HORIZON]
    if len(history) < LEAST_MONTHS_TESTED or why_not(fitted):
        return None
    _, _, band = _fitted(fitted)
    errors = [abs(each.share - middle) for each, middle in zip(tested, band.middle, strict=False)]
    inside = [low <= each.share <= high for each, low, high in zip(tested, band.low, band.high, strict=False)]
    return BackTest(len(fitted), len(tested), round(sum(errors) / len(tested), 5), round(sum(inside) / len(tested), 3))


def why_not(history: Sequence[MonthShare]) -> WhyNot:
    """Return why no forecast can be made from these months; "" where one can."""
    if len(history) < LEAST_MONTHS:
        return "too_few_months"
    return "no_growth" if history[-1].share - history[0].share < LEAST_GROWTH else ""


def _fitted(history: Sequence[MonthShare]) -> "tuple[BassParameters, int, Band]":
    """Fit these months: the parameters, and the band of the months after with how many histories made it."""
    # scipy takes half a second and 40 MB, which only a process that fits something pays.
    from adoption.forecast.bass_fit import HISTORIES, fit_bass, forecast_band

    fit = fit_bass([each.share for each in history], [each.accounts for each in history])
    return fit.parameters, HISTORIES, forecast_band(fit)
