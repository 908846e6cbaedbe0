"""Time slices for long work: a feed of a million bills, or a batch of ten thousand letters, is done some seconds at a
time, in turn with other work of its kind."""

import time
from collections import deque
from collections.abc import Iterator


class TimeSlices:
    """Up to *most* works under way, each a generator that yields where it may be interrupted, and each known by the id
    of its issuer or batch. One slice lasts *seconds*, and ends at the next yield."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._under_way: deque[tuple[int, Iterator[None]]] = deque()
        self._is_closed = False  # what is under way is to be alone
        self.had_turn: set[int] = set()  # ids passed over until the others who wait had a turn, where a caller asks

    @property
    def has_room(self) -> bool:
        """Whether another work may begin."""
        return not self._under_way or (not self._is_closed and len(self._under_way) < self._most)

    @property
    def served(self) -> list[int]:
        """The ids that have work under way."""
        return [whom for whom, _ in self._under_way]

    def begin(self, whom: int, work: Iterator[None], *, alone: bool = False) -> None:
        """Add a work; it has the next slice. While a work that is to be *alone* is under way, no other may begin."""
        self._under_way.appendleft((whom, work))
        self._is_closed = alone

    def turn(self) -> bool:
        """Go on with the next work for one slice, or to its end. Returns False when no work is under way."""
        if not self._under_way:
            return False
        whom, work = self._under_way.popleft()
        until = time.monotonic() + self._seconds
        for _ in work:
            if time.monotonic() > until:
                self._under_way.append((whom, work))
                break
        return True

    def stop(self) -> None:
        """Close all works under way: they give back what they hold, and will be begun anew."""
        while self._under_way:
            _, work = self._under_way.popleft()
            work.close()  # type: ignore[attr-defined]
