"""Cohorts: of the accounts that were first claimed in one month, how many are still held, do without paper, and are
read, some months after the claim."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple, get_args

from sqlalchemy.orm import Session

from adoption.calendar_months import later
from adoption.journeys.journey import AGES, BILLED, ENROLLED, PAPERLESS, READING, bit
from delivery.relationship.months_after import months_after
from store.facts.account_journey import Stood, stood

#: What a cohort is looked at for.
CohortLook = Literal["enrolled", "paperless", "reading"]
COHORT_LOOKS: Final[tuple[CohortLook, ...]] = get_args(CohortLook)
#: The bit of each look, and that of those who are looked at (None: all).
_BITS: Final[dict[CohortLook, tuple[int, int | None]]] = {
    "enrolled": (ENROLLED, None), "paperless": (PAPERLESS, None), "reading": (READING, BILLED),
}  # fmt: skip


class StillSo(NamedTuple):
    """How many of how many."""

    number: int
    of: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where there is nobody to look at."""
        return self.number / self.of if self.of else None


class Cohort(NamedTuple):
    """The accounts that were first claimed in one month: how many, and how many of them stood so at each age, by look
    and age. An age that not all of them have reached is left out."""

    claimed: date
    number: int
    stood: Mapping[tuple[CohortLook, int], StillSo]


def cohorts(session: Session, issuer_ids: Collection[int], first: date, last: date, today: date) -> list[Cohort]:
    """The cohorts of the months from *first* to *last* that are not empty, newest first."""
    return cohorts_of(stood(session, issuer_ids, first, last), today)


def cohorts_of(counts: Collection[Stood], today: date) -> list[Cohort]:
    """The cohorts of these counts."""
    by_month: dict[date, list[Stood]] = defaultdict(list)
    for each in counts:
        by_month[each.claimed].append(each)
    return [_cohort(month, by_month[month], today) for month in sorted(by_month, reverse=True)]


def has_reached(claimed: date, age: int, today: date) -> bool:
    """Whether all accounts claimed in this month have reached this age."""
    return months_after(later(claimed) - timedelta(days=1), age) < today


def look_bits(look: CohortLook, age: int) -> tuple[int, int]:
    """The bits that an account has which stands so at this age, and those it has that is looked at."""
    so, among = _BITS[look]
    return bit(age, so), 0 if among is None else bit(age, among)


def _cohort(claimed: date, counts: Collection[Stood], today: date) -> Cohort:
    found: dict[tuple[CohortLook, int], StillSo] = {}
    for age in AGES:
        if has_reached(claimed, age, today):
            for look in COHORT_LOOKS:
                so, among = look_bits(look, age)
                number = sum(each.number for each in counts if each.held & so)
                of = sum(each.number for each in counts if not among or each.held & among)
                found[look, age] = StillSo(number, of)
    return Cohort(claimed, sum(each.number for each in counts), found)
