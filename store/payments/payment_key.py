"""What a payment is found by: the references that it names, its ids, its payer's IBAN."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, Literal

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill.payment.payment_entry import PaymentEntry
from bill.payment.payment_reference_key import reference_key, reference_keys, text_keys
from store.base import Base
from store.db.bulk_insert import insert_rows
from store.payments.payment import PaymentRow, Teller, payments_by_id

#: `name`: it may name a bill. `id`: what a return would name. `undoes`: what a return names. `iban`: of its payer.
#: `mandate`: of its direct debit. `batch`: of the booking or order that it is part of, or is the total of.
KeyKind = Literal["name", "id", "undoes", "iban", "mandate", "batch"]
#: The most values of one IN list.
GROUP: Final = 400


class PaymentKey(Base):
    """A payment is found by *key* of this *kind*."""

    __tablename__ = "payment_key"
    __table_args__ = (Index("ix_payment_key_issuer_id_kind_key", "issuer_id", "kind", "key"),)

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(String(140), primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))


def keys_of_entry(entry: PaymentEntry) -> set[tuple[KeyKind, str]]:
    """All that a payment is found by."""
    written = (*entry.references, *(share.reference for share in entry.shares), entry.end_to_end_id)
    found: set[tuple[KeyKind, str]] = {("name", key) for each in written for key in reference_keys(each)}
    found |= {("name", key) for key, _, _ in text_keys(entry.remittance)}
    found |= {("id", reference_key(each)) for each in (entry.entry_id, entry.end_to_end_id)}
    if entry.kind in {"returned", "refused", "refund_returned"}:
        found.add(("undoes", reference_key(entry.original_id) or reference_key(entry.end_to_end_id)))
    found |= {("batch", batch_key(entry)), ("batch", reference_key(entry.order_id))}
    found |= {("iban", reference_key(entry.debtor_iban)), ("mandate", reference_key(entry.mandate_id))}
    return {(kind, key) for kind, key in found if key}


def batch_key(entry: PaymentEntry) -> str:
    """What the payments of a batch and its total have in common; "" for a payment that is of none."""
    return reference_key(entry.batch_id or (entry.entry_id if entry.is_batch_total else ""))


def keep_payment_keys(session: Session, issuer_id: int, entries: Iterable[tuple[int, PaymentEntry]]) -> None:
    """Store what these payments, given by id, are found by."""
    rows = [
        {"payment_id": payment_id, "kind": kind, "key": key, "issuer_id": issuer_id}
        for payment_id, entry in entries
        for kind, key in sorted(keys_of_entry(entry))
    ]
    insert_rows(session, PaymentKey, rows)


def payments_under(
    session: Session, issuer_id: int, kind: KeyKind, keys: Collection[str], *conditions: ColumnElement[bool]
) -> set[int]:
    """The ids of an issuer's payments under these keys, of those that meet the conditions."""
    found: set[int] = set()
    for group in in_groups(keys):
        query = select(PaymentKey.payment_id).where(
            PaymentKey.issuer_id == issuer_id, PaymentKey.kind == kind, PaymentKey.key.in_(group)
        )
        if conditions:
            query = query.join(PaymentRow, PaymentRow.id == PaymentKey.payment_id).where(*conditions)
        found.update(session.scalars(query))
    return found


def payments_told_under(
    session: Session, issuer_id: int, told_by: Teller, entry_ids: Collection[str]
) -> dict[str, list[PaymentEntry]]:
    """What was told by this teller under these ids of theirs, by id."""
    keys = {reference_key(each) for each in entry_ids} - {""}
    rows = payments_by_id(session, payments_under(session, issuer_id, "id", keys, PaymentRow.told_by == told_by))
    found: dict[str, list[PaymentEntry]] = {}
    for row in rows.values():
        found.setdefault(row.entry.entry_id, []).append(row.entry)
    return found


def in_groups(keys: Collection[str]) -> Iterator[list[str]]:
    """The keys in lists of at most GROUP."""
    ordered = sorted(keys)
    for at in range(0, len(ordered), GROUP):
        yield ordered[at : at + GROUP]
