"""Idempotency keys of requests that told payments or a customer, or dropped a feed: the same request again is answered
again, and tells nothing new."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

#: The longest Idempotency-Key.
LONGEST_KEY = 255
#: How long a key stands for its request. Who has heard no answer by then has given up.
KEPT = timedelta(days=30)


class PaymentRequest(Base):
    """A request of an issuer under its Idempotency-Key (draft-ietf-httpapi-idempotency-key-header)."""

    __tablename__ = "payment_request"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    body_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


def keep_request(
    session: Session, issuer_id: int, key: str, body_sha256: str, at: datetime
) -> Literal["new", "same", "other"]:
    """Store the key with the body's digest. Returns `same` if the same body came under it within `KEPT`, `other` if
    another did."""
    of_key = (PaymentRequest.issuer_id == issuer_id, PaymentRequest.key == key)
    session.execute(delete(PaymentRequest).where(*of_key, PaymentRequest.at < at - KEPT))
    values = {"issuer_id": issuer_id, "key": key, "body_sha256": body_sha256, "at": at}
    if insert_new(session, PaymentRequest, [values]):
        return "new"
    query = select(PaymentRequest.body_sha256).where(*of_key)
    return "same" if session.scalar(query) == body_sha256 else "other"


def first_asked_at(session: Session, issuer_id: int, key: str) -> datetime:
    """When the request of a kept key came first."""
    return session.get_one(PaymentRequest, (issuer_id, key), populate_existing=True).at
