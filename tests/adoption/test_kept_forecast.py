"""A kept forecast is made again when its months change."""

from sqlalchemy.orm import Session

from adoption.calendar_months import earlier
from adoption.forecast.forecast import HORIZON
from adoption.forecast.known_forecasts import known_forecasts
from adoption.forecast.refresh_forecasts import refresh_forecasts
from store import Store
from store.facts.monthly_fact import FactCount, FactStep
from tests.adoption.sample_accounts import World, moment
from tests.adoption.simulated_issuers import FIVE, keep_months


def test_a_forecast_is_made_again_when_its_months_change(store: Store, session: Session) -> None:
    history = FIVE["insurance, a bill a year"].history()[:14]
    world = World(session)
    eaux, mobile = world.issuer("eaux"), world.issuer("mobile")
    this_month = earlier(history[-1].month, -1)
    session.add(FactCount(id=1, time_zone="Europe/Paris", is_full=True, month=this_month))
    keep_months(session, eaux.id, history)
    session.commit()
    now = moment(this_month)
    assert refresh_forecasts(store, now) is True, "one issuer a turn"
    assert refresh_forecasts(store, now) is False
    known = known_forecasts(session, [eaux.id, mobile.id])
    assert (known[eaux.id].months, len(known[eaux.id].points)) == (14, HORIZON)
    assert known[mobile.id].why_not == "too_few_months"

    session.add(FactStep(issuer_id=eaux.id, month=this_month, measure="paperless", value=400))
    session.commit()
    refresh_forecasts(store, now)
    session.expire_all()
    assert known_forecasts(session, [eaux.id]) == {eaux.id: known[eaux.id]}, "this month has not ended"
    session.commit()
    refresh_forecasts(store, moment(earlier(this_month, -1)))
    assert known_forecasts(session, [eaux.id])[eaux.id].months == 15
