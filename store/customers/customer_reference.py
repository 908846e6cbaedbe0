"""The customer reference table: all that an issuer has said of one account's customer, one row an account.

The row is the issuer's knowledge: nobody is enrolled by it. What other rooms decide by has columns of its own.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, and_, false, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill.customer.known_customer import KnownCustomer, merge_known, pack_known, unpack_known
from store.accounts.customer_account import CustomerAccount
from store.base import Base
from store.customers.contact_key import email_key, phone_key
from store.issuer import of_issuer

_HAS_EMAIL: Final = text("email_key <> ''")
_HAS_PHONE: Final = text("phone_key <> ''")


class CustomerReference(Base):
    """What is known of an account's customer. *content* is a packed `bill.customer.known_customer.KnownCustomer`, the
    other columns repeat what is looked for."""

    __tablename__ = "customer_reference"
    __table_args__ = (
        Index("ix_customer_reference_next_change_on", "next_change_on"),
        Index("ix_customer_reference_issuer_id_household", "issuer_id", "household"),
        Index("ix_customer_reference_email_key", "email_key", sqlite_where=_HAS_EMAIL, postgresql_where=_HAS_EMAIL),
        Index("ix_customer_reference_phone_key", "phone_key", sqlite_where=_HAS_PHONE, postgresql_where=_HAS_PHONE),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    as_of: Mapped[datetime]  # the latest clock of all that was said
    next_change_on: Mapped[date | None] = mapped_column(Date)  # when another address becomes valid
    language: Mapped[str] = mapped_column(String(2), default="")
    large_print: Mapped[bool] = mapped_column(default=False)
    paper_by_right: Mapped[str] = mapped_column(String(12), default="")
    closed_on: Mapped[date | None] = mapped_column(Date)
    died_on: Mapped[date | None] = mapped_column(Date)
    household: Mapped[str] = mapped_column(String(100), default="")  # the issuer's id
    email_key: Mapped[str] = mapped_column(String(254), default="", server_default="")  # of an address, as confirmed
    phone_key: Mapped[str] = mapped_column(String(16), default="", server_default="")  # of a mobile phone, in E.164

    @property
    def known(self) -> KnownCustomer:
        """All that is known."""
        return unpack_known(self.content)


def reference_row(account_id: int, issuer_id: int, known: KnownCustomer, today: date) -> dict[str, Any]:
    """What is known as column values."""
    assert known.as_of is not None
    return {
        "account_id": account_id, "issuer_id": issuer_id, "content": pack_known(known), "as_of": known.as_of,
        "next_change_on": known.next_change(today), "language": known.language or "",
        "large_print": bool(known.large_print), "paper_by_right": known.paper_by_right or "",
        "closed_on": known.closed_on, "died_on": known.died_on, "household": known.household or "",
        "email_key": email_key(known.email), "phone_key": phone_key(known.phone),
    }  # fmt: skip


def references_of(session: Session, account_ids: Collection[int]) -> dict[int, CustomerReference]:
    """The references of these accounts by account id; an account of which nothing was said is left out."""
    if not account_ids:
        return {}
    query = select(CustomerReference).where(CustomerReference.account_id.in_(account_ids))
    return {each.account_id: each for each in session.scalars(query.execution_options(populate_existing=True))}


def has_died(session: Session, account: CustomerAccount) -> bool:
    """Whether the account's customer has died, as its issuer says and nobody has decided otherwise."""
    reference = references_of(session, [account.id]).get(account.id)
    return reference is not None and reference.died_on is not None and account.bereavement_verdict != "alive"


def references_with_contact(
    session: Session, email: str, phone: str, most: int
) -> list[tuple[CustomerReference, CustomerAccount]]:
    """The references whose issuers know this address or this phone (both as confirmed; "" asks for none), with their
    accounts, at most so many. What an issuer says on its test side is said of nobody."""
    by_email = and_(CustomerReference.email_key == email, _HAS_EMAIL) if email else false()
    by_phone = and_(CustomerReference.phone_key == phone, _HAS_PHONE) if phone else false()
    query = (
        select(CustomerReference, CustomerAccount)
        .join(CustomerAccount, CustomerAccount.id == CustomerReference.account_id)
        .where(or_(by_email, by_phone), of_issuer(CustomerReference.issuer_id, None))
        .order_by(CustomerReference.account_id)
        .limit(most)
    )
    return [row._tuple() for row in session.execute(query.execution_options(populate_existing=True))]


def join_references(session: Session, held_id: int, other_id: int, today: date) -> None:
    """Let what is known of one account's customer be known of the account that it is joined to: of each field the
    later one."""
    references = references_of(session, [held_id, other_id])
    other = references.get(other_id)
    if other is None:
        return
    known = merge_known(references[held_id].known, other.known) if held_id in references else other.known
    session.merge(CustomerReference(**reference_row(held_id, other.issuer_id, known, today)))
    session.delete(other)
    session.flush()
