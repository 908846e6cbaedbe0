"""Public holidays in France and its regions, from the library `holidays`."""

from datetime import MAXYEAR, date
from functools import cache

from holidays.countries.france import France


class _France(France):
    """France without the library's last year (2100): its Easter rule holds for any year."""

    end_year = MAXYEAR


@cache
def public_holidays(year: int, region: str = "") -> frozenset[date]:
    """Return the public holidays of a year in a region (`french_region`); "" is the rest of France."""
    return frozenset(_France(years=year, subdiv=region or None))  # type: ignore[no-untyped-call]
