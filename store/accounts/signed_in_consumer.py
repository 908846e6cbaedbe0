"""What every page reads of the consumer who has signed in: some columns of the row and of the session, in one query."""

from datetime import date, datetime
from typing import Final, NamedTuple, Self

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer
from store.sign_in.sign_in_session import SignInSession


class SignedInConsumer(NamedTuple):
    """A consumer with a session: what pages say of them, the epoch that their sessions must have
    (`store.accounts.consumer.Consumer`), and the session's row and last day."""

    id: int
    name: str
    email: str
    language: str
    session_epoch: int
    mail_failed_at: datetime | None
    large_print: bool
    session_row: int
    last_seen_on: date

    @classmethod
    def of(cls, consumer: Consumer, begun: SignInSession) -> Self:
        """What is read of these rows."""
        read = [getattr(consumer, name) for name in cls._fields[:-2]]
        return cls._make([*read, begun.id, begun.last_seen_on])


_QUERY: Final = (
    select(
        *(getattr(Consumer, name) for name in SignedInConsumer._fields[:-2]),
        SignInSession.id,
        SignInSession.last_seen_on,
    )
    .join(SignInSession, SignInSession.consumer_id == Consumer.id)
    .where(
        Consumer.id == bindparam("consumer_id"),
        Consumer.confirmed_at.is_not(None),
        SignInSession.cookie_id == bindparam("cookie_id"),
    )
)


def signed_in_consumer(session: Session, consumer_id: int, cookie_id: str) -> SignedInConsumer | None:
    """The consumer of a session; None if there is none, the address is not confirmed or the session is over."""
    found = session.connection().execute(_QUERY, {"consumer_id": consumer_id, "cookie_id": cookie_id}).first()
    return None if found is None else SignedInConsumer._make(found)
