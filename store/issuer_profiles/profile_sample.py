"""Sample files that members hand in for the profile studio: encrypted with a key of their own, which is deleted with
them, and so is whatever was made of them."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ForeignKey, LargeBinary, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base

#: A sample is kept for so long at most.
KEPT: Final = timedelta(hours=24)


class ProfileSample(Base):
    """A sample file. *blob_sha256* and *key* are empty once it was deleted. *inspection_id* and *trial_id* are the jobs
    that look at it and that read it, the last of each."""

    __tablename__ = "profile_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))  # the member's file name: data, never a path
    size: Mapped[int]
    blob_sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(index=True)
    deleted_at: Mapped[datetime | None]
    inspection_id: Mapped[int | None]
    trial_id: Mapped[int | None]


def sample_of_issuer(session: Session, issuer_id: int, sample_id: int) -> ProfileSample | None:
    """The sample of this id, if it is this issuer's and not deleted; else None."""
    query = _kept().where(ProfileSample.id == sample_id, ProfileSample.issuer_id == issuer_id)
    return session.scalar(query)


def samples_of(session: Session, issuer_id: int, by: str | None = None) -> list[ProfileSample]:
    """The issuer's samples that are not deleted (those that somebody handed in), newest first."""
    query = _kept().where(ProfileSample.issuer_id == issuer_id)
    if by is not None:
        query = query.where(ProfileSample.by == by)
    return list(session.scalars(query.order_by(ProfileSample.id.desc())))


def old_samples(session: Session, now: datetime) -> list[ProfileSample]:
    """Samples that have been kept long enough."""
    return list(session.scalars(_kept().where(ProfileSample.at < now - KEPT).limit(100)))


def _kept() -> Select[ProfileSample]:
    return select(ProfileSample).where(ProfileSample.deleted_at.is_(None))
