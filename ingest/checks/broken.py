"""A broken rule, before it is known how grave that is."""

from typing import NamedTuple

from bill import Severity


class Broken(NamedTuple):
    """The official id (or ours), what is wrong in our words, the terms at fault, and how grave that is officially."""

    rule: str
    message: str
    place: str
    severity: Severity = "fatal"
