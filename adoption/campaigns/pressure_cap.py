"""How often one household may be invited, whoever its issuers are. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

#: At most one invitation in so many days, and so many in a year; a campaign may be stricter, never laxer.
CAP_DAYS: Final = 60
CAP_YEAR: Final = 3
_YEAR: Final = timedelta(days=365)


class PressureCap(NamedTuple):
    """At most one invitation in *days* days, and *year* in a year."""

    days: int = CAP_DAYS
    year: int = CAP_YEAR

    def free_on(self, moments: Collection[datetime], now: datetime) -> date | None:
        """The day from which a household that was invited at these moments may be invited again; None if it may
        now."""
        free = []
        if moments and (soon := max(moments) + timedelta(days=self.days)) > now:
            free.append(soon)
        within = sorted(each for each in moments if each > now - _YEAR)
        if len(within) >= self.year:
            free.append(within[-self.year] + _YEAR)
        return max(free).date() + timedelta(days=1) if free else None


def looked_back(cap: PressureCap) -> timedelta:
    """How far back invitations count."""
    return max(_YEAR, timedelta(days=cap.days))
