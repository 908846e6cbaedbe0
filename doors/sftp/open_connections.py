"""The open connections of the SFTP server: bounded by client until they have signed in, then by issuer.

A stranger's connection costs a key exchange and a socket. Whoever opens many is refused after some; when all clients
together have too many, the oldest that has not signed in is ended, since a sender signs in within a second.
"""

from collections import Counter
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final, NamedTuple

import asyncssh

#: Connections that have not signed in, of one client and of all.
MOST_OF_A_CLIENT: Final = 10
MOST_STRANGERS: Final = 100
#: Connections of one issuer that have signed in: lftp and rclone open some for transfers that run side by side.
MOST_OF_AN_ISSUER: Final = 20


class _Sender(NamedTuple):
    """Who has signed in: the SFTP user, and the row of the key or password."""

    user: str
    key_id: int


class OpenConnections:
    """The connections of one server, from their first byte to their last."""

    def __init__(self) -> None:
        self._strangers: dict[asyncssh.SSHServerConnection, str] = {}  # the oldest first
        self._senders: dict[asyncssh.SSHServerConnection, _Sender] = {}

    def begin(self, connection: asyncssh.SSHServerConnection) -> bool:
        """Count a new connection; False if its client has too many that have not signed in."""
        client = client_of(connection)
        if Counter(self._strangers.values())[client] >= MOST_OF_A_CLIENT:
            return False
        if len(self._strangers) >= MOST_STRANGERS:
            oldest = next(iter(self._strangers))
            del self._strangers[oldest]
            oldest.abort()
        self._strangers[connection] = client
        return True

    def enter(self, connection: asyncssh.SSHServerConnection, user: str, key_id: int) -> bool:
        """Count a connection that has signed in; False if its issuer has too many."""
        self._strangers.pop(connection, None)
        if sum(each.user == user for each in self._senders.values()) >= MOST_OF_AN_ISSUER:
            return False
        self._senders[connection] = _Sender(user, key_id)
        return True

    def forget(self, connection: asyncssh.SSHServerConnection) -> None:
        """The connection is over."""
        self._strangers.pop(connection, None)
        self._senders.pop(connection, None)

    def key_ids(self) -> set[int]:
        """The rows of the keys and passwords that open connections have signed in with."""
        return {each.key_id for each in self._senders.values()}

    def end(self, key_ids: Collection[int]) -> None:
        """End the connections that were entered with these. What they had not finished sending is no feed."""
        for connection, sender in list(self._senders.items()):
            if sender.key_id in key_ids:
                connection.disconnect(asyncssh.DISC_BY_APPLICATION, "this key or password was revoked")


def client_of(connection: asyncssh.SSHServerConnection) -> str:
    """What a client is counted by: its IPv4 address, or its IPv6 /64; "" where it is gone."""
    peer: Any = connection.get_extra_info("peername")
    if not peer:
        return ""
    address = ip_address(str(peer[0]).partition("%")[0])
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
