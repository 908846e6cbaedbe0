"""Requests to pay a bill in several parts, and the payment plans that issuers granted."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Text,
    bindparam,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import ZERO, Instalment, PaymentPlan, Reason
from store.base import Base, Blanks
from store.bills.bill import unpack_instalments
from store.db.row_counting import count_some
from store.issuer import of_issuer
from store.reason_columns import CODE_LENGTH

#: `asked`: it waits for the issuer's answer: `granted` or `refused` by a named person. `withdrawn` by the customer.
PLAN_STATES: Final = ("asked", "granted", "refused", "withdrawn")
_ASKED: Final = text("state = 'asked'")


class PlanRequest(Base):
    """A consumer asks to pay what is left of a bill in so many *parts*, from *first_on* on; one open request a bill.

    A granted one has *instalments*, which add up to what was left then, and what had been *paid* and *credited* before
    (`bill.payment.payment_plan`). The latest that was granted replaces the bill's due dates.
    """

    __tablename__ = "payment_plan"
    __table_args__ = (
        CheckConstraint(f"state IN {PLAN_STATES}", name="state"),
        CheckConstraint("state IN ('asked', 'withdrawn') OR decided_by <> ''", name="decided"),
        CheckConstraint("state <> 'granted' OR instalments IS NOT NULL", name="granted"),
        Index("ix_payment_plan_state_issuer_id_id", "state", "issuer_id", "id"),
        Index("ix_payment_plan_bill_id", "bill_id"),
        Index("uq_payment_plan_asked", "bill_id", unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))  # who asked
    state: Mapped[str] = mapped_column(String(10), default="asked")
    asked_at: Mapped[datetime]
    parts: Mapped[int]
    first_on: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # what the issuer says to a refusal
    instalments: Mapped[bytes | None] = mapped_column(LargeBinary)
    paid: Mapped[Decimal] = mapped_column(default=ZERO)
    credited: Mapped[Decimal] = mapped_column(default=ZERO)

    @property
    def granted(self) -> tuple[Instalment, ...]:
        """The instalments that were granted; none before."""
        return unpack_instalments(self.instalments) if self.instalments else ()


def plans_of_bills(
    session: Session, bill_ids: Collection[int], known_by: datetime | None = None
) -> dict[int, PaymentPlan]:
    """The plans by which these bills are paid, by bill id; with *known_by*, those that held then."""
    query, values = (_GRANTED, {}) if known_by is None else (_GRANTED_BY, {"known_by": known_by})
    rows = session.connection().execute(query, {"bill_ids": bill_ids, **values}) if bill_ids else ()
    return {
        bill_id: PaymentPlan(unpack_instalments(instalments) if instalments else (), paid, credited)
        for bill_id, state, instalments, paid, credited in rows
        if state == "granted"
    }


#: The state is looked at here: as a condition it leads SQLite to the index of all plans in that state.
_GRANTED: Final = (
    select(PlanRequest.bill_id, PlanRequest.state, PlanRequest.instalments, PlanRequest.paid, PlanRequest.credited)
    .where(PlanRequest.bill_id.in_(bindparam("bill_ids", expanding=True)))
    .order_by(PlanRequest.id)
)
_GRANTED_BY: Final = _GRANTED.where(PlanRequest.settled_at <= bindparam("known_by", type_=PlanRequest.asked_at.type))


def plan_of_bill(session: Session, bill_id: int) -> PlanRequest | None:
    """The latest request about this bill, in whatever state."""
    query = select(PlanRequest).where(PlanRequest.bill_id == bill_id)
    return session.scalar(query.order_by(PlanRequest.id.desc()).limit(1).execution_options(populate_existing=True))


def plans_asked(session: Session, bill_ids: Collection[int]) -> list[PlanRequest]:
    """The requests about these bills that wait for their answer."""
    query = select(PlanRequest).where(PlanRequest.bill_id.in_(bill_ids), PlanRequest.state == "asked")
    return list(session.scalars(query.order_by(PlanRequest.id))) if bill_ids else []


def asked_of_bills(session: Session, bill_ids: Collection[int]) -> dict[int, datetime]:
    """Since when a request about each of these bills waits for its answer, by bill id."""
    query = select(PlanRequest.bill_id, PlanRequest.asked_at)
    query = query.where(PlanRequest.bill_id.in_(bill_ids), PlanRequest.state == "asked")
    return dict(session.execute(query).tuples().all()) if bill_ids else {}


def open_plans(session: Session, issuer_id: int | None = None, after: int = 0, limit: int = 50) -> list[PlanRequest]:
    """Requests that wait for an answer, oldest first, by keyset (*after* is the last id of the page before)."""
    query = _open(select(PlanRequest), issuer_id).where(PlanRequest.id > after).order_by(PlanRequest.id).limit(limit)
    return list(session.scalars(query))


def count_open_plans(session: Session, issuer_id: int | None = None) -> int:
    """Count requests that wait for an answer, `MOST_COUNTED` at most."""
    return count_some(session, _open(select(PlanRequest.id), issuer_id))


def _open(query: Select[Any], issuer_id: int | None) -> Select[Any]:
    query = query.where(PlanRequest.state == "asked")
    return query.where(of_issuer(PlanRequest.issuer_id, issuer_id))
