"""Adoption with everything that its pages can show: counted months, a plan, and a forecast that nobody fitted."""

from datetime import UTC, datetime

from adoption.calendar_months import earlier
from adoption.forecast.forecast import (
    HORIZON,
    BackTest,
    BassParameters,
    Forecast,
    ForecastPoint,
    pack_forecast,
)
from adoption.plans.set_plan import set_plan
from adoption.plans.typed_plan import typed_plan
from store import Store
from store.adoption_plans.kept_forecast import keep_forecast
from store.facts.monthly_fact import locked_fact_count
from store.issuer import Issuer
from tests.adoption.simulated_issuers import FIVE, keep_months

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def plan_adoption(store: Store, issuer: Issuer) -> None:
    """The last thirteen months of the issuer before March 2026, a plan from the first of them, and a forecast."""
    history = [
        each._replace(month=earlier(NOW.date().replace(day=1), 13 - n))
        for n, each in enumerate(FIVE["insurance, a bill a year"].history()[:13])
    ]
    last, ended = history[-1].month, history[-1].share
    points = tuple(
        ForecastPoint(earlier(last, -n), ended + n / 400, ended + n / 500, ended + n / 300)
        for n in range(1, HORIZON + 1)
    )
    forecast = Forecast(
        months=13, first=history[0].month, last=last, began=history[0].share, ended=ended, points=points, histories=120,
        parameters=BassParameters(0.01, 0.1, 0.6), back_test=BackTest(6, 7, 0.012, 0.9),
    )  # fmt: skip
    with store.writing() as session:
        count = locked_fact_count(session, "Europe/Paris")
        count.is_full, count.month = True, earlier(last, -1)
        keep_months(session, issuer.id, history, bills_every=3)
        plan = typed_plan(f"{history[0].month:%Y-%m}", "48", "10", "60", {12: "20"})
        set_plan(session, issuer, plan, "mina@facteur.example", "", NOW, base=0)
        keep_forecast(session, issuer.id, "made up", pack_forecast(forecast), NOW)
