"""The bill table and its queries: columns to search by, the packed bill, and where its PDF is stored."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    update,
)  # fmt: skip
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from bill import Bill, DocumentAmount, Instalment, Paid, unpack
from store.accounts.consumer import Enrolment, is_held
from store.accounts.customer_account import CustomerAccount
from store.base import Base
from store.bills.search_words import asked_for, fold
from store.db.event import record
from store.db.row_locks import lock_rows
from store.feeds.feed import OUT, Feed
from store.issuer import Issuer

BILL_STATES: Final = ("released", "rendered", "chosen", "failed", "recalled", "superseded", "erased")
#: States in which a bill has its PDF and may be shown.
PRESENTABLE: Final = ("rendered", "chosen")
#: The condition of a partial index: not viewed and not posted, which few bills are at a time.
_UNREACHED: Final = text("viewed_at IS NULL AND posted_at IS NULL")
#: The condition of a partial unique index: the bill is not superseded.
_STANDS: Final = text("state <> 'superseded'")


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
        Index("ix_bill_account_id_issue_date_id", "account_id", "issue_date", "id"),
        Index("ix_bill_unreached", "state", "id", sqlite_where=_UNREACHED, postgresql_where=_UNREACHED),
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
    to_pay: Mapped[Decimal]  # to pay by hand, as issued: 0 for a credit note or a direct debit
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
    channel: Mapped[str | None] = mapped_column(String(10))  # portal | paper, once chosen
    viewed_at: Mapped[datetime | None]  # when a consumer first viewed it
    posted_at: Mapped[datetime | None]  # when a letter of it was first handed over to the print house
    said_paid_at: Mapped[datetime | None]  # reported by the consumer, not confirmed by the issuer
    said_paid: Mapped[Decimal | None]  # the amount reported; None: all
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
    is_copy: Mapped[bool] = mapped_column(default=False)  # its legal invoice goes through an approved platform
    words: Mapped[str] = mapped_column(Text, default="", deferred=True)  # search words (`store.bills.search_words`)

    @property
    def bill(self) -> Bill:
        """The whole bill, unpacked; cached while the row has this content."""
        content, known = self.content, self.__dict__.get("_unpacked")
        if known is None or known[0] is not content:
            known = self.__dict__["_unpacked"] = (content, unpack(content))
        bill: Bill = known[1]
        return bill

    @property
    def demand(self) -> DocumentAmount:
        """What the bill asks by itself, from the row's columns; without the numbers of the bills it refers to."""
        return DocumentAmount(
            number=self.number, type_code=self.type_code, issue_date=self.issue_date, currency=self.currency,
            payable=self.payable, gross=self.gross, is_collected=self.is_collected, due=self.due_date,
            instalments=() if self.instalments is None else unpack_instalments(self.instalments),
        )  # fmt: skip

    @property
    def paid(self) -> list[Paid]:
        """The payments reported for this bill."""
        return [] if self.said_paid_at is None else [Paid(self.said_paid_at.date(), self.said_paid)]


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


def bill_by_number(session: Session, issuer_id: int, number: str) -> BillRow | None:
    """The released bill with this number of its issuer, or None. Numbers claimed by a feed that is not released yet are
    left out."""
    return session.scalar(released().where(BillRow.issuer_id == issuer_id, BillRow.number == number, stands()))


def bills_by_number(session: Session, issuer_id: int, numbers: Collection[str]) -> dict[str, BillRow]:
    """The released bills with these numbers of their issuer, by number."""
    if not numbers:
        return {}
    query = released().where(BillRow.issuer_id == issuer_id, BillRow.number.in_(numbers), stands())
    return {row.number: row for row in session.scalars(query)}


def bills_under_number(session: Session, issuer_ids: Collection[int], number: str) -> list[BillRow]:
    """The released bills that stand under this number, at most one of each of these issuers."""
    query = released().where(BillRow.issuer_id.in_(issuer_ids), BillRow.number == number, stands())
    return list(session.scalars(query))


def bills_by_id(session: Session, ids: Collection[int]) -> list[BillRow]:
    """The bills of these ids, in no order, released or not."""
    return list(session.scalars(select(BillRow).where(BillRow.id.in_(ids))))


def released_bills(session: Session, issuer_id: int | None = None, after: int = 0, limit: int = 500) -> list[BillRow]:
    """Released bills by id, a page at a time (*after* is the last id of the page before)."""
    query = released().where(BillRow.id > after).order_by(BillRow.id).limit(limit)
    if issuer_id is not None:
        query = query.where(BillRow.issuer_id == issuer_id)
    return list(session.scalars(query))


def released() -> Select[BillRow]:
    """Select bills of released feeds. One update of the feed makes all its bills visible."""
    return select(BillRow).join(Feed, Feed.id == BillRow.feed_id).where(Feed.state.in_(OUT))


def bills_of_chunk(
    session: Session,
    feed_id: int,
    first_seq: int,
    last_seq: int,
    state: str,
    *,
    whole: bool = False,
    locked: bool = False,
) -> Sequence[BillRow]:
    """The bills in this state that were created from these items. *whole* loads their content too (`BillRow.bill`);
    *locked* locks them, so that none moves to another account before the transaction ends."""
    created = (BillRow.feed_id == feed_id, BillRow.item_seq.between(first_seq, last_seq), BillRow.state == state)
    query = select(BillRow).where(*created).order_by(BillRow.item_seq)
    if locked:
        lock_rows(session, BillRow, *created)
    return session.scalars(query.options(undefer(BillRow.content)) if whole else query).all()


