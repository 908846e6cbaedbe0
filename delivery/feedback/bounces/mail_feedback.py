"""What a message that came back says of an e-mail of ours."""

from datetime import timedelta
from typing import Final, Literal

import msgspec

#: gone: the address does not exist any more. full: its mailbox is full. refused: a refusal for good that concerns the
#: message, its sender or a server, not the recipient. expired: the relay has given up after trying for days. delayed:
#: it goes on trying. delivered: it arrived. complaint: the recipient reported it as spam. auto_reply: a holiday notice
#: or the like. challenge: a person must confirm something before it is delivered. unclear: anything else.
FeedbackKind = Literal[
    "gone", "full", "refused", "expired", "delayed", "delivered", "complaint", "auto_reply", "challenge", "unclear",
]  # fmt: skip
#: A relay tries for five days (RFC 5321 4.5.4.1); forwarders add theirs. What comes later changes nothing.
MOST_LATE: Final = timedelta(days=30)
#: Those that a person has to read.
FOR_A_PERSON: Final[frozenset[FeedbackKind]] = frozenset({"challenge", "unclear"})


class MailFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says. *words*: the server's answer, or the message's subject. *message_ids*: of the e-mail that it
    brings back, where it does. *return_paths*: envelope senders that the message names inside."""

    kind: FeedbackKind
    words: str = ""
    message_ids: tuple[str, ...] = ()
    return_paths: tuple[str, ...] = ()
