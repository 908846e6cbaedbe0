"""A message under way: the attempts at its deliveries, the address, and what it says."""

from typing import Generic, TypeVar

import msgspec

from delivery.channels.attempt_log import Outcome, StartedAttempt
from delivery.channels.delivery_error import Failure
from delivery.channels.provider_receipt import ProviderReceipt

Content = TypeVar("Content", covariant=True)


class StartedMessage(msgspec.Struct, Generic[Content], frozen=True):
    """A message whose attempts are recorded. Those of a digest share one Message-ID, and end in the same way."""

    attempts: tuple[StartedAttempt, ...]
    to: str
    content: Content

    @property
    def reference(self) -> str:
        """Our name of the message, the same at each attempt: of an e-mail its Message-ID."""
        return self.attempts[0].message_id

    def sent(self, receipt: ProviderReceipt) -> tuple[Outcome, ...]:
        """The provider's receipt for each attempt."""
        return tuple(Outcome(attempt, "sent", receipt.words, receipt) for attempt in self.attempts)

    def outcomes(self, kind: Failure, words: str) -> tuple[Outcome, ...]:
        """The same outcome for each attempt."""
        return tuple(Outcome(attempt, kind, words) for attempt in self.attempts)
