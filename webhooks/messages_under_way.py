"""How many messages one worker may have under way at a time, in all and to each endpoint, so that a slow or dead
endpoint keeps no other waiting."""

from collections import Counter
from typing import Final

from store.outbox.webhook_endpoint import WebhookEndpoint

MOST: Final = 16
MOST_TO_ONE: Final = 4
#: To one endpoint that fails, and to all of those together.
MOST_TO_FAILING: Final = 1
MOST_TO_ALL_FAILING: Final = MOST // 2


class MessagesUnderWay:
    """Counts the messages under way by endpoint. An endpoint counts as failing from its first failure until it accepts
    a message."""

    def __init__(self) -> None:
        self._to: Counter[int] = Counter()
        self._to_failing: Counter[int] = Counter()

    @property
    def number(self) -> int:
        return self._to.total()

    def room(self, endpoint: WebhookEndpoint) -> int:
        """How many more messages may go to this endpoint."""
        if endpoint.failing_since is None:
            return min(MOST - self.number, MOST_TO_ONE - self._to[endpoint.id])
        left = MOST_TO_ALL_FAILING - self._to_failing.total()
        return min(MOST - self.number, left, MOST_TO_FAILING - self._to[endpoint.id])

    def begin(self, endpoint: WebhookEndpoint) -> bool:
        """Count one more message to this endpoint; False if there is no room for it."""
        if self.room(endpoint) <= 0:
            return False
        self._to[endpoint.id] += 1
        if endpoint.failing_since is not None:
            self._to_failing[endpoint.id] += 1
        return True

    def end(self, endpoint_id: int) -> None:
        """A message to this endpoint is no longer under way."""
        for counter in (self._to, self._to_failing):
            counter[endpoint_id] -= 1
            if counter[endpoint_id] <= 0:
                del counter[endpoint_id]

    @property
    def is_worth_waiting(self) -> bool:
        """Whether an endpoint that works has a message under way: its answer will come soon."""
        return self.number > self._to_failing.total()
