"""What each bill and account contributed to the adoption facts when last counted.

The facts change by the difference to what it contributes now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Index, LargeBinary, String, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.bound_ids import is_among
from store.reason_columns import CODE_LENGTH

_HAS_LETTER: Final = text("why <> ''")


class CountedBill(Base):
    """A bill that is counted, with the issuer, account, day of issue, state and arm it counts for. *figures* has the
    bits of `adoption.bill_contribution`, *why* is the reason of its letter that left, *coded_on* the day on which a
    letter with a claim code did."""

    __tablename__ = "counted_bill"
    __table_args__ = (
        Index("ix_counted_bill_account_id_day", "account_id", "day"),
        Index("ix_counted_bill_issuer_id_figures_day", "issuer_id", "figures", "day", "bill_id"),
        Index(
            "ix_counted_bill_issuer_id_why_day", "issuer_id", "why", "day", "bill_id", sqlite_where=_HAS_LETTER,
            postgresql_where=_HAS_LETTER,
        ),
    )  # fmt: skip

    bill_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issuer_id: Mapped[int]
    account_id: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    arm: Mapped[str] = mapped_column(String(20))
    figures: Mapped[int]
    why: Mapped[str] = mapped_column(String(CODE_LENGTH))
    coded_on: Mapped[date | None] = mapped_column(Date)


class CountedAccount(Base):
    """An account that is counted, with its arm and its packed *changes* (`adoption.account_day_changes`)."""

    __tablename__ = "counted_account"

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issuer_id: Mapped[int]
    arm: Mapped[str] = mapped_column(String(20))
    changes: Mapped[bytes] = mapped_column(LargeBinary)


_BILL: Final = CountedBill.__table__.c
_ACCOUNT: Final = CountedAccount.__table__.c
#: Read without the ORM, whose rows cost twice as much.
_BILLS: Final = select(
    _BILL.bill_id, _BILL.issuer_id, _BILL.account_id, _BILL.day, _BILL.state, _BILL.arm, _BILL.figures, _BILL.why,
    _BILL.coded_on,
).where(is_among(_BILL.bill_id, "bills"))  # fmt: skip
_DAYS: Final = select(_BILL.account_id, _BILL.day, _BILL.coded_on).where(is_among(_BILL.account_id, "accounts"))
_ACCOUNTS: Final = select(_ACCOUNT.account_id, _ACCOUNT.issuer_id, _ACCOUNT.arm, _ACCOUNT.changes).where(
    is_among(_ACCOUNT.account_id, "accounts")
)


class OfBill(NamedTuple):
    """The contribution of one bill."""

    issuer_id: int
    account_id: int
    day: date
    state: str
    arm: str
    figures: int
    why: str = ""
    coded_on: date | None = None

    def without_account(self) -> "OfBill":
        """What it adds to its issuer's figures: bills of many accounts add the same."""
        return OfBill(self.issuer_id, 0, self.day, self.state, self.arm, self.figures, self.why)


class OfAccount(NamedTuple):
    """The contribution of one account; empty *changes* mean none."""

    issuer_id: int
    arm: str
    changes: bytes


class DaysOfBills(NamedTuple):
    """In which months an account's counted bills were issued, by their first days, and on which days letters with a
    claim code left."""

    issued: frozenset[date]
    coded: frozenset[date]


def counted_bills(session: Session, bill_ids: Collection[int]) -> dict[int, OfBill]:
    """The contributions of these bills as last counted, by bill id; bills not counted are absent."""
    rows = session.connection().execute(_BILLS, {"bills": bill_ids})
    return {each[0]: OfBill(*each[1:]) for each in rows}


def counted_accounts(session: Session, account_ids: Collection[int]) -> dict[int, OfAccount]:
    """The contributions of these accounts as last counted, by account id; accounts not counted are absent."""
    rows = session.connection().execute(_ACCOUNTS, {"accounts": account_ids})
    return {each[0]: OfAccount(*each[1:]) for each in rows}


def days_of_accounts(session: Session, account_ids: Collection[int]) -> dict[int, DaysOfBills]:
    """The months and days of each of these accounts that has counted bills."""
    issued: dict[int, set[date]] = defaultdict(set)
    coded: dict[int, set[date]] = defaultdict(set)
    months: dict[date, date] = {}
    for account_id, day, coded_on in session.connection().execute(_DAYS, {"accounts": account_ids}):
        month = months.get(day) or months.setdefault(day, day.replace(day=1))
        issued[account_id].add(month)
        if coded_on is not None:
            coded[account_id].add(coded_on)
    return {each: DaysOfBills(frozenset(days), frozenset(coded.get(each, ()))) for each, days in issued.items()}


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
