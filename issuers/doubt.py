"""A doubt: why a feed that was read to its end is not released without a named person."""

from collections.abc import Sequence
from typing import NamedTuple

from bill import Finding, warning


class Doubt(NamedTuple):
    """The same twice: *words* in French for whoever decides, *message* in English beside all the report's findings."""

    rule: str
    words: str
    message: str

    def finding(self, place: str) -> Finding:
        """As the report says it: a warning, since no item is refused for it."""
        return warning(self.rule, self.message, place)


def spell_doubts(doubts: Sequence[Doubt]) -> str:
    """All of them as the feed's reason, a line each."""
    return "\n".join(doubt.words for doubt in doubts)
