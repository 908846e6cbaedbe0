"""An issuer's adoption against its plan, with its forecast: the chart, the sentences and the rows of the table."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from markupsafe import Markup

from adoption.adoption_curves import MonthFigures
from adoption.calendar_months import earlier
from adoption.forecast.assumptions import assumptions, why_no_forecast
from adoption.forecast.forecast import Forecast, ForecastPoint
from adoption.plans.adoption_plan import AdoptionPlan
from bill.percentage import percent
from portal.presenters.svg_charts import Range, Series, lines
from portal.translation import language, say
from store.issuer import Issuer
from words.reason_text import reason_text
from words.relative_dates import spell_month

#: Months shown after the last known one where there is no plan.
_AHEAD: Final = 24
#: The most months shown: a plan of five years, and five years before it.
_MOST_MONTHS: Final = 120
#: Less than this off the plan is as planned, in shares.
_AS_PLANNED: Final = 0.005


class OutlookRow(NamedTuple):
    """A month of the table: its figures where it is known, the planned share, and the forecast."""

    month: date
    figures: MonthFigures | None
    planned: float | None
    forecast: ForecastPoint | None


class AdoptionOutlook(NamedTuple):
    """An issuer, its known months oldest first, its plan and its forecast (either may be None), and the month that has
    not ended yet."""

    issuer: Issuer
    points: Sequence[MonthFigures]
    plan: AdoptionPlan | None
    forecast: Forecast | None
    this_month: date

    @property
    def is_drawn(self) -> bool:
        """Whether there is more to draw than the known months: a plan or a forecast."""
        return self.plan is not None or bool(self.forecast and self.forecast.points)

    def rows(self) -> list[OutlookRow]:
        """Returns the months from the first known or planned one to the end of the plan."""
        known = {point.month: point for point in self.points}
        foretold = {} if self.forecast is None else {point.month: point for point in self.forecast.points}
        return [
            OutlookRow(month, known.get(month), self.plan.planned(month) if self.plan else None, foretold.get(month))
            for month in self._months()
        ]

    def chart(self) -> Markup:
        """Returns the chart of the paperless share: as it was, as planned, and the forecast's band."""
        rows = self.rows()
        known = [row.figures.paperless_rate if row.figures else None for row in rows]
        last = max((index for index, value in enumerate(known) if value is not None), default=-1)
        low, high = ([getattr(row.forecast, end) if row.forecast else None for row in rows] for end in ("low", "high"))
        if 0 <= last < len(rows) - 1 and low[last + 1] is not None:
            low[last] = high[last] = known[last]  # the band begins where the curve ends
        planned = Series(say("plan"), [row.planned for row in rows], "second")
        curves = [Series(say("sans papier"), known), *([planned] if self.plan else [])]
        labels = [spell_month(row.month, language(), short=True) for row in rows]
        band = Range(say("prévision"), low, high)
        return lines(say("Part des contrats sans papier"), labels, curves, _percent, foretold=band)

    def standing(self) -> str:
        """Returns how the last month that ended stands against the plan; "" where there is none to compare."""
        point = next((each for each in reversed(self.points) if each.month < self.this_month), None)
        planned = self.plan.planned(point.month) if self.plan and point else None
        if point is None or point.paperless_rate is None or planned is None:
            return ""
        told = {
            "month": spell_month(point.month, language()), "share": _percent(point.paperless_rate),
            "plan": _percent(planned),
        }  # fmt: skip
        off = point.paperless_rate - planned
        if abs(off) < _AS_PLANNED:
            return say("Fin {month} : {share} sans papier, comme prévu par le plan.", **told)
        if off < 0:
            return say("Fin {month} : {share} sans papier, moins que les {plan} du plan.", **told)
        return say("Fin {month} : {share} sans papier, plus que les {plan} du plan.", **told)

    def ahead(self) -> str:
        """Returns where the forecast leads, and whether the target is within it; "" without a forecast."""
        end = self._months()[-1] if self.points or self.plan else None
        point = self.forecast.at(end) if self.forecast and end else None
        if point is None:
            return ""
        told = say(
            "Au rythme d’aujourd’hui, entre {low} et {high} fin {month}.",
            low=_percent(point.low), high=_percent(point.high), month=spell_month(point.month, language()),
        )  # fmt: skip
        return f"{told} {self._target_within(point)}".rstrip()

    def plan_in_words(self) -> str:
        """Returns from where to where the plan leads, and when; "" without one."""
        if self.plan is None:
            return ""
        return say(
            "De {begin} à {target} des contrats sans papier, entre {start} et {end}.",
            begin=_percent(float(self.plan.begins_at)), target=_percent(float(self.plan.target)),
            start=spell_month(self.plan.start, language()), end=spell_month(self.plan.end, language()),
        )  # fmt: skip

    def why_no_forecast(self) -> str:
        """Returns why there is no forecast; "" where there is one."""
        reason = why_no_forecast(self.forecast)
        return _sentence(reason_text(reason.code, reason.values, language()))

    def assumptions(self) -> list[str]:
        """Returns what the forecast assumes; nothing without one."""
        if self.forecast is None or not self.forecast.points:
            return []
        return [_sentence(reason_text(each.code, each.values, language())) for each in assumptions(self.forecast)]

    def _target_within(self, point: ForecastPoint) -> str:
        if self.plan is None or point.month != self.plan.end:
            return ""
        target = float(self.plan.target)
        if target > point.high:
            return say("La cible de {share} demande davantage.", share=_percent(target))
        if target < point.low:
            return say("La cible de {share} serait dépassée.", share=_percent(target))
        return say("La cible de {share} est dans la prévision.", share=_percent(target))

    def _months(self) -> list[date]:
        bounds = [point.month for point in self.points]
        if self.plan is not None:
            bounds += [self.plan.start, self.plan.end]
        elif self.forecast is not None and self.forecast.points:
            bounds.append(earlier(max(bounds), -_AHEAD))
        if not bounds:
            return []
        first, end = min(bounds), max(bounds)
        count = (end.year - first.year) * 12 + end.month - first.month + 1
        return [earlier(end, n) for n in reversed(range(min(count, _MOST_MONTHS)))]


def _percent(share: float) -> str:
    return percent(share, language())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
