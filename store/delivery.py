"""Deliveries of bills by portal, message or paper; the attempts at each, and receipts (viewed, bounced, printed,
returned)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks, SqlMoment, insert_new
from store.db.bound_ids import is_among
from store.db.leases import Leased, lease_index
from store.db.row_counting import count_some
from store.issuer import Issuer
from store.reason_columns import CODE_LENGTH, reason_columns

DELIVERY_STATES: Final = (
    "waiting", "ready", "attempting", "in_doubt", "sent", "delivered", "failed", "cancelled",
)  # fmt: skip
OPEN_STATES: Final = ("waiting", "ready", "attempting", "in_doubt")
CHANNELS: Final = ("portal", "email", "sms", "push", "paper")
#: Those that bring a message to a person, who then looks at the bill elsewhere.
MESSAGE_CHANNELS: Final = ("email", "sms", "push")
#: More letters of one batch are not counted: no batch has ever held more.
MOST_LETTERS_COUNTED: Final = 1_000_000
#: The person of a paper delivery: it goes to the addressee, whoever that is, not to a consumer.
THE_ADDRESSEE: Final = None
#: The `code_root` of letters that were printed before roots had ids (`store.vault.key_ring`).
BEFORE_ROOTS: Final = "0"
#: The kind of the purpose of what a person sends once more: of a letter, a duplicate.
AGAIN: Final = "again"
#: The reason of a notice that goes out in its reader's digest, with the others of that person.
ANNOUNCED_IN_DIGEST: Final = "announced_in_digest"
_IN_DIGEST: Final = text(f"reason_code = '{ANNOUNCED_IN_DIGEST}' AND state IN {OPEN_STATES}")


class Delivery(Leased, Base):
    """One delivery of a bill, unique by bill, person, channel and purpose, with its reason. *purpose*: present,
    notify, remind-1…, due-1… (an instalment), print, again-1… (what a person sends once more)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("bill_id", "person_id", "channel", "purpose"),
        CheckConstraint(f"state IN {DELIVERY_STATES}", name="state"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        Index(
            "ix_delivery_state_channel_issuer_id_batch_id_due_at_id",
            "state",
            "channel",
            "issuer_id",
            "batch_id",
            "due_at",
            "id",
        ),
        Index("ix_delivery_batch_id_issuer_id", "batch_id", "issuer_id"),
        # The unique constraint takes each addressee (NULL) for another person.
        Index(
            "uq_delivery_bill_id_channel_purpose_addressee",
            "bill_id",
            "channel",
            "purpose",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
        Index("ix_delivery_claim_digest", "claim_digest"),
        Index("ix_delivery_person_id_digest", "person_id", sqlite_where=_IN_DIGEST, postgresql_where=_IN_DIGEST),
        Index("ix_delivery_reason_code_issuer_id_id", "reason_code", "issuer_id", "id"),
        lease_index("delivery"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))  # the bill's issuer, since issuers take turns
    person_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))  # a consumer, or THE_ADDRESSEE
    channel: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")
    article: Mapped[str | None] = mapped_column(String(200))  # of the law that asks for it, as it is cited
    due_at: Mapped[datetime]  # not before this moment, in business time
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("print_batch.id"))
    mail_piece: Mapped[int | None]  # which set of its batch's lot this letter is
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    claim_digest: Mapped[str | None] = mapped_column(String(64))  # digest of the code printed on this letter
    code_root: Mapped[str | None] = mapped_column(String(8))  # whose key makes this letter's code; from its printing on
    decided_by: Mapped[str] = mapped_column(String(200), default="")  # who stopped this delivery


class Attempt(Base):
    """One attempt at a delivery: committed before the act, its outcome after."""

    __tablename__ = "attempt"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))  # sent | refused | later | in_doubt
    message_id: Mapped[str] = mapped_column(String(200), default="")  # our reference of the message
    provider_id: Mapped[str] = mapped_column(String(200), default="", server_default="")  # the provider's own
    segments: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # of an SMS
    cost: Mapped[Decimal | None]  # what the provider asks for it, in EUR
    answer: Mapped[str] = mapped_column(Text, default="")  # in the outside's words
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # why we could not do the act


class Receipt(Base):
    """What the outside reported about a delivery, once a kind: viewed, bounced, undelivered, delayed, delivered,
    complained, auto_reply, printed, returned."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("delivery_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")


def is_delivery_due(now: datetime, state: str, channel: str, issuer_id: int) -> ColumnElement[bool]:
    """SQL condition: a delivery of this issuer is due and in no batch yet."""
    return and_(
        Delivery.state == state, Delivery.channel == channel, Delivery.issuer_id == issuer_id,
        Delivery.batch_id.is_(None), Delivery.due_at <= now,
    )  # fmt: skip


def is_any_due(now: SqlMoment, state: str, *channels: str) -> ColumnElement[bool]:
    """SQL condition: the same, for any issuer and these channels."""
    return exists(select(Issuer.id).where(or_(*(_has_due(now, state, channel) for channel in channels))))


def issuers_due(session: Session, now: datetime, state: str, channel: str, after: int = 0) -> list[int]:
    """Issuers with due deliveries, in turn: beginning with the next id after *after*, who had the last turn."""
    due = select(Issuer.id).where(_has_due(now, state, channel))
    return list(session.scalars(due.order_by(Issuer.id <= after, Issuer.id)))


def next_due(
    session: Session, now: datetime, state: str, channel: str, most: int, *conditions: ColumnElement[bool],
    after: int = 0,
) -> list[int]:  # fmt: skip
    """Ids of the next due deliveries, at most *most*, locked: an equal share for each issuer, in turn. *after* is the
    issuer who had the last turn. Reads only these rows, however many wait."""
    issuers = issuers_due(session, now, state, channel, after)[:most]
    share = most // max(len(issuers), 1)
    queues = [
        session.scalars(
            select(Delivery.id)
            .where(is_delivery_due(now, state, channel, issuer_id), *conditions)
            .order_by(*_IN_LINE)
            .limit(share)
            .with_for_update(skip_locked=True, key_share=True)
        ).all()
        for issuer_id in issuers
    ]
    return [each for turn in zip_longest(*queues) for each in turn if each is not None]


#: First come, first served. Names batch_id too: PostgreSQL needs it to use the index's order.
_IN_LINE: Final = (Delivery.batch_id, Delivery.due_at, Delivery.id)


def _has_due(now: SqlMoment, state: str, channel: str) -> ColumnElement[bool]:
    """SQL condition: the first delivery in an issuer's queue is due. One index look-up an issuer, whatever the plan."""
    first = select(Delivery.due_at).where(
        Delivery.state == state, Delivery.channel == channel, Delivery.issuer_id == Issuer.id,
        Delivery.batch_id.is_(None),
    )  # fmt: skip
    return first.order_by(*_IN_LINE).limit(1).correlate(Issuer).scalar_subquery() <= now


