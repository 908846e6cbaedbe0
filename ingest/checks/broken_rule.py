"""A broken rule, before it is known how grave that is."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from bill import Finding, Value

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


class BrokenRule(NamedTuple):
    """The official id (or ours), what is wrong in our words, the terms at fault, and what stands in the blanks."""

    rule: str
    sentence: str
    place: str
    values: Mapping[str, Value] = _NOTHING

    def told(self, tell: Callable[..., Finding]) -> Finding:
        """As grave as *tell* (`fatal`, `warning`) says."""
        return tell(self.rule, self.sentence, self.place, **self.values)
