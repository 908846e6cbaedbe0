"""Adoption figures as series by issuer and month, for the page, the API and the command line."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct, structs
from sqlalchemy.orm import Session

from store.facts.monthly_fact import facts
from store.issuer import all_issuers

#: The slug of the points of all issuers together.
ALL_ISSUERS: Final = ""


class MonthFigures(Struct, frozen=True, kw_only=True):
    """An issuer's figures of one month, as `adoption.monthly_facts` defines them. *issuer* is its slug, *month* the
    first day."""

    issuer: str
    month: date
    accounts: int = 0
    enrolled: int = 0
    paperless: int = 0
    bills: int = 0
    presented: int = 0
    read7: int = 0
    letters: int = 0
    fallbacks: int = 0
    letters_saved: int = 0
    bounced: int = 0

    @property
    def enrolled_rate(self) -> float | None:
        """Enrolled of active accounts, 0 to 1; None without accounts."""
        return _share(self.enrolled, self.accounts)

    @property
    def paperless_rate(self) -> float | None:
        """Adoption: paperless of active accounts, 0 to 1; None without accounts."""
        return _share(self.paperless, self.accounts)

    @property
    def read7_rate(self) -> float | None:
        """Read within seven days of the bills presented, 0 to 1; None without any."""
        return _share(self.read7, self.presented)

    @property
    def letters_saved_rate(self) -> float | None:
        """Bills without a letter of all bills, 0 to 1; None without bills."""
        return _share(self.letters_saved, self.bills)


def adoption_curves(session: Session, issuer_ids: Iterable[int] | None = None) -> list[MonthFigures]:
    """Return the points of these issuers (None: all), sorted by the issuer's slug, then by month."""
    slugs = {issuer.id: issuer.slug for issuer in all_issuers(session)}
    known = facts(session, issuer_ids).items()
    points = [MonthFigures(issuer=slugs[issuer_id], month=month, **values) for (issuer_id, month), values in known]
    return sorted(points, key=lambda point: (point.issuer, point.month))


def together(points: Iterable[MonthFigures]) -> list[MonthFigures]:
    """Return the points of all these issuers added up by month."""
    months: dict[date, list[MonthFigures]] = defaultdict(list)
    for point in points:
        months[point.month].append(point)
    return [_sum(month, months[month]) for month in sorted(months)]


def as_json(point: MonthFigures) -> dict[str, Any]:
    """Return the object of `facteur adoption --json` and the API: the month as `2026-03`, rates to four places."""
    rates = ("enrolled_rate", "paperless_rate", "read7_rate", "letters_saved_rate")
    known: dict[str, Any] = structs.asdict(point) | {"month": f"{point.month:%Y-%m}"}
    for rate in rates:
        value = getattr(point, rate)
        known[rate] = None if value is None else round(value, 4)
    return known


def _sum(month: date, points: Sequence[MonthFigures]) -> MonthFigures:
    totals: dict[str, int] = defaultdict(int)
    for point in points:
        for measure, value in structs.asdict(point).items():
            if isinstance(value, int):
                totals[measure] += value
    return MonthFigures(issuer=ALL_ISSUERS, month=month, **totals)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