def number_of_again(purpose: str) -> int:
    """Which time it is that a bill is sent once more, from 1; 0 of any other purpose."""
    kind, _, rest = purpose.partition("-")
    return int(rest.partition("-")[0]) if kind == AGAIN else 0


def next_print(purpose: str) -> str:
    """The purpose of the letter that takes the place of one that was posted: print-2 of print, again-1-2 of again-1."""
    kind, _, rest = purpose.partition("-")
    if kind != AGAIN:
        return f"print-{int(rest or 1) + 1}"
    n, _, copy = rest.partition("-")
    return f"{AGAIN}-{n}-{int(copy or 1) + 1}"


def create_deliveries(session: Session, rows: Sequence[dict[str, object]]) -> int:
    """Insert deliveries, each with its `reason`, skipping those that exist; returns the number of new ones."""
    defaults: dict[str, object] = {
        "person_id": THE_ADDRESSEE, "state": "waiting", "attempts": 0, "lease_until": 0.0, "replaces_id": None,
        "sent_at": None, "delivered_at": None, "article": None,
        "decided_by": "",
    }  # fmt: skip
    return insert_new(session, Delivery, [defaults | _columns_of(row) for row in rows])


def _columns_of(row: dict[str, object]) -> dict[str, object]:
    columns = dict(row)
    reason = columns.pop("reason")
    assert isinstance(reason, Reason)
    return columns | reason_columns(reason)


def deliveries_of(session: Session, bill_id: int) -> list[Delivery]:
    """All deliveries of a bill, past ones too, oldest first."""
    return list(session.scalars(select(Delivery).where(Delivery.bill_id == bill_id).order_by(Delivery.id)))


def seen_by(session: Session, consumer_id: int, bill_ids: Collection[int]) -> set[int]:
    """Those of these bills that this consumer has seen, whoever else has: read from the unique constraint's index."""
    if not bill_ids:
        return set()
    found = session.connection().execute(_SEEN_BY, {"consumer_id": consumer_id, "bill_ids": bill_ids})
    return {bill_id for bill_id, state in found if state == "delivered"}


#: The state is looked at here: as a condition it leads SQLite to the index of all deliveries in that state.
_SEEN_BY: Final = select(Delivery.bill_id, Delivery.state).where(
    is_among(Delivery.bill_id, "bill_ids"),
    Delivery.person_id == bindparam("consumer_id", type_=BigInteger), Delivery.channel == "portal",
    Delivery.purpose == "present",
)  # fmt: skip


def attempts_by_delivery(session: Session, delivery_ids: Collection[int]) -> dict[int, list[Attempt]]:
    """The attempts at each of these deliveries, first to last; a delivery without any has an empty list."""
    found: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in session.scalars(select(Attempt).where(Attempt.delivery_id.in_(delivery_ids)).order_by(Attempt.n)):
        found[attempt.delivery_id].append(attempt)
    return found


def receipts_by_delivery(session: Session, delivery_ids: Collection[int]) -> dict[int, list[Receipt]]:
    """The receipts of each of these deliveries, oldest first; a delivery without any has an empty list."""
    found: dict[int, list[Receipt]] = defaultdict(list)
    for receipt in session.scalars(select(Receipt).where(Receipt.delivery_id.in_(delivery_ids)).order_by(Receipt.id)):
        found[receipt.delivery_id].append(receipt)
    return found


def count_letters(session: Session, batch_ids: Collection[int], issuer_id: int | None = None) -> dict[int, int]:
    """How many letters lie in each of these print batches, of one issuer or (None) of all, by batch id. A batch with
    none is left out. Answered from `ix_delivery_batch_id_issuer_id` alone."""
    letters = {}
    for batch_id in batch_ids:
        inside = select(Delivery.id).where(Delivery.batch_id == batch_id)
        if issuer_id is not None:
            inside = inside.where(Delivery.issuer_id == issuer_id)
        if number := count_some(session, inside, MOST_LETTERS_COUNTED):
            letters[batch_id] = number
    return letters


def record_receipt(session: Session, delivery_id: int, kind: str, at: datetime, words: str = "") -> bool:
    """Record a receipt. Returns False if it is known already: the outside reports things twice."""
    row = {"delivery_id": delivery_id, "kind": kind, "at": at, "words": words[:2000]}
    return insert_new(session, Receipt, [row]) == 1
