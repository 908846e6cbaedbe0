"""The payment table: one movement of money as the bank or the issuer told it, told once, with one outcome."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    bindparam,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from bill.payment.payment_entry import MovementKind, PaymentEntry
from store.base import Base, Blanks
from store.db.row_counting import count_some
from store.issuer import of_issuer
from store.reason_columns import CODE_LENGTH

#: `matched`: all of it is of bills, or it undoes another. `part`: some of it is of none: the account's, in favour.
#: `waiting`: a person decides. `ignored`: of no bill. `duplicate`: another one tells the same.
PAYMENT_OUTCOMES: Final = ("matched", "part", "waiting", "ignored", "duplicate")
#: Who told of a payment.
Teller = Literal["bank", "issuer"]
#: The condition of a partial index: few payments undo another.
_UNDOES: Final = text("undoes_id IS NOT NULL")
#: And few are of more than their bills ask.
_TOO_MUCH: Final = text("rest_of_id IS NOT NULL")


class PaymentRow(Base):
    """A payment, unique by issuer and *identity*: what the source itself tells it apart by (`payments.take_payments`).
    *content* is the packed `PaymentEntry`. *outcome* and what follows it were found by `payments.match_payments`, which
    finds it anew when something that bears on it comes, unless a person decided (*decided_by*). What was paid too much
    was paid of the bill *rest_of_id*: the *rest* or, of a payment that waits, all of it."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("issuer_id", "identity"),
        CheckConstraint(f"outcome IN {PAYMENT_OUTCOMES}", name="outcome"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_payment_issuer_id_outcome_id", "issuer_id", "outcome", "id"),
        Index("ix_payment_account_id", "account_id"),
        Index("ix_payment_issuer_id_booked_on_id", "issuer_id", "booked_on", "id"),
        Index("ix_payment_undoes_id", "undoes_id", sqlite_where=_UNDOES, postgresql_where=_UNDOES),
        Index("ix_payment_feed_id_item_seq", "feed_id", "item_seq"),
        Index("ix_payment_rest_of_id", "rest_of_id", sqlite_where=_TOO_MUCH, postgresql_where=_TOO_MUCH),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    identity: Mapped[str] = mapped_column(String(64))
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feed.id"))  # None: told through the API
    item_seq: Mapped[int | None]
    told_by: Mapped[Teller] = mapped_column(String(10))
    told_at: Mapped[datetime]
    kind: Mapped[MovementKind] = mapped_column(String(16))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    booked_on: Mapped[date] = mapped_column(Date)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[str] = mapped_column(String(10), default="waiting")
    why: Mapped[str] = mapped_column(String(30), default="")  # a code of `payments.matching.movement`
    rest: Mapped[Decimal] = mapped_column(default=Decimal(0))
    rest_of_id: Mapped[int | None] = mapped_column(ForeignKey("bill.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # why the person decided so

    @property
    def too_much(self) -> Decimal:
        """What of it was paid too much, as far as nobody has decided otherwise."""
        if self.rest_of_id is None:
            return Decimal(0)
        return self.amount if self.outcome == "waiting" else self.rest

    @property
    def entry(self) -> PaymentEntry:
        """The payment as it was told."""
        return unpack_entry(self.content)


_encoder: Final = msgspec.msgpack.Encoder(decimal_format="string")
_decoder: Final = msgspec.msgpack.Decoder(PaymentEntry)


def pack_entry(entry: PaymentEntry) -> bytes:
    """Pack a payment entry as bytes; the same entry gives the same bytes."""
    return _encoder.encode(entry)


def unpack_entry(content: bytes) -> PaymentEntry:
    """The payment entry that `pack_entry` packed."""
    return _decoder.decode(content)


def payments_by_id(session: Session, ids: Collection[int]) -> dict[int, PaymentRow]:
    """These payments, by id."""
    query = select(PaymentRow).where(PaymentRow.id.in_(ids)).execution_options(populate_existing=True)
    return {row.id: row for row in session.scalars(query)} if ids else {}


def payment_of_issuer(session: Session, issuer_id: int | None, payment_id: int) -> PaymentRow | None:
    """The payment of this id, if it is this issuer's (None: of any on board); else None."""
    mine = (PaymentRow.id == payment_id, of_issuer(PaymentRow.issuer_id, issuer_id))
    return session.scalar(select(PaymentRow).where(*mine))


def payments_by_identity(session: Session, issuer_id: int, identities: Collection[str]) -> dict[str, PaymentRow]:
    """The issuer's payments of these identities."""
    query = select(PaymentRow).where(PaymentRow.issuer_id == issuer_id, PaymentRow.identity.in_(identities))
    return {row.identity: row for row in session.scalars(query)} if identities else {}


def payments_after(
    session: Session, issuer_id: int | None, limit: int, before: int | None = None, outcomes: Sequence[str] = (),
    *, is_too_much: bool = False,
) -> list[PaymentRow]:  # fmt: skip
    """Payments of one issuer or (None) of all, newest first, by keyset; of these *outcomes*, where given, or those of
    which something was paid too much."""
    query = select(PaymentRow).order_by(PaymentRow.id.desc()).limit(limit)
    query = query.where(of_issuer(PaymentRow.issuer_id, issuer_id))
    if outcomes:
        query = query.where(PaymentRow.outcome.in_(outcomes))
    if is_too_much:
        query = query.where(PaymentRow.rest_of_id.is_not(None))
    if before is not None:
        query = query.where(PaymentRow.id < before)
    return list(session.scalars(query))


def count_waiting_payments(session: Session, issuer_id: int | None = None) -> int:
    """How many payments wait for a person, up to `MOST_COUNTED`."""
    query = select(PaymentRow.id).where(PaymentRow.outcome == "waiting")
    return count_some(session, query.where(of_issuer(PaymentRow.issuer_id, issuer_id)))


def paid_too_much(session: Session, bill_ids: Collection[int]) -> dict[int, Decimal]:
    """What payments brought beyond what each of these bills asks, by bill id, as far as nobody decided otherwise."""
    found: dict[int, Decimal] = {}
    for bill_id, outcome, rest, amount in session.connection().execute(_TOO_MUCH_OF, {"bill_ids": bill_ids}):
        assert bill_id is not None
        found[bill_id] = found.get(bill_id, Decimal(0)) + (amount if outcome == "waiting" else rest)
    return found


_TOO_MUCH_OF: Final = select(PaymentRow.rest_of_id, PaymentRow.outcome, PaymentRow.rest, PaymentRow.amount).where(
    PaymentRow.rest_of_id.in_(bindparam("bill_ids", expanding=True))
)


def waits_because(session: Session, account_id: int, why: str) -> bool:
    """Whether a payment of this account waits for a person, for this reason."""
    waiting = (PaymentRow.account_id == account_id, PaymentRow.outcome == "waiting", PaymentRow.why == why)
    return session.scalar(select(PaymentRow.id).where(*waiting).limit(1)) is not None


def has_payments(session: Session, issuer_id: int) -> bool:
    """Whether anything was ever told of this issuer's payments."""
    return session.scalar(select(PaymentRow.id).where(PaymentRow.issuer_id == issuer_id).limit(1)) is not None
