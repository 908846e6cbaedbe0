"""Accounts over the months, each as its steps: how its figures differ from those of the month before.

Pure: the months of its bills, its enrolments and consents in; steps out. The future is known as far as the rows say
it: thirteen months after its last bill an account is closed, without anybody doing anything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

import msgspec

#: A yearly bill that comes a few weeks late does not close an account.
ACTIVE_MONTHS: Final = 13

#: Months are counted here from year 0.
Month = int


class Hold(NamedTuple):
    """Somebody held the account from one moment to another; None: still does."""

    since: datetime
    until: datetime | None


class Act(NamedTuple):
    """A consent (`paperless`) or its withdrawal; *n* tells which of two at one moment was the later."""

    at: datetime
    n: int
    act: str


class Step(NamedTuple):
    """From this month on, so many more or fewer, each of 1 at most."""

    month: Month
    accounts: int
    enrolled: int
    paperless: int

    @property
    def first_day(self) -> date:
        return date(self.month // 12, self.month % 12 + 1, 1)


def steps_of(billed: Iterable[date], holds: Iterable[Hold], acts: Iterable[Act], zone: tzinfo) -> list[Step]:
    """An account with bills in these months (their first days), held and consented to like this, each month as it
    stood when it ended in *zone*."""
    active = _joined((month, month + ACTIVE_MONTHS) for month in (day.year * 12 + day.month - 1 for day in billed))
    if not active:
        return []
    held = _joined((_month(hold.since, zone), _end_of(hold, zone)) for hold in holds)
    paperless = _paperless(acts, zone)
    spans = (active, _both(active, held), _both(active, paperless))
    changes = [_changes(each) for each in spans]
    months = sorted({month for change in changes for month in change})
    return [Step(month, *(change[month] for change in changes)) for month in months if month < _NEVER]


def pack_steps(steps: Sequence[Step]) -> bytes:
    """Steps in a few bytes, the same for the same steps."""
    return _encoder.encode(steps)


def unpack_steps(content: bytes) -> list[Step]:
    return [Step(*each) for each in _decoder.decode(content)]


#: From a month to before another.
_Span = tuple[Month, Month]

_NEVER: Final = 9999 * 12
_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(list[tuple[int, int, int, int]])


def _month(at: datetime, zone: tzinfo) -> Month:
    local = at.astimezone(zone)
    return local.year * 12 + local.month - 1


def _end_of(hold: Hold, zone: tzinfo) -> Month:
    """The first month that did not end with the account still held."""
    return _NEVER if hold.until is None else _month(hold.until, zone)


def _paperless(acts: Iterable[Act], zone: tzinfo) -> list[_Span]:
    """The last act before a month's end is what counts."""
    ordered = sorted(acts)
    ends = [_month(act.at, zone) for act in ordered[1:]] + [_NEVER]
    return (
        _joined((_month(act.at, zone), end) for act, end in zip(ordered, ends, strict=True) if act.act == "paperless")
        if ordered
        else []
    )


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """Spans put together where they touch, in their order; empty ones are nothing."""
    joined: list[_Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _both(some: Sequence[_Span], others: Sequence[_Span]) -> list[_Span]:
    """Where both are."""
    return _joined((max(a, c), min(b, d)) for a, b in some for c, d in others)


def _changes(spans: Iterable[_Span]) -> Counter[Month]:
    changes: Counter[Month] = Counter()
    for start, end in spans:
        changes[start] += 1
        changes[end] -= 1
    return changes
