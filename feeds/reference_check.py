"""Report credit notes and correctives that name a bill (BG-3) of another customer or in another currency.

The finding is added to whichever of the two came later.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from bill import Finding, warning
from store.bills.bill import BillRow
from store.bills.references_between_bills import BillReference

Told = tuple[int, str, Finding]  # position in the feed, bill number, finding


def untouched_references(session: Session, feed_id: int, seqs: Sequence[int]) -> list[Told]:
    """Findings on the bills created from these items of a feed, as (position, number, finding)."""
    return [*_naming(session, feed_id, seqs), *_named(session, feed_id, seqs)]


def _naming(session: Session, feed_id: int, seqs: Sequence[int]) -> Iterator[Told]:
    """Findings on bills that refer to an existing bill."""
    for naming, other in session.execute(_NAMING, {"feed_id": feed_id, "seqs": seqs}):
        if naming.demand.gives or naming.demand.replaces:
            yield naming.item_seq, naming.number, _finding(naming, other)


def _named(session: Session, feed_id: int, seqs: Sequence[int]) -> Iterator[Told]:
    """Findings on bills that an earlier feed's document refers to."""
    for row, other in session.execute(_NAMED, {"feed_id": feed_id, "seqs": seqs}):
        if other.demand.gives or other.demand.replaces:
            yield row.item_seq, row.number, _finding(other, row)


def _stands(named: type[BillRow]) -> ColumnElement[bool]:
    """SQL condition: the bill is not superseded. Same terms as `store.bills.bill.stands`, so that the index by number
    is used."""
    return named.state != literal_column("'superseded'")


def _differs(other: type[BillRow]) -> ColumnElement[bool]:
    """SQL condition: two bills are of different customers or in different currencies."""
    return or_(other.currency != BillRow.currency, other.account_id != BillRow.account_id)


_other: Final = aliased(BillRow)
_OF_FEED: Final = bindparam("feed_id", type_=BillRow.feed_id.type)
_THESE: Final = and_(BillRow.feed_id == _OF_FEED, BillRow.item_seq.in_(bindparam("seqs", expanding=True)))
#: Both are built once: every chunk that is released asks them.
_NAMING: Final = (
    select(BillRow, _other)
    .join(BillReference, BillReference.bill_id == BillRow.id)
    .join(_other, (_other.issuer_id == BillReference.issuer_id) & (_other.number == BillReference.number))
    .where(_THESE, _stands(_other), _differs(_other))
    .order_by(BillRow.item_seq)
)
_NAMED: Final = (
    select(BillRow, _other)
    .join(BillReference, (BillReference.issuer_id == BillRow.issuer_id) & (BillReference.number == BillRow.number))
    .join(_other, _other.id == BillReference.bill_id)
    .where(_THESE, _other.feed_id != _OF_FEED, _differs(_other))
    .order_by(BillRow.item_seq)
)


def _finding(naming: BillRow, named: BillRow) -> Finding:
    if naming.currency != named.currency:
        return warning(
            "REFERENCE-CURRENCY",
            "{number} is in {currency}, and {named}, which it names, is in {other}: what {named} asks stays as it is",
            "BG-3", number=naming.number, currency=naming.currency, named=named.number, other=named.currency,
        )  # fmt: skip
    return warning(
        "REFERENCE-CUSTOMER",
        "{number} names {named}, which is another customer's: what {named} asks stays as it is",
        "BG-3", number=naming.number, named=named.number,
    )  # fmt: skip
