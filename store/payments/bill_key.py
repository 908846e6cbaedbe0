"""What payers may call a bill, so that a payment finds it: its number, its remittance reference, its mandate."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Bill
from bill.payment.payment_reference_key import keys_of_bill, mandates_of_bill
from store.base import Base
from store.db.bulk_insert import insert_rows
from store.payments.payment_key import in_groups

BillKeyKind = Literal["name", "mandate"]


class BillKey(Base):
    """Payers may call a bill *key* (`bill.payment.payment_reference_key`), or debit it under a mandate of that key."""

    __tablename__ = "bill_key"
    __table_args__ = (Index("ix_bill_key_issuer_id_kind_key", "issuer_id", "kind", "key"),)

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    kind: Mapped[BillKeyKind] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(String(140), primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))


def keep_bill_keys(session: Session, issuer_id: int, bills: Mapping[int, Bill]) -> None:
    """Store what payers may call these bills, given by bill id."""
    rows = [
        {"bill_id": bill_id, "kind": kind, "key": key, "issuer_id": issuer_id}
        for bill_id, bill in bills.items()
        for kind, keys in (("name", keys_of_bill(bill)), ("mandate", mandates_of_bill(bill)))
        for key in keys
    ]
    insert_rows(session, BillKey, rows)


def bills_under(session: Session, issuer_id: int, kind: BillKeyKind, keys: Collection[str]) -> dict[str, set[int]]:
    """The ids of the issuer's bills under each of these keys, released or not; keys of no bill are absent."""
    found: dict[str, set[int]] = defaultdict(set)
    for group in in_groups(keys):
        query = select(BillKey.key, BillKey.bill_id).where(
            BillKey.issuer_id == issuer_id, BillKey.kind == kind, BillKey.key.in_(group)
        )
        for key, bill_id in session.execute(query):
            found[key].add(bill_id)
    return found


def keys_of_bills(session: Session, bill_ids: Collection[int]) -> dict[tuple[int, BillKeyKind], set[str]]:
    """What payers may call each of these bills, by bill id and kind."""
    found: dict[tuple[int, BillKeyKind], set[str]] = defaultdict(set)
    query = select(BillKey.bill_id, BillKey.kind, BillKey.key).where(BillKey.bill_id.in_(bill_ids))
    for bill_id, kind, key in session.execute(query) if bill_ids else ():
        found[bill_id, kind].add(key)
    return found
