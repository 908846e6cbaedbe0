"""Account questions: a bill names another person and another address under a known account number.

Each waits until a named person says whether it is the same holder, somebody else, or a new holder of the number.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import PostalAddress, Reason, number_key
from store.accounts.customer_account import CustomerAccount
from store.base import Base, Blanks
from store.db.bulk_insert import insert_rows
from store.db.row_counting import count_some
from store.feeds.feed import OUT, Feed
from store.issuer import of_issuer
from store.reason_columns import CODE_LENGTH

#: `reuse`: a bill names somebody else under the number; `split`: two accounts have different spellings of one number.
QUESTION_KINDS: Final = ("reuse", "split")
QUESTION_STATES: Final = ("open", "same", "other", "new_holder")
_OPEN: Final = text("state = 'open'")


class AccountQuestion(Base):
    """The account that has the number (*held*) and the account that was opened beside it (*other*). Names and addresses
    of both are stored as they were when the question was asked."""

    __tablename__ = "account_question"
    __table_args__ = (
        CheckConstraint(f"kind IN {QUESTION_KINDS}", name="kind"),
        CheckConstraint(f"state IN {QUESTION_STATES}", name="state"),
        CheckConstraint("state = 'open' OR decided_by <> ''", name="decided"),
        Index("ix_account_question_state_issuer_id", "state", "issuer_id"),
        Index("ix_account_question_other_id", "other_id"),
        Index("ix_account_question_held_id", "held_id"),
        Index(
            "uq_account_question_held_id_other_id",
            "held_id",
            "other_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    kind: Mapped[str] = mapped_column(String(10))
    held_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str] = mapped_column(String(200))  # in the spelling of the bill that raised it
    held_holder: Mapped[str] = mapped_column(String(300))
    held_address: Mapped[bytes] = mapped_column(LargeBinary)
    other_holder: Mapped[str] = mapped_column(String(300))
    other_address: Mapped[bytes] = mapped_column(LargeBinary)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feed.id"))  # of the bill that raised it
    item_seq: Mapped[int | None]
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")
    decided_at: Mapped[datetime | None]

    @property
    def address_of_held(self) -> PostalAddress:
        return msgspec.msgpack.decode(self.held_address, type=PostalAddress)

    @property
    def address_of_other(self) -> PostalAddress:
        return msgspec.msgpack.decode(self.other_address, type=PostalAddress)


def ask_about(session: Session, questions: Iterable[dict[str, Any]]) -> None:
    """Insert these questions as open, given as column values. A question that is open already stays as it is."""
    rows = [{"state": "open", "decided_at": None, **question} for question in questions]
    insert_rows(session, AccountQuestion, rows, new=True)


def waiting_questions(
    session: Session, issuer_id: int | None = None, after: int = 0, limit: int = 50, number: str = ""
) -> list[AccountQuestion]:
    """Open questions of released feeds, oldest first, by keyset (*after* is the last id of the page before). *number*
    limits them to one account number, in any spelling; *issuer_id* None means all issuers."""
    query = _waiting(select(AccountQuestion), issuer_id).where(AccountQuestion.id > after)
    if number:
        held = CustomerAccount.__table__
        query = query.join(held, held.c.id == AccountQuestion.held_id).where(held.c.number_key == number_key(number))
    return list(session.scalars(query.order_by(AccountQuestion.id).limit(limit)))


def count_questions(session: Session, issuer_id: int | None = None) -> int:
    """Count the questions that wait for a person, `MOST_COUNTED` at most."""
    return count_some(session, _waiting(select(AccountQuestion.id), issuer_id))


def questions_about(session: Session, account_ids: Collection[int]) -> list[AccountQuestion]:
    """The open questions that have one of these accounts on either side."""
    ids = list(account_ids)
    sides = or_(AccountQuestion.held_id.in_(ids), AccountQuestion.other_id.in_(ids))
    query = select(AccountQuestion).where(AccountQuestion.state == "open", sides).order_by(AccountQuestion.id)
    return list(session.scalars(query)) if ids else []


def is_told(session: Session, question: AccountQuestion) -> bool:
    """Whether a question may be shown: the feed of the bill that raised it is released."""
    query = select(AccountQuestion.id).outerjoin(Feed, Feed.id == AccountQuestion.feed_id)
    return session.scalar(query.where(AccountQuestion.id == question.id, is_out())) is not None


def is_out() -> ColumnElement[bool]:
    """SQL condition: the feed of the bill that raised the question is released. A `split` question has no feed and is
    always shown."""
    return or_(AccountQuestion.feed_id.is_(None), Feed.state.in_(OUT))


def _waiting(query: Select[Any], issuer_id: int | None) -> Select[Any]:
    query = query.outerjoin(Feed, Feed.id == AccountQuestion.feed_id).where(AccountQuestion.state == "open", is_out())
    return query.where(of_issuer(AccountQuestion.issuer_id, issuer_id))
