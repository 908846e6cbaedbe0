"""Identities of consumers at other providers, by which they may sign in: the provider's word for the person to us
(*subject*), and no token of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer
from store.base import Base, insert_new
from store.db.event import record


class ProviderIdentity(Base):
    """A consumer signs in by this identity. A consumer has one at a provider, and an identity one consumer."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("consumer_id", "provider"),)

    provider: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    linked_at: Mapped[datetime]


def consumer_of_identity(session: Session, provider: str, subject: str) -> Consumer | None:
    """The consumer who signs in by this identity; None if nobody does."""
    query = select(Consumer).join(ProviderIdentity, ProviderIdentity.consumer_id == Consumer.id)
    mine = (ProviderIdentity.provider == provider, ProviderIdentity.subject == subject)
    return session.scalar(query.where(*mine, Consumer.confirmed_at.is_not(None)))


def identities_of(session: Session, consumer_id: int) -> dict[str, ProviderIdentity]:
    """The identities of a consumer, by provider."""
    query = select(ProviderIdentity).where(ProviderIdentity.consumer_id == consumer_id)
    return {each.provider: each for each in session.scalars(query)}


def link_identity(session: Session, consumer_id: int, provider: str, subject: str, now: datetime) -> bool:
    """Let a consumer sign in by this identity. Returns False if it is somebody else's, or they have another there."""
    row = {"provider": provider, "subject": subject, "consumer_id": consumer_id, "linked_at": now}
    if insert_new(session, ProviderIdentity, [row]) == 1:
        record(session, "consumer", consumer_id, "identity linked", now, by=f"consumer {consumer_id}")
        return True
    found = session.get(ProviderIdentity, (provider, subject))
    return found is not None and found.consumer_id == consumer_id


def unlink_identity(session: Session, consumer_id: int, provider: str, now: datetime) -> bool:
    """Let a consumer sign in by this provider no more. Returns False if they did not."""
    mine = (ProviderIdentity.consumer_id == consumer_id, ProviderIdentity.provider == provider)
    if session.execute(delete(ProviderIdentity).where(*mine)).rowcount == 0:  # type: ignore[attr-defined]
        return False
    record(session, "consumer", consumer_id, "identity unlinked", now, by=f"consumer {consumer_id}")
    return True
