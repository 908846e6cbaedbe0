"""Public holidays in France, by the library `holidays`."""

from datetime import MAXYEAR, date
from functools import cache

from holidays.countries.france import France


class _France(France):
    """Years without end: the library stops at 2100, though it reckons Easter for any year."""

    end_year = MAXYEAR


@cache
def public_holidays(year: int, region: str = "") -> frozenset[date]:
    """The public holidays of a year in a region (`delivery.french_region`); "" is the rest of France."""
    return frozenset(_France(years=year, subdiv=region or None))  # type: ignore[no-untyped-call]
