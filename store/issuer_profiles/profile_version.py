"""Every text that an issuer's profile ever had: who gave it, when and why. None is changed or deleted."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.issuer import Issuer
from words.spoken_error import SpokenError


class ProfileChangedError(SpokenError):
    """Somebody has saved another version since the one that this change began with."""


class ProfileVersion(Base):
    """One version of an issuer's profile, *number* from 1 without gaps; the highest is the present one. One that was
    restored is a new version, with the text of *restored_from*."""

    __tablename__ = "profile_version"
    __table_args__ = (UniqueConstraint("issuer_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)  # TOML, as it was given
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text, default="")
    restored_from: Mapped[int | None]


def add_version(
    session: Session, issuer: Issuer, text: str, by: str, why: str, at: datetime, *,
    base: int, restored_from: int | None = None,
) -> ProfileVersion:  # fmt: skip
    """Make *text* the issuer's present profile, as the version after *base*; raises ProfileChangedError if that is no
    longer the present one."""
    changed = session.execute(
        update(Issuer)
        .where(Issuer.id == issuer.id, Issuer.profile_version == base)
        .values(profile=text, profile_version=base + 1, changed_at=at)
        .execution_options(synchronize_session=False)
    )
    session.refresh(issuer, ["profile", "profile_version", "changed_at"])
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise ProfileChangedError(
            "version {number} of this profile was saved meanwhile: look at it first", number=issuer.profile_version
        )
    version = ProfileVersion(
        issuer_id=issuer.id, number=base + 1, text=text, at=at, by=by, why=why, restored_from=restored_from
    )
    session.add(version)
    session.flush()
    return version


def versions_of(session: Session, issuer_id: int, limit: int = 50, before: int | None = None) -> list[ProfileVersion]:
    """The versions of an issuer's profile, newest first; *before* is the last number of the page before."""
    query = select(ProfileVersion).where(ProfileVersion.issuer_id == issuer_id)
    if before is not None:
        query = query.where(ProfileVersion.number < before)
    return list(session.scalars(query.order_by(ProfileVersion.number.desc()).limit(limit)))


def version_numbered(session: Session, issuer_id: int, number: int) -> ProfileVersion | None:
    """This version of an issuer's profile, or None."""
    return session.scalar(
        select(ProfileVersion).where(ProfileVersion.issuer_id == issuer_id, ProfileVersion.number == number)
    )
