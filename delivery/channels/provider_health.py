"""Remembers, in one process, whether the provider of a channel answers, and how long to wait before trying it again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from delivery.channels.attempt_log import Outcome

#: Seconds until a provider that is down is tried again after the first failure, the second …; the last one repeats.
PAUSES: Final = (5, 10, 20, 40, 60)

#: `busy` answers in a row after which the provider counts as down.
MOST_REFUSALS: Final = 20


class ProviderHealth(msgspec.Struct):
    """The provider's state: until when it is not tried (*not_before*), failures in a row, refusals in a row that
    concern the provider, and the issuer whose message was sent last (*last_issuer_id*); the next issuer's is sent next.
    *unrecorded* are the last message's outcomes, one a delivery, until they are committed: a database that is down
    meanwhile makes no second message."""

    failures: int = 0
    not_before: datetime | None = None
    last_issuer_id: int = 0
    refusals: int = 0  # `busy` answers in a row
    unrecorded: Sequence[Outcome] = ()

    def is_paused(self, now: datetime) -> bool:
        """Whether the provider is not to be tried yet."""
        return self.not_before is not None and now < self.not_before

    def record_result(self, failure: str | None, now: datetime) -> None:
        """Record the result of a message: its Failure, or None for success. MOST_REFUSALS `busy` in a row count as
        down."""
        if failure == "busy":
            self.refusals += 1
            if self.refusals < MOST_REFUSALS:
                return
        if failure in {"busy", "down", "in_doubt"}:
            self.record_failure(now)
        else:
            self.record_success()

    def record_success(self) -> None:
        """Record that the provider works."""
        self.failures, self.refusals, self.not_before = 0, 0, None

    def record_failure(self, now: datetime) -> None:
        """Record that the provider is down; the pause grows with each failure in a row (PAUSES, in seconds)."""
        self.not_before = now + timedelta(seconds=PAUSES[min(self.failures, len(PAUSES) - 1)])
        self.failures += 1
