"""What each bill and account contributed to the adoption facts when last counted.

The facts change by the difference to what it contributes now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Index, LargeBinary, String, bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.bound_ids import is_among
from store.reason_columns import CODE_LENGTH

#: The day of what is not to come.
NEVER_ON: Final = date.max
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
    """An account that is counted, with its arm and its packed *changes* (`adoption.account_day_changes`) up to the day
    that is counted, `store.facts.monthly_fact.FactCount.upto`. What else is kept says when it changes without new rows,
    *next_on* being the first of these days (`Foreseen`)."""

    __tablename__ = "counted_account"
    __table_args__ = (Index("ix_counted_account_next_on", "next_on"),)

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issuer_id: Mapped[int]
    arm: Mapped[str] = mapped_column(String(20))
    changes: Mapped[bytes] = mapped_column(LargeBinary)
    next_on: Mapped[date] = mapped_column(Date)
    active_since: Mapped[date] = mapped_column(Date)
    active_until: Mapped[date] = mapped_column(Date)
    invited_since: Mapped[date] = mapped_column(Date)
    invited_until: Mapped[date] = mapped_column(Date)
    otherwise_on: Mapped[date] = mapped_column(Date)


_BILL: Final = CountedBill.__table__.c
_ACCOUNT: Final = CountedAccount.__table__.c
#: Read without the ORM, whose rows cost twice as much.
_BILLS: Final = select(
    _BILL.issuer_id, _BILL.account_id, _BILL.day, _BILL.state, _BILL.arm, _BILL.figures, _BILL.why, _BILL.coded_on,
    _BILL.bill_id,
).where(is_among(_BILL.bill_id, "bills"))  # fmt: skip
_DAYS: Final = select(_BILL.account_id, _BILL.day, _BILL.coded_on).where(is_among(_BILL.account_id, "accounts"))
_FORESEEN: Final = (
    _ACCOUNT.active_since, _ACCOUNT.active_until, _ACCOUNT.invited_since, _ACCOUNT.invited_until, _ACCOUNT.otherwise_on,
)  # fmt: skip
_ACCOUNTS: Final = select(
    _ACCOUNT.account_id, _ACCOUNT.issuer_id, _ACCOUNT.arm, _ACCOUNT.changes, *_FORESEEN
).where(is_among(_ACCOUNT.account_id, "accounts"))  # fmt: skip
_FORESEEN_OF: Final = select(*_FORESEEN, _ACCOUNT.account_id).where(is_among(_ACCOUNT.account_id, "accounts"))


_HAPPENED: Final = update(CountedBill).where(is_among(_BILL.bill_id, "bills"))
_PUT_OFF: Final = (
    update(CountedAccount)
    .where(is_among(_ACCOUNT.account_id, "accounts"))
    .values(active_until=bindparam("active"), invited_until=bindparam("invited"), next_on=bindparam("next"))
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

    def what_it_adds(self) -> "AddedByBill":
        """What it adds to its issuer's figures: bills of many accounts add the same."""
        return AddedByBill(self.issuer_id, *self[2:7])


class AddedByBill(NamedTuple):
    """What bills add to their issuer's figures."""

    issuer_id: int
    day: date
    state: str
    arm: str
    figures: int
    why: str


class CountedAnew(NamedTuple):
    """What a bill contributed, and what it does now; None: it was not, or is not, counted."""

    old: OfBill | None
    new: OfBill | None


class Foreseen(NamedTuple):
    """For how long an account stays as it is, unless something new happens. It is active, and asked to claim, since and
    until the days before these; another bill, or letter with a code, in time puts that off. *otherwise_on*: the next
    day on which it changes whatever bills come. NEVER_ON where it is not so, or for ever."""

    active_since: date
    active_until: date
    invited_since: date
    invited_until: date
    otherwise_on: date

    @property
    def next_on(self) -> date:
        """The first day to come on which the account is to be counted again."""
        return min(self.active_until, self.invited_until, self.otherwise_on)


class OfAccount(NamedTuple):
    """The contribution of one account up to the day that is counted; empty *changes* mean none."""

    issuer_id: int
    arm: str
    changes: bytes
    foreseen: Foreseen

    def what_it_adds(self) -> "tuple[int, str, bytes]":
        """Its issuer, arm and changes: many accounts add the same."""
        return self[:3]


