"""Days that two bills of one contract both cover, or that none of them does."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

#: Bills write the last day of their period as its end, or the day after it: one shared day says nothing.
_MOST_SHARED_BY_HABIT: Final = 1
_DAY: Final = timedelta(days=1)


class CoveredDays(NamedTuple):
    """Days, the first and the last included."""

    start: date
    end: date

    @property
    def length(self) -> int:
        return (self.end - self.start).days + 1


def days_shared(days: CoveredDays, others: Iterable[CoveredDays]) -> CoveredDays | None:
    """The days that one of *others* covers too, the latest such; None if there are none, or a single day at the end,
    which is a way of writing."""
    shared = [CoveredDays(max(days.start, each.start), min(days.end, each.end)) for each in others]
    return max((each for each in shared if each.length > _MOST_SHARED_BY_HABIT), default=None)


def days_between(days: CoveredDays, earlier: Iterable[CoveredDays]) -> CoveredDays | None:
    """The days right before *days* that no earlier bill covers; None if there are none, or no earlier bill."""
    ends = [each.end for each in earlier if each.start < days.start]
    missing = CoveredDays(max(ends) + _DAY, days.start - _DAY) if ends else None
    return missing if missing is not None and missing.length > 0 else None
