"""SEPA direct debit mandates that account holders signed here, for the issuer to collect by. We never move money."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.reason_columns import CODE_LENGTH

#: `signed`: in force. `revoked` by the signer; `ended` by itself, with the *reason* (`consumers.mandate_endings`).
MANDATE_STATES: Final = ("signed", "revoked", "ended")
_SIGNED: Final = text("state = 'signed'")
#: Letters and digits of a mandate reference: without those that look alike.
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_RANDOM: Final = 20


class DebitMandate(Base):
    """*umr* (unique mandate reference, AT-01) is unique for the creditor. *encrypted_iban* is under a key of its own
    purpose; pages show *last_four* alone. How it was signed is kept: the *creditor*'s name and address and the version
    of the text (*wording*) as they were read, in which *language*, the name that was typed, and the digest of the
    signed-in session. *revoked_at* is when it was revoked or ended."""

    __tablename__ = "debit_mandate"
    __table_args__ = (
        CheckConstraint(f"state IN {MANDATE_STATES}", name="state"),
        UniqueConstraint("creditor_id", "umr"),
        Index("ix_debit_mandate_issuer_id_id", "issuer_id", "id"),
        Index("ix_debit_mandate_account_id", "account_id"),
        Index("uq_debit_mandate_signed", "account_id", unique=True, sqlite_where=_SIGNED, postgresql_where=_SIGNED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    state: Mapped[str] = mapped_column(String(10), default="signed")
    umr: Mapped[str] = mapped_column(String(35))
    creditor_id: Mapped[str] = mapped_column(String(35))
    creditor: Mapped[str] = mapped_column(String(300))
    holder_name: Mapped[str] = mapped_column(String(70))  # of the bank account
    encrypted_iban: Mapped[bytes] = mapped_column(LargeBinary)
    last_four: Mapped[str] = mapped_column(String(4))
    signed_name: Mapped[str] = mapped_column(String(200))
    wording: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    session_sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # why it ended

    @property
    def secret_name(self) -> bytes:
        """What the encrypted IBAN is bound to: a copied row opens nothing under another reference."""
        return iban_secret_name(self.creditor_id, self.umr)


def iban_secret_name(creditor_id: str, umr: str) -> bytes:
    """What an encrypted IBAN is bound to."""
    return f"debit mandate {umr} of {creditor_id}".encode()


def new_umr() -> str:
    """A new mandate reference: 100 random bits in the SEPA character set, of 23 characters (at most 35 are allowed)."""
    return "FCT" + "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))


def mandates_in_force(session: Session, account_ids: Collection[int]) -> dict[int, DebitMandate]:
    """The mandates that are in force, by account."""
    query = select(DebitMandate).where(DebitMandate.account_id.in_(account_ids), DebitMandate.state == "signed")
    return {each.account_id: each for each in session.scalars(query)} if account_ids else {}


def mandates_of_issuer(session: Session, issuer_id: int, after: int, limit: int) -> list[DebitMandate]:
    """An issuer's mandates, also those that are over, oldest first, by keyset (*after*: the last id before)."""
    query = select(DebitMandate).where(DebitMandate.issuer_id == issuer_id, DebitMandate.id > after)
    return list(session.scalars(query.order_by(DebitMandate.id).limit(limit)))
