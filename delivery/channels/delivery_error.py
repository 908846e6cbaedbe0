"""Why a message was not sent: the one error of all channels, and whether to try again."""

from typing import Literal

#: refused: the address does not exist any more; later: not now, because of this message or recipient; busy: not now,
#: because of the provider or of us; down: the provider was not reached, or takes nothing; in_doubt: the connection
#: broke after the content was sent, and it is unknown whether the message was accepted.
Failure = Literal["refused", "later", "busy", "down", "in_doubt"]


class DeliveryError(Exception):
    """A message was not sent. *kind* says how (see Failure); the message is the provider's answer."""

    def __init__(self, kind: Failure, words: str) -> None:
        super().__init__(words)
        self.kind = kind

    @property
    def permanent(self) -> bool:
        """Whether trying again is of no use: the address is refused for good."""
        return self.kind == "refused"
