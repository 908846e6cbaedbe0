"""A forecast of the share of paperless accounts by month, with what it was fitted on and how it did on the past."""

from datetime import date
from typing import Final, Literal

import msgspec
from msgspec import Struct

#: Months after the last known one that are forecast: the longest adoption plan.
HORIZON: Final = 60
#: The least months a forecast is made from, and a back-test is made from (its half is fitted).
LEAST_MONTHS: Final = 6
LEAST_MONTHS_TESTED: Final = 2 * LEAST_MONTHS
#: The least growth, in shares, over the known months: below it there is no diffusion to fit.
LEAST_GROWTH: Final = 0.005
#: The share of histories inside the band.
INSIDE_BAND: Final = 0.9

#: Why there is no forecast; "" where there is one.
WhyNot = Literal["", "too_few_months", "no_growth"]


class ForecastPoint(Struct, frozen=True):
    """A month's share of paperless accounts, 0 to 1: *expected*, and the band from *low* to *high*."""

    month: date
    expected: float
    low: float
    high: float


class BassParameters(Struct, frozen=True):
    """Of those who may still change, *alone* do so each month by themselves (Bass's p) and up to *others* because of
    those who did (q); *most* is the share at which the fit levels off (m)."""

    alone: float
    others: float
    most: float


class BackTest(Struct, frozen=True):
    """A forecast from the first *fitted* months, compared with the *tested* months after: the mean absolute *error* in
    shares, and the share of months *inside* the band."""

    fitted: int
    tested: int
    error: float
    inside: float


class Forecast(Struct, frozen=True, kw_only=True):
    """A forecast from *months* known months, *first* to *last*, whose shares were *began* and *ended*. Without points,
    *why_not* says why; *back_test* is None where there were too few months for one."""

    months: int
    first: date | None = None
    last: date | None = None
    began: float = 0.0
    ended: float = 0.0
    why_not: WhyNot = ""
    points: tuple[ForecastPoint, ...] = ()
    parameters: BassParameters | None = None
    back_test: BackTest | None = None
    histories: int = 0  # that the band was drawn from

    def at(self, month: date) -> ForecastPoint | None:
        """Return the point of this month, None where it is not forecast."""
        return next((point for point in self.points if point.month == month), None)


def pack_forecast(forecast: Forecast) -> str:
    """Encode a forecast as JSON."""
    return msgspec.json.encode(forecast).decode()


def unpack_forecast(text: str) -> Forecast:
    """Decode what `pack_forecast` encoded."""
    return msgspec.json.decode(text, type=Forecast)
