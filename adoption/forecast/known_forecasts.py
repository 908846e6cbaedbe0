"""The kept forecasts of issuers, for pages and programs: nothing is fitted here."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from adoption.forecast.forecast import Forecast, unpack_forecast
from store.adoption_plans.kept_forecast import kept_forecasts


def known_forecasts(session: Session, issuer_ids: Collection[int]) -> dict[int, Forecast]:
    """Return the kept forecast of each of these issuers; those without one yet are absent."""
    return {each: unpack_forecast(content) for each, content in kept_forecasts(session, issuer_ids).items()}
