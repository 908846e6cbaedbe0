"""Table of the keys and passwords with which issuers sign in to the SFTP server."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base


class SFTPKey(Base):
    """A public key, or the digest of a password, with which an issuer signs in to the SFTP server."""

    __tablename__ = "sftp_key"
    __table_args__ = (Index("ix_sftp_key_issuer_id", "issuer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str] = mapped_column(String(10))  # key | password
    value: Mapped[str] = mapped_column(Text)  # an OpenSSH public key line, or the digest of a generated password
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
