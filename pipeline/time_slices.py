"""Time slices for long work: a feed of a million bills, or a batch of ten thousand letters, is done some seconds at a
time, in turn with other work of its kind."""

import time
from collections import deque
from collections.abc import Iterator
from contextvars import Context, copy_context


class TimeSlices:
    """Up to *most* works under way, each a generator that yields where it may be interrupted, and each known by the id
    of its issuer or batch. One slice lasts *seconds*, and ends at the next yield. What a work sets in its context, such
    as the ids of its lines in the log, is its own."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._under_way: deque[tuple[int, Iterator[None], Context]] = deque()
        self._is_closed = False  # what is under way is to be alone
        self.had_turn: set[int] = set()  # ids passed over until the others who wait had a turn, where a caller asks

    @property
    def has_room(self) -> bool:
        """Whether another work may begin."""
        return not self._under_way or (not self._is_closed and len(self._under_way) < self._most)

    @property
    def is_under_way(self) -> bool:
        """Whether any work is under way."""
        return bool(self._under_way)

    @property
    def served(self) -> list[int]:
        """The ids that have work under way."""
        return [whom for whom, _, _ in self._under_way]

    def begin(self, whom: int, work: Iterator[None], *, alone: bool = False) -> None:
        """Add a work; it has the next slice. While a work that is to be *alone* is under way, no other may begin."""
        self._under_way.appendleft((whom, work, copy_context()))
        self._is_closed = alone

    def turn(self) -> bool:
        """Go on with the next work for one slice, or to its end. Returns False when no work is under way."""
        if not self._under_way:
            return False
        whom, work, context = self._under_way.popleft()
        if context.run(self._go_on, work):
            self._under_way.append((whom, work, context))
        return True

    def _go_on(self, work: Iterator[None]) -> bool:
        """Returns whether anything of the work is left after its slice."""
        until = time.monotonic() + self._seconds
        return any(time.monotonic() > until for _ in work)

    def stop(self) -> None:
        """Close all works under way: they give back what they hold, and will be begun anew."""
        while self._under_way:
            _, work, context = self._under_way.popleft()
            context.run(work.close)  # type: ignore[attr-defined]
