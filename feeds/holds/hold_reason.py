"""A hold reason: why a feed that was read to its end waits for a named person."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from bill import Finding, Value, warning

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


class HoldReason(NamedTuple):
    """The same twice: *words* in French, kept as the feed's reason; *sentence* with its *values* for the report."""

    rule: str
    words: str
    sentence: str
    values: Mapping[str, Value] = _NOTHING

    def finding(self, place: str) -> Finding:
        """As the report says it: a warning, since no item is refused for it."""
        return warning(self.rule, self.sentence, place, **self.values)


def hold_reasons_text(doubts: Sequence[HoldReason]) -> str:
    """All of them as the feed's reason, a line each."""
    return "\n".join(doubt.words for doubt in doubts)
