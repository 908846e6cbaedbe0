"""Customer accounts: an issuer's account, claimed by consumers, with the key its documents are sealed with."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

import msgspec
from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Bill, PostalAddress, account_number_of, person_key
from store.base import Base
from store.bulk import insert_rows


class CustomerAccount(Base):
    """The key is (issuer, source term, scheme, value): BT-46, else BT-12, else what the profile names; an account
    whose bills name none comes from name and address (*term* `address`) and is never merged with another by guess.

    *paperless* is what the last consent says (paper suppression), never a guess of ours.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("issuer_id", "term", "scheme", "value"),
        Index("ix_account_issuer_id_person_key", "issuer_id", "person_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    term: Mapped[str] = mapped_column(String(10))
    scheme: Mapped[str] = mapped_column(String(20), default="")
    value: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(300), default="")  # who gets the letters, by the latest bill
    address: Mapped[bytes] = mapped_column(LargeBinary)
    as_of: Mapped[date] = mapped_column(Date)  # issue date of the bill that named holder and address
    paperless: Mapped[bool] = mapped_column(default=False)
    paperless_since: Mapped[datetime | None]
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    claim_failures: Mapped[int] = mapped_column(default=0)
    claim_blocked_until: Mapped[datetime | None]
    person_key: Mapped[str] = mapped_column(String(16), default="")  # the same for people who are likely one

    @property
    def postal_address(self) -> PostalAddress:
        return msgspec.msgpack.decode(self.address, type=PostalAddress)

    @property
    def key(self) -> "AccountKey":
        return self.term, self.scheme, self.value

    @property
    def number(self) -> str:
        """The number as the consumer knows it; an account made from an address has none."""
        return "" if self.term == "address" else self.value


AccountKey = tuple[str, str, str]  # term, scheme, value
KeyMaker = Callable[[bytes], bytes]  # seals a new document key under the master key


def account_key(bill: Bill, term: str | None = None) -> AccountKey:
    """Which account a bill belongs to (design.md §3, Accounts): *term* is the profile's word, None looks."""
    if number := account_number_of(bill, term):
        return number.term, number.scheme[:20], number.value[:200]
    return "address", "", _address_key(bill)


def _address_key(bill: Bill) -> str:
    """The same name at the same address is the same account; one letter of difference makes another."""
    address = bill.buyer.address
    lines = [address.line1, address.line2, address.line3, address.postcode, address.city, address.country]
    folded = "\n".join(" ".join(word.split()).casefold() for word in [bill.buyer.name, *lines])
    return hashlib.sha256(folded.encode()).hexdigest()[:32]


class Accounts(NamedTuple):
    """The accounts of some bills by their keys, and which of them were not there before."""

    ids: dict[AccountKey, int]
    opened: list[CustomerAccount]


def open_accounts(
    session: Session, issuer_id: int, bills: Iterable[tuple[AccountKey, Bill]], new_key: KeyMaker
) -> Accounts:
    """The accounts of these bills, made where they are new; holder and address follow the latest bill."""
    latest: dict[AccountKey, Bill] = {}
    for key, bill in bills:
        if key not in latest or bill.issue_date >= latest[key].issue_date:
            latest[key] = bill
    there = _accounts(session, issuer_id, latest)
    missing = latest.keys() - {row.key for row in there}
    opened: list[CustomerAccount] = []
    if missing:
        fresh = [_account_row(issuer_id, key, bill, new_key) for key, bill in latest.items() if key in missing]
        fresh.sort(key=itemgetter("term", "value"))  # two feeds of the same people wait for each other, never both
        insert_rows(session, CustomerAccount, fresh, new=True)
        opened = _accounts(session, issuer_id, missing)
    for row in there:
        _follow(row, latest[row.key])
    session.flush()
    return Accounts({row.key: row.id for row in [*there, *opened]}, opened)


def _accounts(session: Session, issuer_id: int, keys: Iterable[AccountKey]) -> list[CustomerAccount]:
    columns = tuple_(CustomerAccount.term, CustomerAccount.scheme, CustomerAccount.value)
    query = select(CustomerAccount).where(CustomerAccount.issuer_id == issuer_id, columns.in_(list(keys)))
    return list(session.scalars(query.order_by(CustomerAccount.id)))


def unknown_accounts(session: Session, issuer_id: int, keys: Collection[AccountKey]) -> set[AccountKey]:
    """Those of the keys that no account of the issuer has yet."""
    columns = tuple_(CustomerAccount.term, CustomerAccount.scheme, CustomerAccount.value)
    query = select(CustomerAccount.term, CustomerAccount.scheme, CustomerAccount.value)
    known = session.execute(query.where(CustomerAccount.issuer_id == issuer_id, columns.in_(set(keys))))
    return set(keys) - {row._tuple() for row in known}


def _account_row(issuer_id: int, key: AccountKey, bill: Bill, new_key: KeyMaker) -> dict[str, object]:
    term, scheme, value = key
    return {
        "issuer_id": issuer_id, "term": term, "scheme": scheme, "value": value, "holder": bill.buyer.name[:300],
        "address": msgspec.msgpack.encode(bill.buyer.address), "as_of": bill.issue_date, "paperless": False,
        "sealed_key": new_key(os.urandom(32)), "claim_failures": 0,
        "person_key": person_key(bill.buyer.name, bill.buyer.address.postcode),
    }  # fmt: skip


def _follow(row: CustomerAccount, bill: Bill) -> None:
    """People move: the address of the latest bill is where letters go."""
    if bill.issue_date < row.as_of:
        return
    address = msgspec.msgpack.encode(bill.buyer.address)
    if (row.holder, row.address, row.as_of) != (bill.buyer.name[:300], address, bill.issue_date):
        if (row.holder, row.address) != (bill.buyer.name[:300], address):
            row.person_key = person_key(bill.buyer.name, bill.buyer.address.postcode)
        row.holder, row.address, row.as_of = bill.buyer.name[:300], address, bill.issue_date
