"""Says in words what a forecast assumes and how it did on the past, or why there is none."""

from adoption.forecast.forecast import INSIDE_BAND, LEAST_MONTHS, Forecast
from bill import Reason


def why_no_forecast(forecast: Forecast | None) -> Reason:
    """Return why there are no points; the empty reason where there are some. None is a forecast not made yet."""
    if forecast is None:
        return Reason.of("forecast_not_made")
    if forecast.why_not == "too_few_months":
        return Reason.of("forecast_too_few_months", months=forecast.months, least=LEAST_MONTHS)
    if forecast.why_not == "no_growth":
        return Reason.of("forecast_no_growth", first_share=str(forecast.began), last_share=str(forecast.ended))
    return Reason()


def assumptions(forecast: Forecast) -> list[Reason]:
    """Return what a forecast with points assumes, the method first and its test last."""
    assert forecast.parameters is not None
    assert forecast.first is not None
    assert forecast.last is not None
    law, test = forecast.parameters, forecast.back_test
    return [
        Reason.of(
            "forecast_bass", alone_share=str(law.alone), others_share=str(law.others), most_share=str(law.most)
        ),
        Reason.of("forecast_share"),
        Reason.of(
            "forecast_from", months=forecast.months, first_month=forecast.first.isoformat(),
            last_month=forecast.last.isoformat(),
        ),
        Reason.of("forecast_band", inside_share=str(INSIDE_BAND), histories=forecast.histories),
        Reason.of("forecast_same"),
        Reason.of("forecast_untested")
        if test is None
        else Reason.of("forecast_tested", months=test.fitted, error_share=str(test.error)),
    ]  # fmt: skip
