"""The payment provider of an issuer: its hosted page, and the secret that signs what both sides send."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base


class PaymentProvider(Base):
    """Money goes from the customer to the issuer through this provider, never through us. *secret* is encrypted, and so
    is the one before it, which opens what was signed before the last rotation."""

    __tablename__ = "payment_provider"
    __table_args__ = (UniqueConstraint("issuer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    page_url: Mapped[str] = mapped_column(String(500))
    merchant: Mapped[str] = mapped_column(String(100))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    secret_before: Mapped[bytes | None] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]


def provider_secret_name(issuer_id: int) -> bytes:
    """What an issuer's encrypted secrets are bound to: a copied row opens nothing for another issuer."""
    return f"payment provider of issuer {issuer_id}".encode()


def provider_of(session: Session, issuer_id: int) -> PaymentProvider | None:
    """The issuer's payment provider, or None."""
    return session.scalar(select(PaymentProvider).where(PaymentProvider.issuer_id == issuer_id))