def bills_of_consumer(
    session: Session, consumer_id: int, before: tuple[date, int] | None = None, limit: int = 20,
    account_id: int | None = None, asked: str = "",
) -> list[tuple[BillRow, Issuer]]:  # fmt: skip
    """A consumer's bills of all issuers with their issuer, newest first, by keyset (*before* is the last row's issue
    date and id). *asked* limits them to bills that contain all its words or whose issuer's name does."""
    query = _held_by(consumer_id).order_by(BillRow.issue_date.desc(), BillRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tuple_(BillRow.issue_date, BillRow.id) < tuple_(*before))
    if account_id is not None:
        query = query.where(BillRow.account_id == account_id)
    if words := asked_for(asked):
        issuers = session.execute(_issuers_of(consumer_id)).all()
        for word in words:
            bearing = [issuer_id for issuer_id, name in issuers if word in fold(name)]
            query = query.where(or_(BillRow.words.contains(word, autoescape=True), BillRow.issuer_id.in_(bearing)))
    return [(bill, issuer) for bill, issuer in session.execute(query)]


def bill_of_consumer(session: Session, consumer_id: int, uid: str) -> tuple[BillRow, Issuer] | None:
    """One whole bill with its issuer, if this consumer holds its account; otherwise None ("not yours" looks like "not
    there")."""
    query = _held_by(consumer_id).where(BillRow.uid == uid).options(undefer(BillRow.content))
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])


def shown_to(session: Session, consumer_id: int, issuer_id: int, numbers: Collection[str]) -> dict[str, BillRow]:
    """The issuer's bills with these numbers that this consumer may see, by number."""
    if not numbers:
        return {}
    query = _held_by(consumer_id).where(BillRow.issuer_id == issuer_id, BillRow.number.in_(numbers))
    return {row.number: row for row, _ in session.execute(query)}


def bills_before(session: Session, row: BillRow, limit: int) -> Sequence[BillRow]:
    """The bills of the same account issued before this one that may be shown, newest first."""
    query = (
        select(BillRow)
        .where(BillRow.account_id == row.account_id, BillRow.state.in_(PRESENTABLE))
        .where(tuple_(BillRow.issue_date, BillRow.id) < tuple_(row.issue_date, row.id))
        .order_by(BillRow.issue_date.desc(), BillRow.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def owed_by_consumer(session: Session, consumer_id: int, since: date) -> list[tuple[BillRow, Issuer]]:
    """Bills to be paid by hand, last due date on or after *since*, and not reported as paid in full; soonest due first,
    with their issuer. `amounts_due` computes what is left of them."""
    query = _asked_by_hand(consumer_id).where(_last_day() >= since).order_by(BillRow.due_date, BillRow.id)
    return [(bill, issuer) for bill, issuer in session.execute(query)]


def long_past_due(session: Session, consumer_id: int, before: date, limit: int) -> list[BillRow]:
    """Bills to be paid by hand, last due date before this day, and not reported as paid; latest first, *limit* at
    most."""
    query = _asked_by_hand(consumer_id).where(_last_day() < before).order_by(_last_day().desc(), BillRow.id)
    return [bill for bill, _ in session.execute(query.limit(limit))]


def _last_day() -> ColumnElement[date]:
    """SQL expression: the last due date of a bill, or its issue date if it has none."""
    return func.coalesce(BillRow.last_due_date, BillRow.due_date, BillRow.issue_date)


def _asked_by_hand(consumer_id: int) -> Select[BillRow, Issuer]:
    is_open = BillRow.said_paid_at.is_(None) | (BillRow.said_paid < BillRow.to_pay)
    return _held_by(consumer_id).where(BillRow.to_pay > 0, is_open)


def say_paid(
    session: Session, row: BillRow, at: datetime | None, amount: Decimal | None = None, *, now: datetime, by: str
) -> bool:
    """Record a consumer's report that a bill was paid: in full, or this *amount*; *at* None takes the report back.
    Returns False, and changes nothing, if somebody else has reported since *row* was read."""
    said = (
        update(BillRow)
        .where(BillRow.id == row.id, BillRow.said_paid_at.is_not_distinct_from(row.said_paid_at))
        .where(BillRow.said_paid.is_not_distinct_from(row.said_paid))
        .values(said_paid_at=at, said_paid=amount)
    )
    if session.execute(said).rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "bill", row.id, "said_unpaid" if at is None else "said_paid", now, by=by)
    return True


def _issuers_of(consumer_id: int) -> Select[int, str]:
    """Select the issuers of the accounts this consumer holds."""
    return (
        select(Issuer.id, Issuer.name)
        .join(CustomerAccount, CustomerAccount.issuer_id == Issuer.id)
        .join(Enrolment, Enrolment.account_id == CustomerAccount.id)
        .where(Enrolment.consumer_id == consumer_id, is_held())
        .distinct()
    )


def _held_by(consumer_id: int) -> Select[BillRow, Issuer]:
    return (
        select(BillRow, Issuer)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Enrolment.consumer_id == consumer_id, is_held(), BillRow.state.in_(PRESENTABLE))
    )
