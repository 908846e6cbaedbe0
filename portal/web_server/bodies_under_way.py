"""Counts the request bodies that are under way, by whose they are."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock


class BodiesUnderWay:
    """How many bodies are being received or worked on, by a name of whom they come from. Safe in several threads."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def begin(self, most: Mapping[str, int]) -> bool:
        """Count a body under each name, unless one of them has its most already: then count none, return False."""
        with self._lock:
            if any(self._counts[name] >= limit for name, limit in most.items()):
                return False
            self._counts.update(most.keys())
        return True

    def end(self, names: tuple[str, ...]) -> None:
        """Uncount a body that has ended."""
        with self._lock:
            for name in names:
                self._counts[name] -= 1
                if not self._counts[name]:
                    del self._counts[name]

    def count(self, name: str) -> int:
        """Returns how many bodies of this name are under way."""
        return self._counts[name]
