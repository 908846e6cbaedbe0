"""An e-mail under way: the attempts at its deliveries, the address, and what it says."""

from typing import Literal

import msgspec

from delivery.channels.email.attempt_log import Outcome, StartedAttempt
from delivery.channels.email.email_message import Failure
from delivery.channels.email.mails.bill_notice import BillNotice
from delivery.channels.email.mails.digest_mail import DigestMail


class StartedMail(msgspec.Struct, frozen=True):
    """An e-mail whose attempts are recorded. Those of a digest share one Message-ID, and end in the same way."""

    attempts: tuple[StartedAttempt, ...]
    to: str
    content: BillNotice | DigestMail

    def outcomes(self, kind: Literal["sent"] | Failure, words: str) -> tuple[Outcome, ...]:
        """The same outcome for each attempt."""
        return tuple(Outcome(attempt, kind, words) for attempt in self.attempts)
