"""A hold reason: why a feed that was read to its end waits for a named person."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from bill import Finding, Value, warning

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


class HoldReason(NamedTuple):
    """One reason in two forms: *words* in French, stored as the feed's reason; *sentence* with *values* for the
    report."""

    rule: str
    words: str
    sentence: str
    values: Mapping[str, Value] = _NOTHING

    def finding(self, place: str) -> Finding:
        """The reason as a finding of the report: a warning, since no item is refused for it."""
        return warning(self.rule, self.sentence, place, **self.values)


def hold_reasons_text(reasons: Sequence[HoldReason]) -> str:
    """The reasons as the feed's reason text, one a line."""
    return "\n".join(reason.words for reason in reasons)
