"""Draws the adoption charts of issuers from their adoption curves."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from adoption.adoption_curves import MonthFigures, together
from bill import spell_number
from bill.percentage import percent
from portal.presenters.svg_charts import Series, bars, lines, nice_top
from portal.translation import language, say
from store.issuer import Issuer
from words.relative_dates import spell_month

#: A year and the month it began with.
SHOWN_MONTHS = 13


class Curve(NamedTuple):
    """An issuer (None: all together), its points oldest first, and the top of the shared scale."""

    issuer: Issuer | None
    points: list[MonthFigures]
    top: float

    @property
    def now(self) -> MonthFigures:
        return self.points[-1]

    def paperless(self) -> Markup:
        """Returns the chart of the shares of enrolled and of paperless accounts."""
        enrolled = Series(say("inscrits"), [point.enrolled_rate for point in self.points], "second")
        paperless = Series(say("sans papier"), [point.paperless_rate for point in self.points])
        return lines(say("Part des contrats"), self.labels, [paperless, enrolled], _percent, self.top)

    def read(self) -> Markup:
        """Returns the chart of the share of bills viewed within seven days of presentment. An issuer with a bill a
        quarter has a point a quarter, joined to the next."""
        rates = [point.read7_rate for point in self.points]
        return lines(say("Lues en sept jours"), self.labels, [Series("", rates, sparse=None in rates)], _percent, 1.0)

    def saved(self) -> Markup:
        """Returns the chart of letters saved, by month; a month without bills has no bar."""
        values = [float(point.letters_saved) if point.bills else None for point in self.points]
        return bars(say("Lettres évitées"), self.labels, values, _number, ticks=[label[0] for label in self.labels])

    @property
    def labels(self) -> list[str]:
        return [spell_month(point.month, language(), short=True) for point in self.points]


def curves_of(points: Sequence[MonthFigures], issuers: Sequence[Issuer]) -> list[Curve]:
    """Returns the latest months of each issuer that has any; first of all together, if there are several."""
    by_issuer = [(issuer, [point for point in points if point.issuer == issuer.slug]) for issuer in issuers]
    drawn: list[tuple[Issuer | None, list[MonthFigures]]] = [
        (issuer, mine[-SHOWN_MONTHS:]) for issuer, mine in by_issuer if mine
    ]
    if len(drawn) > 1:
        drawn.insert(0, (None, together(points)[-SHOWN_MONTHS:]))
    shares = [rate or 0 for _, mine in drawn for point in mine for rate in (point.enrolled_rate, point.paperless_rate)]
    top = nice_top(max(shares, default=0), 1.0)
    return [Curve(issuer, mine, top) for issuer, mine in drawn]


def _percent(share: float) -> str:
    return percent(share, language())


def _number(value: float) -> str:
    return spell_number(Decimal(str(value)), language())
