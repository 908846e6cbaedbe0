"""Staff members who sign in to work: operators of the service, and members of an issuer."""

import hashlib
import hmac
from datetime import datetime
from typing import Final, Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.email_address import forms_of
from store.base import Base
from store.vault.key_ring import FINGERPRINTS, KeyRing

#: What a member of staff may do, each more than the one before: reader looks, editor decides and sends, admin says who
#: and what may enter (team, keys, webhooks).
StaffRole = Literal["reader", "editor", "admin"]
ROLES: Final[tuple[StaffRole, ...]] = get_args(StaffRole)
_SIGNS_IN: Final = text("closed_at IS NULL AND NOT is_elsewhere")


class Staff(Base):
    """A person who signs in to work: for one issuer, or (without an issuer) for the service itself.

    The password is None until the invitation is accepted. An address is of one team: where another team had it when it
    was invited, the row *is_elsewhere*, an invitation that leads nowhere, so that a team learns nothing of others.
    """

    __tablename__ = "staff"
    __table_args__ = (
        Index("uq_staff_email", "email", unique=True, sqlite_where=_SIGNS_IN, postgresql_where=_SIGNS_IN),
        UniqueConstraint("email", "issuer_id"),
        CheckConstraint(f"role IN {ROLES}", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"))
    role: Mapped[StaffRole] = mapped_column(String(6), default="admin", server_default="admin")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="", server_default="")  # of mails; "" while unknown
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")  # as consumers read it
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    first_signed_in_at: Mapped[datetime | None]
    is_elsewhere: Mapped[bool] = mapped_column(default=False, server_default=false())

    def fingerprint(self, keys: KeyRing) -> str:
        """A digest of password, role and joining: sessions and links with an older one are invalid."""
        return self._fingerprint(keys.key(FINGERPRINTS))

    def has_fingerprint(self, keys: KeyRing, said: str) -> bool:
        """Whether this is the fingerprint, by any key of the ring."""
        return any(hmac.compare_digest(self._fingerprint(key), said) for key in keys.keys(FINGERPRINTS))

    def _fingerprint(self, key: bytes) -> str:
        said = f"staff {self.id} {self.issuer_id} {self.added_at.timestamp()} {self.password_hash}"
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32]

    @property
    def is_operator(self) -> bool:
        return self.issuer_id is None

    def has_role(self, least: StaffRole) -> bool:
        """Whether the role is this one or one that may more."""
        return ROLES.index(self.role) >= ROLES.index(least)


def staff_by_email(session: Session, email: str) -> Staff | None:
    """The staff member who signs in by this e-mail address, in any spelling; None if there is none."""
    forms = forms_of(email)
    query = select(Staff).where(Staff.email.in_(forms), Staff.closed_at.is_(None), Staff.is_elsewhere.is_(False))
    found = {each.email: each for each in session.scalars(query)}
    return next((found[form] for form in forms if form in found), None)
