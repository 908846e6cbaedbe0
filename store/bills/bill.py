"""The bill table: columns to search by, the packed bill, and where its PDF is stored."""

import secrets
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Protocol

import msgspec
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from bill import Bill, DocumentAmount, Instalment, Paid, unpack
from store.base import Base

BILL_STATES: Final = ("released", "rendered", "chosen", "failed", "recalled", "superseded", "erased")
#: States in which a bill has its PDF and may be shown.
PRESENTABLE: Final = ("rendered", "chosen")
#: The channel of a bill that its reader brought in: it is delivered by nobody.
IMPORTED_CHANNEL: Final = "imported"
#: The columns by which the bills of an account are listed.
_BY_ACCOUNT: Final = ("account_id", "issue_date", "id")
#: The condition of a partial index: not viewed and not posted, which few bills are at a time.
_UNREACHED: Final = text("viewed_at IS NULL AND posted_at IS NULL")
#: The conditions of partial indexes: something was to be paid by hand; no plain invoice, or in several parts.
_TO_PAY: Final = text("to_pay > 0")
_UNCOMMON: Final = text("type_code <> '380' OR instalments IS NOT NULL")
#: The condition of a partial unique index: the bill is not superseded.
_STANDS: Final = text("state <> 'superseded'")
#: The condition of a partial index: an e-mail address came with the bill.
_HAS_EMAIL: Final = text("buyer_email_digest IS NOT NULL")
#: The condition of a partial index: a channel was chosen.
_HAS_CHANNEL: Final = text("channel IS NOT NULL")


def _now() -> datetime:
    """When a row changes, by the clock of who writes it: business time may be another."""
    return datetime.now(UTC)


class BillRow(Base):
    """A stored bill, unique by issuer and number for ever; only one that has reached nobody may be superseded by
    another.

    *uid* is its name in links: it cannot be guessed, and gives no access to a consumer who does not hold the account.
    """

    __tablename__ = "bill"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("feed_id", "item_seq"),
        CheckConstraint(f"state IN {BILL_STATES}", name="state"),
        CheckConstraint("state NOT IN ('rendered', 'chosen') OR pdf_sha256 IS NOT NULL", name="pdf"),
        Index("ix_bill_account_id_issue_date_id", *_BY_ACCOUNT),
        Index("ix_bill_issuer_id_issue_date_id", "issuer_id", "issue_date", "id"),
        Index("ix_bill_issuer_id_payable_id", "issuer_id", "payable", "id"),
        Index("ix_bill_to_pay", *_BY_ACCOUNT, sqlite_where=_TO_PAY, postgresql_where=_TO_PAY),
        Index("ix_bill_uncommon", *_BY_ACCOUNT, sqlite_where=_UNCOMMON, postgresql_where=_UNCOMMON),
        Index("ix_bill_unreached", "state", "issuer_id", "id", sqlite_where=_UNREACHED, postgresql_where=_UNREACHED),
        Index("ix_bill_issuer_id_due_date_id", "issuer_id", "due_date", "id"),
        Index("ix_bill_issuer_id_changed_at_id", "issuer_id", "changed_at", "id"),
        Index(
            "ix_bill_channel",
            "issuer_id",
            "channel",
            "issue_date",
            "id",
            sqlite_where=_HAS_CHANNEL,
            postgresql_where=_HAS_CHANNEL,
        ),
        Index(
            "ix_bill_buyer_email",
            "issuer_id",
            "buyer_email_digest",
            "id",
            sqlite_where=_HAS_EMAIL,
            postgresql_where=_HAS_EMAIL,
        ),
        Index(
            "uq_bill_issuer_id_number",
            "issuer_id",
            "number",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(24))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    number: Mapped[str] = mapped_column(String(200))
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    item_seq: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(String(12), default="released")
    type_code: Mapped[str] = mapped_column(String(10))
    issue_date: Mapped[date] = mapped_column(Date)
    due_date: Mapped[date | None] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3))
    gross: Mapped[Decimal | None]
    payable: Mapped[Decimal]
    to_pay: Mapped[Decimal]  # to pay by hand, less what bank or issuer told: 0 for a credit note or a direct debit
    is_collected: Mapped[bool] = mapped_column(default=False)  # by direct debit
    instalments: Mapped[bytes | None] = mapped_column(LargeBinary)  # packed; None without instalments
    last_due_date: Mapped[date | None] = mapped_column(Date)  # of its instalments
    seller_name: Mapped[str] = mapped_column(String(300))
    buyer_name: Mapped[str] = mapped_column(String(300))
    line_count: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    body_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    channel: Mapped[str | None] = mapped_column(String(10))  # portal | paper, once chosen; imported
    viewed_at: Mapped[datetime | None]  # when a consumer first viewed it
    posted_at: Mapped[datetime | None]  # when a letter of it was first handed over to the print house
    said_paid_at: Mapped[datetime | None]  # reported by the consumer, not confirmed by the issuer
    said_paid: Mapped[Decimal | None]  # the amount reported; None: all
    payment_told_at: Mapped[datetime | None]  # when bank or issuer last told of a payment of it
    template_id: Mapped[int | None] = mapped_column(ForeignKey("template.id"))
    segment_sha256: Mapped[str | None] = mapped_column(String(64))
    segment_at: Mapped[int | None]  # offset of the record in the segment blob
    segment_length: Mapped[int | None]
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    pdf_size: Mapped[int | None]
    used_from: Mapped[date | None] = mapped_column(Date)  # period and consumption (`bill.Span`)
    used_to: Mapped[date | None] = mapped_column(Date)
    used: Mapped[Decimal | None]
    used_unit: Mapped[str] = mapped_column(String(10), default="")
    history: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # the history it was rendered with
    changed_at: Mapped[datetime | None] = mapped_column(onupdate=_now)  # of this row; None: before this was kept
    is_copy: Mapped[bool] = mapped_column(default=False)  # its legal invoice goes through an approved platform
    buyer_email_digest: Mapped[int | None] = mapped_column(BigInteger)  # of the address that came with it

    @property
    def bill(self) -> Bill:
        """The whole bill, unpacked; cached while the row has this content."""
        content, known = self.content, self.__dict__.get("_unpacked")
        if known is None or known[0] is not content:
            known = self.__dict__["_unpacked"] = (content, unpack(content))
        bill: Bill = known[1]
        return bill

    @property
    def is_imported(self) -> bool:
        """Whether the reader brought it in (`store.imports`): no issuer on board knows of it."""
        return self.channel == IMPORTED_CHANNEL

    @property
    def demand(self) -> DocumentAmount:
        """What the bill asks by itself, from the row's columns; without the numbers of the bills it refers to."""
        return asked_by(self)

    @property
    def paid(self) -> list[Paid]:
        """The payment that the consumer reported; what bank and issuer tell is in `store.payments`."""
        return said_of(self)


