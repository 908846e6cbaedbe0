"""The customers of a test side as rows: found again by what a feed calls them, or made at their first bill."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer
from store.base import insert_new
from store.test_sides.side_customer import SideCustomer


def customers_of(session: Session, issuer_id: int, limit: int) -> list[Consumer]:
    """Customers of this test side, the latest first."""
    mine = select(SideCustomer.consumer_id).where(SideCustomer.issuer_id == issuer_id)
    query = select(Consumer).where(Consumer.id.in_(mine)).order_by(Consumer.id.desc())
    return list(session.scalars(query.limit(limit)))


def keep_customer(session: Session, issuer_id: int, address: str, name: str, at: datetime) -> Consumer:
    """Find or create the customer of a test side with this address, as it is kept. No password opens their space."""
    row = {
        "email": address, "name": name[:200], "language": "fr", "password_hash": "", "signed_up_at": at,
        "confirmed_at": at, "mail_failure": "", "claim_failures": 0, "session_epoch": 0,
    }  # fmt: skip
    insert_new(session, Consumer, [row])
    consumer = session.scalars(select(Consumer).where(Consumer.email == address)).one()
    insert_new(session, SideCustomer, [{"consumer_id": consumer.id, "issuer_id": issuer_id}])
    return consumer
