"""Finds names that several members of an archive have, in eight bytes a name."""

from array import array
from itertools import pairwise


class RepeatedNames:
    """The names of an archive's members: all are added in a first pass, and asked for in a second."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._repeated: frozenset[int] | None = None
        self._met: set[str] = set()

    def add(self, name: str) -> None:
        """Add the name of a member."""
        self._hashes.append(hash(name))

    def is_met_again(self, name: str) -> bool:
        """Return whether this call is not the first one for this name."""
        if self._repeated is None:
            self._repeated = frozenset(one for one, other in pairwise(sorted(self._hashes)) if one == other)
            self._hashes = array("q")
        if hash(name) not in self._repeated:
            return False
        is_met = name in self._met
        self._met.add(name)
        return is_met
