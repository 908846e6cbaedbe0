"""Customers of a test side: people who do not exist, in whose eyes an issuer sees its portal.

Each has an address under `client.test`, a name that no network resolves (RFC 2606), in a domain of its test side's own.
A person who exists holds no account of a test side, and these hold no other.
"""

from typing import Final

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.issuer import Issuer

#: What an issuer writes in its feeds: `alice@client.test`. Kept with the test side's id: `alice@7.client.test`.
DOMAIN: Final = "client.test"


class SideCustomer(Base):
    """A consumer who is the customer of one test side, *issuer_id*."""

    __tablename__ = "test_customer"
    __table_args__ = (Index("ix_test_customer_issuer_id", "issuer_id"),)

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True, autoincrement=False)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))


def kept_address(issuer_id: int, address: str) -> str | None:
    """The address, as kept, of a test side's customer whom a feed calls *address*; None for any other address."""
    name, _, domain = address.strip().lower().rpartition("@")
    return f"{name}@{issuer_id}.{DOMAIN}" if name and domain == DOMAIN else None


def side_of_address(address: str) -> int | None:
    """The id of the test side whose customer has this address; None for an address that may be somebody's.
    0: reserved, and no customer's."""
    domain = address.strip().lower().rpartition("@")[2].rstrip(".")
    if domain != DOMAIN and not domain.endswith("." + DOMAIN):
        return None
    side = domain.removesuffix(DOMAIN).removesuffix(".")
    return int(side) if side.isdecimal() and side.isascii() else 0


def side_of_consumer(session: Session, consumer_id: int) -> int | None:
    """The id of the test side whose customer this is; None for a person who exists."""
    return session.scalar(select(SideCustomer.issuer_id).where(SideCustomer.consumer_id == consumer_id))


def may_hold(session: Session, consumer_id: int, issuer_id: int) -> bool:
    """Whether this consumer may hold accounts of this issuer: both of one test side, or neither of any."""
    is_side = session.scalar(select(Issuer.test_of).where(Issuer.id == issuer_id)) is not None
    return side_of_consumer(session, consumer_id) == (issuer_id if is_side else None)
