"""Private issuers: issuers of bills that people bring in themselves. Each is one person's alone and has sent nothing.

Their bills lie in the tables of all bills, so that list, search, tags and PDFs are the same. Two things keep them out
of everything else: `Issuer.private_to` names the person (`store.issuer.is_on_board`), and their feeds are in the state
`private`, which is none of `store.feeds.feed.OUT`.
"""

import os
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import PostalAddress
from store.accounts.customer_account import IMPORTED, CustomerAccount
from store.base import Base
from store.bills.bill import BillRow, new_uid
from store.issuer import Issuer

_KEY_BYTES: Final = 32


class PrivateIssuer(Base):
    """A private issuer. It is found again by *legal_id* (SIREN, else another registration), *vat_id*, or *name_key*.
    *stands_for_id* is the issuer that the person said it is: one that has come on board, or another of their own. A
    name key of "" is no issuer: its account has the key of the documents that are still read."""

    __tablename__ = "private_issuer"
    __table_args__ = (
        Index("ix_private_issuer_consumer_id_name_key", "consumer_id", "name_key"),
        Index("ix_private_issuer_name_key", "name_key"),
        Index("ix_private_issuer_legal_id", "legal_id"),
    )

    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), primary_key=True, autoincrement=False)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name_key: Mapped[str] = mapped_column(String(200))
    legal_id: Mapped[str] = mapped_column(String(40), default="")
    vat_id: Mapped[str] = mapped_column(String(40), default="")
    stands_for_id: Mapped[int | None] = mapped_column(ForeignKey("issuer.id"))


def add_private_issuer(
    session: Session, consumer_id: int, name: str, name_key: str, encrypt_key: Callable[[bytes], bytes], at: datetime
) -> PrivateIssuer:
    """Add a private issuer with its one account, which nobody holds yet."""
    issuer = Issuer(slug=f"~{new_uid()}", name=name[:200], private_to=consumer_id, added_at=at, changed_at=at)
    session.add(issuer)
    session.flush()
    account = CustomerAccount(
        issuer_id=issuer.id, term=IMPORTED, value="", address=msgspec.msgpack.encode(PostalAddress()), as_of=at.date(),
        encrypted_key=encrypt_key(os.urandom(_KEY_BYTES)),
    )  # fmt: skip
    session.add(account)
    session.flush()
    private = PrivateIssuer(
        issuer_id=issuer.id, consumer_id=consumer_id, account_id=account.id, name_key=name_key[:200],
    )  # fmt: skip
    session.add(private)
    session.flush()
    return private


def private_issuers_of(session: Session, consumer_id: int) -> list[PrivateIssuer]:
    """The private issuers of this person, without the one that keeps documents being read."""
    query = select(PrivateIssuer).where(PrivateIssuer.consumer_id == consumer_id, PrivateIssuer.name_key != "")
    return list(session.scalars(query.order_by(PrivateIssuer.issuer_id)))


def bills_by_issuer(session: Session, issuer_ids: Collection[int]) -> dict[int, int]:
    """How many bills each of these private issuers has, by issuer id; one without bills is left out."""
    query = select(BillRow.issuer_id, func.count()).where(BillRow.issuer_id.in_(issuer_ids)).group_by(BillRow.issuer_id)
    return dict(session.execute(query).tuples().all())