class AmountColumns(Protocol):
    """The columns that say what a bill asks, and what the consumer reported."""

    @property
    def number(self) -> str: ...
    @property
    def type_code(self) -> str: ...
    @property
    def issue_date(self) -> date: ...
    @property
    def currency(self) -> str: ...
    @property
    def payable(self) -> Decimal: ...
    @property
    def gross(self) -> Decimal | None: ...
    @property
    def is_collected(self) -> bool: ...
    @property
    def due_date(self) -> date | None: ...
    @property
    def instalments(self) -> bytes | None: ...
    @property
    def said_paid_at(self) -> datetime | None: ...
    @property
    def said_paid(self) -> Decimal | None: ...


def asked_by(row: AmountColumns) -> DocumentAmount:
    """What a bill asks by itself, from these columns."""
    return DocumentAmount(
        number=row.number, type_code=row.type_code, issue_date=row.issue_date, currency=row.currency,
        payable=row.payable, gross=row.gross, is_collected=row.is_collected, due=row.due_date,
        instalments=() if row.instalments is None else unpack_instalments(row.instalments),
    )  # fmt: skip


def said_of(row: AmountColumns) -> list[Paid]:
    """The payment that the consumer reported, from these columns."""
    said_at = row.said_paid_at
    return [] if said_at is None else [Paid(said_at.date(), row.said_paid, told_at=said_at)]


def pack_instalments(instalments: tuple[Instalment, ...]) -> bytes | None:
    """Pack a bill's instalments as bytes; None if it has none."""
    return _encoder.encode(instalments) if instalments else None


def unpack_instalments(content: bytes) -> tuple[Instalment, ...]:
    """The instalments that `pack_instalments` packed."""
    return _decoder.decode(content)


_encoder: Final = msgspec.msgpack.Encoder(decimal_format="string")
_decoder: Final = msgspec.msgpack.Decoder(tuple[Instalment, ...])


def stands() -> ColumnElement[bool]:
    """SQL condition: no other bill has superseded this one under its number."""
    return BillRow.state != literal_column("'superseded'")  # a literal: with a parameter the index is not used


def is_set_apart() -> ColumnElement[bool]:
    """SQL condition: the bill failed and waits for a person. Repeats the terms of the partial index, so that it is
    used."""
    return and_(BillRow.state == "failed", BillRow.viewed_at.is_(None), BillRow.posted_at.is_(None))


def new_uid() -> str:
    """A random name for links, of 96 bits."""
    return secrets.token_urlsafe(12)
