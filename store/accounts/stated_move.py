"""Moves that a holder states in the portal: a new postal address, until it is applied to letters or a named person
decides."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, Select, String, Text, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import PostalAddress
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.base import Base
from store.db.row_counting import count_some
from store.issuer import of_issuer

#: `open`: it waits for the issuer. It ends `applied` (letters came back from the old address, and use the new one at
#: once), `confirmed` or `refused` by a named person, `replaced` by what the holder states later, or `overtaken` by an
#: address that the issuer sent.
MOVE_STATES: Final = ("open", "applied", "confirmed", "refused", "replaced", "overtaken")
MoveEnd = Literal["applied", "confirmed", "refused", "replaced", "overtaken"]
_OPEN: Final = text("state = 'open'")
#: Confirmed, for a day that was still to come.
_TO_GIVE: Final = text("state = 'confirmed' AND given_at IS NULL")


class StatedMove(Base):
    """One statement of a holder; at most one is open an account. *words* is why a named person decided so. *from_day*
    is the first day at the new address, None: at once; *given_at* when letters were told of it."""

    __tablename__ = "stated_move"
    __table_args__ = (
        CheckConstraint(f"state IN {MOVE_STATES}", name="state"),
        CheckConstraint("state NOT IN ('confirmed', 'refused') OR decided_by <> ''", name="decided"),
        Index("ix_stated_move_state_issuer_id_id", "state", "issuer_id", "id"),
        Index("ix_stated_move_account_id_id", "account_id", "id"),
        Index("ix_stated_move_to_give", "from_day", sqlite_where=_TO_GIVE, postgresql_where=_TO_GIVE),
        Index("uq_stated_move_open", "account_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))  # who stated it
    address: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    ended_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    from_day: Mapped[date | None] = mapped_column(Date)
    given_at: Mapped[datetime | None]

    @property
    def postal_address(self) -> PostalAddress:
        return msgspec.msgpack.decode(self.address, type=PostalAddress)


def open_move_of(session: Session, account_id: int) -> StatedMove | None:
    """The account's move that waits for the issuer; None if none does."""
    mine = (StatedMove.account_id == account_id, StatedMove.state == "open")
    return session.scalar(select(StatedMove).where(*mine).execution_options(populate_existing=True))


def open_moves_of(session: Session, account_ids: Collection[int]) -> dict[int, StatedMove]:
    """The moves of these accounts that wait for their issuers, by account id."""
    if not account_ids:
        return {}
    mine = (StatedMove.account_id.in_(account_ids), StatedMove.state == "open")
    return {each.account_id: each for each in session.scalars(select(StatedMove).where(*mine))}


def last_moves_of(session: Session, consumer_id: int, account_ids: Collection[int]) -> dict[int, StatedMove]:
    """What this holder last stated for each of these accounts, by account id; an account of which they stated nothing
    is left out."""
    if not account_ids:
        return {}
    mine = (StatedMove.account_id.in_(account_ids), StatedMove.consumer_id == consumer_id)
    latest = select(func.max(StatedMove.id)).where(*mine).group_by(StatedMove.account_id)
    query = select(StatedMove).where(StatedMove.id.in_(latest)).execution_options(populate_existing=True)
    return {each.account_id: each for each in session.scalars(query)}


def moves_to_give(session: Session, today: date) -> list[StatedMove]:
    """The confirmed moves whose day has come, and which letters do not follow yet."""
    query = select(StatedMove).where(_TO_GIVE, StatedMove.from_day <= today).order_by(StatedMove.account_id)
    return list(session.scalars(query))


def open_moves(
    session: Session, issuer_id: int | None = None, after: int = 0, limit: int = 50
) -> list[tuple[StatedMove, CustomerAccount, Consumer]]:
    """Moves that wait for their issuer, of one issuer or (None) of all, oldest first, with account and holder."""
    query = (
        _open(select(StatedMove, CustomerAccount, Consumer), issuer_id)
        .join(CustomerAccount, CustomerAccount.id == StatedMove.account_id)
        .join(Consumer, Consumer.id == StatedMove.consumer_id)
        .where(StatedMove.id > after)
    )
    return [row._tuple() for row in session.execute(query.order_by(StatedMove.id).limit(limit))]


def count_open_moves(session: Session, issuer_id: int | None = None) -> int:
    """How many moves wait for their issuer, counted up to `MOST_COUNTED`."""
    return count_some(session, _open(select(StatedMove.id), issuer_id))


def _open(query: Select[*tuple[Any, ...]], issuer_id: int | None) -> Select[Any]:
    query = query.where(StatedMove.state == "open")
    return query.where(of_issuer(StatedMove.issuer_id, issuer_id))
