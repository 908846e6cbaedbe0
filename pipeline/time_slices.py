"""Turns: work too long for one turn (a feed of a million bills, a lot of ten thousand letters) is done a little at a
time, and others have theirs in between."""

import time
from collections import deque
from collections.abc import Iterator


class TimeSlices:
    """Pieces of work under way, by whom they are for (an issuer, a batch); each yields where it may be left."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._under_way: deque[tuple[int, Iterator[None]]] = deque()
        self._is_closed = False  # what is under way is to be alone

    @property
    def has_room(self) -> bool:
        return not self._under_way or (not self._is_closed and len(self._under_way) < self._most)

    @property
    def served(self) -> list[int]:
        """Whom there is work under way for."""
        return [whom for whom, _ in self._under_way]

    def begin(self, whom: int, work: Iterator[None], *, alone: bool = False) -> None:
        """Work that has its first turn before those that have had one. Until work that is to be *alone* has ended,
        there is room for no other."""
        self._under_way.appendleft((whom, work))
        self._is_closed = alone

    def turn(self) -> bool:
        """Go on with the work whose turn it is, to its end or for some seconds; False when there is none."""
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
        """Break all of it off: what it holds is given back, to be begun anew."""
        while self._under_way:
            _, work = self._under_way.popleft()
            work.close()  # type: ignore[attr-defined]
