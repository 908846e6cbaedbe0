"""The relay, as one process remembers it: whether it answers, and whose mail it took last."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

#: Seconds until a relay that does not answer is tried again, the first time, the second …, and then always the last.
RELAY_PAUSES: Final = (5, 10, 20, 40, 60)

#: A relay that takes none of so many mails in a row, and speaks of itself, is left alone as one that is down.
MOST_REFUSALS: Final = 20


class Relay(msgspec.Struct):
    """Since when it does not answer, until when it is left alone, and the issuer whose mail it was asked to take last:
    the next one's comes next."""

    failures: int = 0
    not_before: datetime | None = None
    served: int = 0
    refusals: int = 0  # mails in a row that it did not take, speaking of itself

    def is_left_alone(self, now: datetime) -> bool:
        return self.not_before is not None and now < self.not_before

    def heard(self, failure: str | None, now: datetime) -> None:
        """How the last mail failed (`delivery.channels.email.email_message.Failure`); None where it did not."""
        if failure == "busy":
            self.refusals += 1
            if self.refusals < MOST_REFUSALS:
                return
        if failure in {"busy", "down", "in_doubt"}:
            self.failed(now)
        else:
            self.answered()

    def answered(self) -> None:
        self.failures, self.refusals, self.not_before = 0, 0, None

    def failed(self, now: datetime) -> None:
        self.not_before = now + timedelta(seconds=RELAY_PAUSES[min(self.failures, len(RELAY_PAUSES) - 1)])
        self.failures += 1
