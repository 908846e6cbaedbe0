"""Holder disputes: the earlier of two holders of an account has suspended the later; a named person decides.

The earlier may suspend the later, never the reverse: the later proved no more than the earlier did.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.db.row_counting import count_some
from store.issuer import of_issuer
from store.reason_columns import CODE_LENGTH

#: `open`: the later holder is suspended. It ends when the earlier lifts it (`lifted`), or when a named person decides:
#: both hold the account (`restored`), only the earlier (`removed`), or only the later (`replaced`).
DISPUTE_STATES: Final = ("open", "lifted", "restored", "removed", "replaced")
DisputeDecision = Literal["restored", "removed", "replaced"]
_OPEN: Final = text("state = 'open'")


class Dispute(Base):
    """The earlier holder suspended the later one on an account. *asked_at* is when the suspended holder asked the
    issuer to decide, *words* their message."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint(f"state IN {DISPUTE_STATES}", name="state"),
        CheckConstraint("state = 'open' OR decided_by <> ''", name="decided"),
        Index("ix_dispute_state_issuer_id", "state", "issuer_id"),
        Index("ix_dispute_account_id", "account_id"),
        Index(
            "uq_dispute_account_id_later_id", "account_id", "later_id", unique=True, sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    earlier_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    later_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")
    settled_at: Mapped[datetime | None]


def open_disputes(session: Session, issuer_id: int | None = None, after: int = 0, limit: int = 50) -> list[Dispute]:
    """Disputes that wait for a decision, oldest first, by keyset (*after* is the last id of the page before)."""
    query = _open(select(Dispute), issuer_id).where(Dispute.id > after).order_by(Dispute.id).limit(limit)
    return list(session.scalars(query))


def count_disputes(session: Session, issuer_id: int | None = None) -> int:
    """Count open disputes in which the suspended holder asked the issuer, `MOST_COUNTED` at most."""
    return count_some(session, _open(select(Dispute.id), issuer_id).where(Dispute.asked_at.is_not(None)))


def dispute_about(session: Session, account_id: int, later_id: int) -> Dispute | None:
    """The latest dispute in which this consumer is the suspended holder of the account."""
    mine = (Dispute.account_id == account_id, Dispute.later_id == later_id)
    return session.scalar(select(Dispute).where(*mine).order_by(Dispute.id.desc()).limit(1))


def disputes_on(session: Session, account_ids: Iterable[int]) -> list[Dispute]:
    """The open disputes on these accounts."""
    query = select(Dispute).where(Dispute.account_id.in_(list(account_ids)), Dispute.state == "open")
    return list(session.scalars(query.order_by(Dispute.id)))


def _open(query: Select[Any], issuer_id: int | None) -> Select[Any]:
    query = query.where(Dispute.state == "open")
    return query.where(of_issuer(Dispute.issuer_id, issuer_id))
