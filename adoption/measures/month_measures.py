"""The measures of each month of many issuers, each at its own prices."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from adoption.calendar_months import later
from adoption.costs.ledger import LedgerPrices, prices_of
from adoption.measures.daily_facts import values_of_days
from adoption.measures.registry import MEASURES
from issuers.registry import profile_of
from store.issuer import Issuer


def prices_of_issuers(issuers: Iterable[Issuer]) -> dict[int, LedgerPrices]:
    """The prices of each issuer, by id."""
    return {issuer.id: prices_of(profile_of(issuer)) for issuer in issuers}


def measures_of_month(
    session: Session, issuers: Mapping[int, LedgerPrices], month: date
) -> dict[int, dict[str, Decimal | None]]:
    """All measures of these issuers in the month that begins on this day, by issuer and code: of the bills issued and
    what was done in it, of contracts as they stand at its end."""
    return values_of_days(session, issuers, month, later(month) - timedelta(days=1), list(MEASURES))


def plain(values: Mapping[str, Decimal | None]) -> dict[str, float | int | None]:
    """Measures as JSON numbers, whole where they are whole."""
    return {code: None if value is None else plain_number(value) for code, value in values.items()}


def plain_number(value: Decimal) -> float | int:
    """A measure as a JSON number, whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
