"""Events: what happened to an issuer's feeds, bills and accounts, in order and without a gap."""

from collections.abc import Iterator

from facteur.client.api_types import EventMessage, EventsPage
from facteur.client.connection import VERSION, Connection


class Events:
    """`/events`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def after(self, sequence: int = 0) -> Iterator[EventMessage]:
        """Yields all that happened after this sequence, the oldest first, until now: keep the last one's `sequence`.
        Raises the problem `events-gone` where some are no longer kept; its member `oldest` is where to go on."""
        for page in self._connection.pages(EventsPage, f"{VERSION}/events", {"after": sequence, "limit": 500}):
            if not page.events:
                return
            yield from page.events
