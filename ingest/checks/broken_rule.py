"""A broken rule, before the profile decides whether it is fatal or a warning."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from bill import Finding, Value

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


class BrokenRule(NamedTuple):
    """The rule's id (official or ours), the fault in words, the terms at fault (BT numbers or a line), and the values
    for the placeholders."""

    rule: str
    sentence: str
    place: str
    values: Mapping[str, Value] = _NOTHING

    def as_finding(self, tell: Callable[..., Finding]) -> Finding:
        """Return the finding, with the severity of *tell* (`fatal` or `warning`)."""
        return tell(self.rule, self.sentence, self.place, **self.values)
