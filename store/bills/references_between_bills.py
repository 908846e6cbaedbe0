"""References between bills (BG-3), so that a credit note is found by the number of the bill it credits."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, ForeignKey, Index, String, bindparam, literal, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Bill
from store.base import Base
from store.bills.bill import BillRow, stands
from store.db.bulk_insert import insert_rows

#: The most references (BG-3) stored of one bill: a consolidated credit note has some dozens.
MOST_REFERENCES: Final = 1000


class BillReference(Base):
    """A bill refers to another by number, as the *n*-th of its references. The other may come later, or never."""

    __tablename__ = "bill_reference"
    __table_args__ = (Index("ix_bill_reference_issuer_id_number", "issuer_id", "number"),)

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    number: Mapped[str] = mapped_column(String(200))


def keep_references(session: Session, issuer_id: int, bills: Mapping[int, Bill]) -> None:
    """Store the references of these bills, given by bill id."""
    rows = [
        {"bill_id": bill_id, "n": n, "issuer_id": issuer_id, "number": number}
        for bill_id, bill in bills.items()
        for n, number in enumerate(_named(bill), 1)
    ]
    insert_rows(session, BillReference, rows)


def _named(bill: Bill) -> list[str]:
    """The numbers that a bill refers to, each once. Numbers longer than any bill's are left out."""
    numbers = dict.fromkeys(each.number for each in bill.preceding if 0 < len(each.number) <= 200)
    return list(numbers)[:MOST_REFERENCES]


def names_of(session: Session, bill_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The numbers that each of these bills refers to, in order, by bill id; bills without references are absent."""
    query = select(BillReference.bill_id, BillReference.number).where(BillReference.bill_id.in_(bill_ids))
    found: dict[int, list[str]] = {}
    for bill_id, number in session.execute(query.order_by(BillReference.bill_id, BillReference.n)):
        found.setdefault(bill_id, []).append(number)
    return {bill_id: tuple(numbers) for bill_id, numbers in found.items()}


def naming_bills_of(session: Session, bill_ids: Collection[int], days: tuple[date, date]) -> set[int]:
    """Those of these bills that refer to one issued on these days (first and last, both included)."""
    if not bill_ids:
        return set()
    named = (BillRow.issuer_id == BillReference.issuer_id) & (BillRow.number == BillReference.number) & stands()
    query = select(BillReference.bill_id).join(BillRow, named).where(BillReference.bill_id.in_(bill_ids))
    return set(session.scalars(query.where(BillRow.issue_date.between(*days))))


class ReferenceOfBill(NamedTuple):
    """One bill refers to another by number, as the *n*-th of its references. *is_own*: it is one of those asked for;
    else it refers to one of them."""

    is_own: bool
    bill_id: int
    n: int
    number: str


def references_of(session: Session, bill_ids: Collection[int]) -> list[ReferenceOfBill]:
    """The references of these bills, and those of any bill to one of these, in one statement; as a rule none."""
    found = session.connection().execute(_REFERENCES, {"bill_ids": bill_ids}) if bill_ids else ()
    return sorted(ReferenceOfBill(bool(is_own), bill_id, n, number) for is_own, bill_id, n, number in found)


_ASKED_FOR: Final[BindParameter[Collection[int]]] = bindparam("bill_ids", expanding=True)
_OWN: Final = select(literal(1), BillReference.bill_id, BillReference.n, BillReference.number)
_TO_THEM: Final = select(literal(0), BillReference.bill_id, BillReference.n, BillReference.number)
_REFERENCES: Final = union_all(
    _OWN.where(BillReference.bill_id.in_(_ASKED_FOR)),
    _TO_THEM.join(
        BillRow, (BillRow.issuer_id == BillReference.issuer_id) & (BillRow.number == BillReference.number)
    ).where(BillRow.id.in_(_ASKED_FOR)),
)
