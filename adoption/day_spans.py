"""Arithmetic of spans of days: pairs of ordinals, from the first day up to, but without, the second. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

#: `date.toordinal()`.
Day = int
Span = tuple[Day, Day]

#: Before every day that is counted, and after it.
EVER: Final = 1
NEVER: Final = 3_652_059


def joined(spans: Iterable[Span]) -> list[Span]:
    """Merge spans that touch or overlap, sorted; empty ones are dropped."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def without(span: Span, holes: Iterable[Span]) -> list[Span]:
    """The parts of a span outside *holes*, which are sorted and do not overlap."""
    (start, end), left = span, []
    for opens, closes in holes:
        left.append((start, min(opens, end)))
        start = max(start, closes)
    return joined([*left, (start, end)])


def both(some: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """The days that lie in one of the spans of each list."""
    return joined((max(a, c), min(b, d)) for a, b in some for c, d in others)


def holds(spans: Sequence[Span], day: Day) -> bool:
    """Whether one of these spans has this day in it."""
    return any(start <= day < end for start, end in spans)


def span_with(spans: Sequence[Span], day: Day) -> Span | None:
    """The span that has this day in it; None if none has."""
    return next((span for span in spans if span[0] <= day < span[1]), None)


def open_ended(spans: Sequence[Span], day: Day) -> list[Span]:
    """These spans, of which the one with this day in it has no end, and swallows those after it."""
    return joined((start, NEVER if start <= day < end else end) for start, end in spans)


def edges(spans: Iterable[Span]) -> set[Day]:
    """The days on which something begins or ends."""
    return {day for span in spans for day in span}


def shared_by(spans: Iterable[Span], at_least: int) -> list[Span]:
    """The days that lie in *at_least* of these spans or more."""
    changes = sorted(change for start, end in spans for change in ((start, 1), (end, -1)))
    found: list[Span] = []
    depth, since = 0, EVER
    for day, change in changes:
        before, depth = depth, depth + change
        if before < at_least <= depth:
            since = day
        elif depth < at_least <= before:
            found.append((since, day))
    return joined(found)
