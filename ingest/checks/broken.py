"""A broken rule, before it is known how grave that is."""

from typing import NamedTuple


class Broken(NamedTuple):
    """The official id (or ours), what is wrong in our words, and the terms at fault."""

    rule: str
    message: str
    place: str
