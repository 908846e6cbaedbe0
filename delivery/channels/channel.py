"""What a channel is to those who send by it: which messages are due, what they say, and how one is handed over."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from delivery.channels.provider_receipt import ProviderReceipt
from delivery.channels.started_message import StartedMessage


class DueMessage(Protocol):
    """A message that may go now, in the turn of its issuer. *leased* are the deliveries leased for it already."""

    @property
    def issuer_id(self) -> int: ...

    @property
    def leased(self) -> tuple[int, ...]: ...


Due = TypeVar("Due", bound=DueMessage)
Content = TypeVar("Content")


class Channel(Protocol[Due, Content]):
    """A way by which messages reach people."""

    @property
    def name(self) -> str:
        """Its deliveries' channel, one of `store.delivery.CHANNELS`."""

    def lease_next(self, session: Session, after: int) -> tuple[int, Sequence[Due]]:
        """Lease the next messages, one of each issuer in turn, beginning after issuer *after*. Those that must not be
        sent any more fail or are cancelled with the reason. Returns how many deliveries were looked at, and the
        messages."""

    def begin(self, session: Session, due: Due) -> tuple[int, StartedMessage[Content] | None]:
        """Record the attempt at a message; None when it is no longer to be sent. Also returns how many deliveries were
        handled that `lease_next` had not looked at."""

    def send(self, message: StartedMessage[Content]) -> ProviderReceipt:
        """Hand one message over to the provider; raises DeliveryError."""

    def hang_up(self) -> None:
        """Close the connection to the provider, if one is open."""
