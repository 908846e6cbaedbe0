"""Makes the forecasts again whose months have changed, one issuer after the other, and keeps them."""

from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from adoption.adoption_curves import MonthFigures, adoption_curves
from adoption.forecast.forecast import pack_forecast
from adoption.forecast.make_forecast import VERSION, make_forecast
from adoption.forecast.share_history import MonthShare, digest_of, share_history
from adoption.monthly_facts import PARIS, month_of
from store import Store
from store.adoption_plans.kept_forecast import forecast_digests, keep_forecast
from store.issuer import all_issuers


def refresh_forecasts(store: Store, now: datetime, zone: tzinfo = PARIS) -> bool:
    """Make the forecast of the first issuer whose months differ from those it was made from. Returns True when another
    waits: call again. The work is done between two transactions; of two workers at once the later one writes the same
    again."""
    with store.reading() as session:
        waiting = _outdated(session, month_of(now, zone))
    if not waiting:
        return False
    issuer_id, history = waiting[0]
    forecast = make_forecast(history)
    with store.writing() as session:
        keep_forecast(session, issuer_id, digest_of(history, VERSION), pack_forecast(forecast), now)
    return len(waiting) > 1


def _outdated(session: Session, this_month: date) -> list[tuple[int, list[MonthShare]]]:
    """The issuers whose forecast is of other months, with the months of each."""
    points: dict[str, list[MonthFigures]] = {}
    for point in adoption_curves(session):
        points.setdefault(point.issuer, []).append(point)
    kept = forecast_digests(session)
    histories = [(each.id, share_history(points.get(each.slug, []), this_month)) for each in all_issuers(session)]
    return [
        (issuer_id, history) for issuer_id, history in histories if kept.get(issuer_id) != digest_of(history, VERSION)
    ]