class DaysOfBills(NamedTuple):
    """In which months an account's counted bills were issued, by their first days, and on which days letters with a
    claim code left."""

    issued: frozenset[date]
    coded: frozenset[date]


def counted_bills(session: Session, bill_ids: Collection[int]) -> dict[int, OfBill]:
    """The contributions of these bills as last counted, by bill id; bills not counted are absent."""
    rows = session.connection().execute(_BILLS, {"bills": bill_ids}).all()
    return {row[-1]: OfBill._make(row[:-1]) for row in rows}


def counted_accounts(session: Session, account_ids: Collection[int]) -> dict[int, OfAccount]:
    """The contributions of these accounts as last counted, by account id; accounts not counted are absent."""
    rows = session.connection().execute(_ACCOUNTS, {"accounts": account_ids})
    return {each[0]: OfAccount(*each[1:4], Foreseen(*each[4:])) for each in rows}


def foreseen_of(session: Session, account_ids: Collection[int]) -> dict[int, Foreseen]:
    """For how long these accounts stay as they are, by account id; accounts not counted are absent."""
    rows = session.connection().execute(_FORESEEN_OF, {"accounts": account_ids}).all()
    return {row[-1]: Foreseen._make(row[:-1]) for row in rows}


def accounts_due(session: Session, day: date, most: int) -> Sequence[int]:
    """Up to *most* accounts that change by themselves on this day or before."""
    due = select(CountedAccount.account_id).where(CountedAccount.next_on <= day)
    return session.scalars(due.order_by(CountedAccount.next_on).limit(most)).all()


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


def keep_bills(session: Session, changed: Mapping[int, CountedAnew]) -> None:
    """Store the contributions of these bills, and delete those of bills that are not counted any more. Where only what
    happened to bills changed, a statement changes all that changed alike: mostly it happens to many of a feed."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    rows, gone = list[dict[str, Any]](), list[int]()
    for bill_id, (old, new) in changed.items():
        if new is None:
            gone.append(bill_id)
        elif old is not None and old[:3] == new[:3]:
            alike[new[3:]].append(bill_id)
        else:
            rows.append({"bill_id": bill_id} | new._asdict())
    _keep(session, CountedBill, "bill_id", rows)
    for (state, arm, figures, why, coded_on), bills in alike.items():
        now = {"state": state, "arm": arm, "figures": figures, "why": why, "coded_on": coded_on}
        session.connection().execute(_HAPPENED, now | {"bills": bills})
    if gone:
        session.execute(delete(CountedBill).where(CountedBill.bill_id.in_(gone)))


def keep_accounts(session: Session, now: Mapping[int, OfAccount], gone: Collection[int]) -> None:
    """Store the contributions of these accounts, and delete those of the *gone* ones."""
    rows = [
        {"account_id": account_id, "issuer_id": each.issuer_id, "arm": each.arm, "changes": each.changes}
        | _foreseen_row(each.foreseen)
        for account_id, each in sorted(now.items())
    ]
    _keep(session, CountedAccount, "account_id", rows)
    if gone:
        session.execute(delete(CountedAccount).where(CountedAccount.account_id.in_(gone)))


def keep_foreseen(session: Session, now: Mapping[int, Foreseen]) -> None:
    """Store until when these accounts, which are counted, stay as they are: a statement for all that do so equally
    long, as most do whose bills came together."""
    alike: dict[tuple[date, date, date], list[int]] = defaultdict(list)
    for account_id, each in now.items():
        alike[each.active_until, each.invited_until, each.next_on].append(account_id)
    for (active, invited, next_on), accounts in alike.items():
        values = {"accounts": accounts, "active": active, "invited": invited, "next": next_on}
        session.connection().execute(_PUT_OFF, values)


def _foreseen_row(foreseen: Foreseen) -> dict[str, Any]:
    return foreseen._asdict() | {"next_on": foreseen.next_on}


def _keep(session: Session, row: type[Base], key: str, rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if not values:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(row)
    over = {name: insert.excluded[name] for name in values[0] if name != key}
    session.connection().execute(insert.on_conflict_do_update(index_elements=[key], set_=over), values)
