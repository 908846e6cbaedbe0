"""Computes in which months an account becomes or stops being active, enrolled and paperless. Pure.

In: the months of its bills, its enrolments and consents. Out: its changes from month to month. They reach into the
future: an account becomes inactive thirteen months after its last bill without any new row.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

import msgspec

#: A yearly bill that comes a few weeks late does not close an account.
ACTIVE_MONTHS: Final = 13

#: Months since year 0.
Month = int


class Hold(NamedTuple):
    """A time during which somebody held the account; *until* None: still does."""

    since: datetime
    until: datetime | None


class ConsentAct(NamedTuple):
    """A consent (`paperless`) or its withdrawal; the higher *n* of two at one moment is the later."""

    at: datetime
    n: int
    act: str


class AccountMonthChange(NamedTuple):
    """The change of an account's figures from this month on, each -1, 0 or 1."""

    month: Month
    accounts: int
    enrolled: int
    paperless: int

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.month // 12, self.month % 12 + 1, 1)


def steps_of(
    billed: Iterable[date], holds: Iterable[Hold], acts: Iterable[ConsentAct], zone: tzinfo
) -> list[AccountMonthChange]:
    """Return an account's changes. *billed* are the first days of the months with bills; each month counts as it stood
    at its end, midnight in *zone*."""
    active = _joined((month, month + ACTIVE_MONTHS) for month in (day.year * 12 + day.month - 1 for day in billed))
    if not active:
        return []
    held = _joined((_month(hold.since, zone), _end_of(hold, zone)) for hold in holds)
    paperless = _paperless(acts, zone)
    spans = (active, _both(active, held), _both(active, paperless))
    changes = [_changes(each) for each in spans]
    months = sorted({month for change in changes for month in change})
    return [AccountMonthChange(month, *(change[month] for change in changes)) for month in months if month < _NEVER]


def pack_steps(steps: Sequence[AccountMonthChange]) -> bytes:
    """Encode changes as MessagePack; the same changes give the same bytes."""
    return _encoder.encode(steps)


def unpack_steps(content: bytes) -> list[AccountMonthChange]:
    """Decode what `pack_steps` encoded."""
    return [AccountMonthChange(*each) for each in _decoder.decode(content)]


#: From the first month up to, but without, the second.
_Span = tuple[Month, Month]

_NEVER: Final = 9999 * 12
_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(list[tuple[int, int, int, int]])


def _month(at: datetime, zone: tzinfo) -> Month:
    local = at.astimezone(zone)
    return local.year * 12 + local.month - 1


def _end_of(hold: Hold, zone: tzinfo) -> Month:
    """The first month at whose end the account was no longer held."""
    return _NEVER if hold.until is None else _month(hold.until, zone)


def _paperless(acts: Iterable[ConsentAct], zone: tzinfo) -> list[_Span]:
    """The months at whose end the last consent was `paperless`."""
    ordered = sorted(acts)
    ends = [_month(act.at, zone) for act in ordered[1:]] + [_NEVER]
    return (
        _joined((_month(act.at, zone), end) for act, end in zip(ordered, ends, strict=True) if act.act == "paperless")
        if ordered
        else []
    )


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """Merge spans that touch or overlap, sorted; empty ones are dropped."""
    joined: list[_Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _both(some: Sequence[_Span], others: Sequence[_Span]) -> list[_Span]:
    """The intersection of two lists of spans."""
    return _joined((max(a, c), min(b, d)) for a, b in some for c, d in others)


def _changes(spans: Iterable[_Span]) -> Counter[Month]:
    changes: Counter[Month] = Counter()
    for start, end in spans:
        changes[start] += 1
        changes[end] -= 1
    return changes
