"""What each bill and account contributed to the adoption facts when last counted.

The facts change by the difference to what it contributes now.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Index, LargeBinary, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base


class CountedBill(Base):
    """A bill that is counted, with the issuer, account and month it counts for. *figures* has one bit for each measure
    that it adds 1 to."""

    __tablename__ = "counted_bill"
    __table_args__ = (Index("ix_counted_bill_account_id_month", "account_id", "month"),)

    bill_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issuer_id: Mapped[int]
    account_id: Mapped[int]
    month: Mapped[date] = mapped_column(Date)
    figures: Mapped[int]


class CountedAccount(Base):
    """An account that is counted, with its packed *steps* (`adoption.account_month_changes`)."""

    __tablename__ = "counted_account"

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issuer_id: Mapped[int]
    steps: Mapped[bytes] = mapped_column(LargeBinary)


class OfBill(NamedTuple):
    """The contribution of one bill."""

    issuer_id: int
    account_id: int
    month: date
    figures: int


class OfAccount(NamedTuple):
    """The contribution of one account; empty *steps* mean none."""

    issuer_id: int
    steps: bytes


def counted_bills(session: Session, bill_ids: Collection[int]) -> dict[int, OfBill]:
    """The contributions of these bills as last counted, by bill id; bills not counted are absent."""
    row = CountedBill
    query = select(row.bill_id, row.issuer_id, row.account_id, row.month, row.figures)
    return {each[0]: OfBill(*each[1:]) for each in session.execute(query.where(row.bill_id.in_(bill_ids)))}


def counted_accounts(session: Session, account_ids: Collection[int]) -> dict[int, OfAccount]:
    """The contributions of these accounts as last counted, by account id; accounts not counted are absent."""
    query = select(CountedAccount.account_id, CountedAccount.issuer_id, CountedAccount.steps)
    rows = session.execute(query.where(CountedAccount.account_id.in_(account_ids)))
    return {each[0]: OfAccount(*each[1:]) for each in rows}


def months_of_accounts(session: Session, account_ids: Collection[int]) -> dict[int, set[date]]:
    """The months in which each of these accounts has counted bills."""
    query = select(CountedBill.account_id, CountedBill.month).where(CountedBill.account_id.in_(account_ids)).distinct()
    months: dict[int, set[date]] = {}
    for account_id, month in session.execute(query):
        months.setdefault(account_id, set()).add(month)
    return months


def keep_bills(session: Session, now: Mapping[int, OfBill], gone: Collection[int]) -> None:
    """Store the contributions of these bills, and delete those of the *gone* ones."""
    rows = [{"bill_id": bill_id} | each._asdict() for bill_id, each in sorted(now.items())]
    _keep(session, CountedBill, "bill_id", rows)
    if gone:
        session.execute(delete(CountedBill).where(CountedBill.bill_id.in_(gone)))


def keep_accounts(session: Session, now: Mapping[int, OfAccount], gone: Collection[int]) -> None:
    """Store the contributions of these accounts, and delete those of the *gone* ones."""
    rows = [{"account_id": account_id} | each._asdict() for account_id, each in sorted(now.items())]
    _keep(session, CountedAccount, "account_id", rows)
    if gone:
        session.execute(delete(CountedAccount).where(CountedAccount.account_id.in_(gone)))


def _keep(session: Session, row: type[Base], key: str, rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if not values:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(row)
    over = {name: insert.excluded[name] for name in values[0] if name != key}
    session.connection().execute(insert.on_conflict_do_update(index_elements=[key], set_=over), values)
