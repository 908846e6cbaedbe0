"""How many connections there may be, and which one gives its place to a new one."""

from collections import Counter
from collections.abc import Collection
from typing import Final, Protocol, TypeVar

#: Connections of one client (an IPv4 address, an IPv6 /64). An office behind one address has its people's browsers.
OF_A_CLIENT: Final = 100
#: Connections in all: each costs a descriptor, of which a process commonly has 1,024.
IN_ALL: Final = 700


class Standing(Protocol):
    """A connection as it stands: whose it is, whether it may be ended, and since when nothing was heard (seconds)."""

    client: str
    last_activity: float

    @property
    def is_expendable(self) -> bool:
        """Whether nobody works for it: it is silent, or sends what nobody has asked for."""


AnyStanding = TypeVar("AnyStanding", bound=Standing)


def is_full(connections: Collection[Standing], client: str, *, is_proxy: bool) -> bool:
    """Whether one more connection of this client is one too many. A trusted proxy stands for many clients."""
    mine = sum(each.client == client for each in connections)
    return len(connections) >= IN_ALL or (not is_proxy and mine >= OF_A_CLIENT)


def to_be_ended(connections: Collection[AnyStanding], client: str, *, is_proxy: bool) -> AnyStanding | None:
    """Returns the connection to end so that one more of this client may come; None if none may be ended.

    A client at its own limit makes room itself. Where all places are taken, the one who has most of them does. Of a
    client's connections, the longest silent one goes.
    """
    counts = Counter(each.client for each in connections)
    expendable = [each for each in connections if each.is_expendable]
    if not is_proxy and counts[client] >= OF_A_CLIENT:
        expendable = [each for each in expendable if each.client == client]
    return min(expendable, key=lambda each: (-counts[each.client], each.last_activity), default=None)
