"""Staged customers: the entries of a customer file, kept while it is read, judged and applied; each with one outcome at
the end."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.bulk_insert import insert_rows

#: `created`: an account that was not known; `changed`: something else is known of it now; `unchanged`; `older`: what is
#: known is newer; `rejected`: refused, and a fatal finding says why.
CUSTOMER_OUTCOMES: Final = ("created", "changed", "unchanged", "older", "rejected")


class StagedCustomer(Base):
    """One entry of a customer file. *content* is its record, deleted when it was applied."""

    __tablename__ = "staged_customer"
    __table_args__ = (
        CheckConstraint(f"outcome IS NULL OR outcome IN {CUSTOMER_OUTCOMES}", name="outcome"),
        Index("ix_staged_customer_account_id", "account_id"),
    )

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[str | None] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome: Mapped[str | None] = mapped_column(String(10))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


def stage_customers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert staged customers, given as column values."""
    insert_rows(session, StagedCustomer, [{"account_id": None, **row} for row in rows])


def customers_between(session: Session, feed_id: int, first: int, last: int) -> Sequence[StagedCustomer]:
    """The entries of a file from position *first* to *last*, both included."""
    query = select(StagedCustomer).where(StagedCustomer.feed_id == feed_id, StagedCustomer.seq.between(first, last))
    return session.scalars(query.order_by(StagedCustomer.seq)).all()


def settle_customers(session: Session, feed_id: int, outcomes: Iterable[tuple[int, str, int | None]]) -> None:
    """Write the outcomes of some entries, given as (position, outcome, account), and delete their content."""
    rows = [
        {"feed_id": feed_id, "seq": seq, "outcome": outcome, "account_id": account_id, "content": None}
        for seq, outcome, account_id in outcomes
    ]
    if rows:
        session.execute(update(StagedCustomer), rows)


def refuse_staged_customers(session: Session, feed_id: int) -> None:
    """Refuse all entries of a file that a person rejected, and delete their content."""
    staged = (StagedCustomer.feed_id == feed_id, StagedCustomer.outcome.is_(None))
    session.execute(update(StagedCustomer).where(*staged).values(outcome="rejected", content=None))


def clear_staged_customers(session: Session, feed_id: int) -> None:
    """Delete what an unfinished or rejected reading staged."""
    session.execute(delete(StagedCustomer).where(StagedCustomer.feed_id == feed_id))


def customer_outcome_counts(session: Session, feed_id: int) -> dict[str, int]:
    """The number of entries of a file by outcome, 0 included; those without one are left out."""
    query = select(StagedCustomer.outcome, func.count()).where(StagedCustomer.feed_id == feed_id)
    counts = Counter(dict(session.execute(query.group_by(StagedCustomer.outcome)).tuples().all()))
    return {outcome: counts[outcome] for outcome in CUSTOMER_OUTCOMES}
