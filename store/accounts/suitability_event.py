"""The yearly question whether bills without paper still suit a customer: asked, answered, left unanswered, or come back
before it reached anybody. Rows never change."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ColumnElement, Date, ForeignKey, Index, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from store.base import Base, insert_new

#: `asked`: announced to the holders. `suits`, `paper`: a holder's answer. `seen`, `unseen`: nobody has answered in
#: time, and somebody had looked at a bill within the year, or nobody. `not_asked`: its e-mails came back, and it has
#: reached nobody.
SUITABILITY_ACTS = ("asked", "suits", "paper", "seen", "unseen", "not_asked")
SuitabilityAct = Literal["asked", "suits", "paper", "seen", "unseen", "not_asked"]


class SuitabilityEvent(Base):
    """One event of one year's question, which is known by the day that its answer is due. *consumer_id* is who
    answered; *wording* the version of the text; *way* the channel: email or portal (`road`: nobody's act); *article*
    the legal basis."""

    __tablename__ = "suitability_event"
    __table_args__ = (
        UniqueConstraint("account_id", "due_on", "act"),
        CheckConstraint(f"act IN {SUITABILITY_ACTS}", name="act"),
        Index("ix_suitability_event_act_due_on", "act", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    due_on: Mapped[date] = mapped_column(Date)
    act: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    wording: Mapped[str] = mapped_column(String(40))
    way: Mapped[str] = mapped_column(String(10))
    article: Mapped[str] = mapped_column(String(100))


def append_suitability(
    session: Session, account_id: int, due_on: date, act: SuitabilityAct, at: datetime, *, wording: str, way: str,
    article: str, consumer_id: int | None = None,
) -> bool:  # fmt: skip
    """Append one event. Returns False if it is there already."""
    row = {
        "account_id": account_id, "consumer_id": consumer_id, "due_on": due_on, "act": act, "at": at,
        "wording": wording, "way": way, "article": article,
    }  # fmt: skip
    return insert_new(session, SuitabilityEvent, [row]) == 1


def open_questions(session: Session, account_ids: Collection[int]) -> dict[int, SuitabilityEvent]:
    """The question of each of these accounts that waits for an answer, by account id."""
    if not account_ids:
        return {}
    query = select(SuitabilityEvent).where(SuitabilityEvent.account_id.in_(account_ids), is_open_question())
    return {each.account_id: each for each in session.scalars(query.order_by(SuitabilityEvent.due_on))}


def is_open_question() -> ColumnElement[bool]:
    """SQL condition: this row asks, and nothing has ended that year's question."""
    other = aliased(SuitabilityEvent)
    mine = (other.account_id == SuitabilityEvent.account_id, other.due_on == SuitabilityEvent.due_on)
    return (SuitabilityEvent.act == "asked") & ~exists().where(*mine, other.act != "asked")


def was_asked() -> ColumnElement[bool]:
    """SQL condition: this row asks, and the question reached somebody as far as is known."""
    other = aliased(SuitabilityEvent)
    mine = (other.account_id == SuitabilityEvent.account_id, other.due_on == SuitabilityEvent.due_on)
    return (SuitabilityEvent.act == "asked") & ~exists().where(*mine, other.act == "not_asked")


def last_due(session: Session, account_ids: Collection[int]) -> dict[int, date]:
    """The latest day that an answer was due, of the accounts that were ever asked."""
    asked = select(SuitabilityEvent.account_id, SuitabilityEvent.due_on).where(was_asked())
    mine = asked.where(SuitabilityEvent.account_id.in_(account_ids)).order_by(SuitabilityEvent.due_on)
    return dict(session.execute(mine).tuples().all())


def ever_not_asked(session: Session, account_ids: Collection[int]) -> set[int]:
    """Those of these accounts of which a question came back and reached nobody."""
    query = select(SuitabilityEvent.account_id).where(SuitabilityEvent.account_id.in_(account_ids))
    return set(session.scalars(query.where(SuitabilityEvent.act == "not_asked")))


def suitability_events(session: Session, account_id: int) -> list[SuitabilityEvent]:
    """All that was asked and answered about an account, oldest first."""
    query = select(SuitabilityEvent).where(SuitabilityEvent.account_id == account_id)
    return list(session.scalars(query.order_by(SuitabilityEvent.at, SuitabilityEvent.id)))
