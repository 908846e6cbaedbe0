"""What every page reads of the consumer who has signed in: some columns of the row, while the session has not ended."""

from datetime import datetime
from typing import Final, NamedTuple, Self

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer
from store.ended_session import EndedSession


class SignedInConsumer(NamedTuple):
    """A consumer with a session: what pages say of them, and the epoch that their sessions must have
    (`store.accounts.consumer.Consumer`)."""

    id: int
    name: str
    email: str
    language: str
    session_epoch: int
    mail_failed_at: datetime | None
    large_print: bool

    @classmethod
    def of(cls, consumer: Consumer) -> Self:
        """What is read of this row."""
        return cls(*(getattr(consumer, name) for name in cls._fields))


_QUERY: Final = select(*(getattr(Consumer, name) for name in SignedInConsumer._fields)).where(
    Consumer.id == bindparam("consumer_id"),
    Consumer.confirmed_at.is_not(None),
    ~exists().where(EndedSession.id == bindparam("session_id")),
)


def signed_in_consumer(session: Session, consumer_id: int, session_id: str) -> SignedInConsumer | None:
    """The consumer of a session; None if there is none, the address is not confirmed or the session was signed out."""
    found = session.connection().execute(_QUERY, {"consumer_id": consumer_id, "session_id": session_id}).first()
    return None if found is None else SignedInConsumer(*found)
