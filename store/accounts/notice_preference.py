"""How a consumer wants to hear of bills: a row for all accounts, and one for each account that is an exception.

There is a row only where somebody chose. Each change is an event of the consumer: who chose what, when.
"""

from collections.abc import Collection
from datetime import datetime, time
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Time,
    UniqueConstraint,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from store.base import Base

#: A mail for each bill, or one mail a week for all.
DIGESTS: Final = ("each", "weekly")
_FOR_ALL: Final = text("account_id IS NULL")


class NoticePreferenceRow(Base):
    """A consumer's choice for one account, or for all of them (*account_id* NULL). The row of an account stands for
    the whole choice: nothing of the other row is added to it."""

    __tablename__ = "notice_preference"
    __table_args__ = (
        UniqueConstraint("consumer_id", "account_id"),
        CheckConstraint(f"digest IN {DIGESTS}", name="digest"),
        CheckConstraint("digest_day BETWEEN 0 AND 6", name="digest_day"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
        # The unique constraint takes each NULL for another account.
        Index(
            "uq_notice_preference_for_all", "consumer_id", unique=True, sqlite_where=_FOR_ALL,
            postgresql_where=_FOR_ALL,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    channels: Mapped[str] = mapped_column(String(40))  # parted by blanks; "" for none, which is paper
    digest: Mapped[str] = mapped_column(String(10))
    digest_day: Mapped[int]  # 0 is Monday
    quiet_from: Mapped[time | None] = mapped_column(Time)  # local to the account's postcode
    quiet_until: Mapped[time | None] = mapped_column(Time)
    language: Mapped[str] = mapped_column(String(5), default="")  # "" is the consumer's own
    chosen_at: Mapped[datetime]


def preference_rows(
    session: Session, consumer_ids: Collection[int], account_ids: Collection[int]
) -> list[NoticePreferenceRow]:
    """The choices of these consumers for all accounts and for any of these accounts, in one query."""
    mine = NoticePreferenceRow.consumer_id.in_(consumer_ids)
    about = or_(NoticePreferenceRow.account_id.is_(None), NoticePreferenceRow.account_id.in_(account_ids))
    return list(session.scalars(select(NoticePreferenceRow).where(mine, about)))


def move_preferences(session: Session, from_id: int, to_id: int) -> None:
    """Move the choices for one account to another that it was joined with. Who had chosen for that one keeps it so."""
    chosen = aliased(NoticePreferenceRow)
    is_chosen = exists().where(chosen.account_id == to_id, chosen.consumer_id == NoticePreferenceRow.consumer_id)
    moved = update(NoticePreferenceRow).where(NoticePreferenceRow.account_id == from_id, ~is_chosen)
    session.execute(moved.values(account_id=to_id), execution_options={"synchronize_session": False})


def preference_row(session: Session, consumer_id: int, account_id: int | None) -> NoticePreferenceRow | None:
    """The consumer's choice for this account, or (None) for all; None where they have not chosen."""
    same = NoticePreferenceRow.account_id.is_not_distinct_from(account_id)
    return session.scalar(select(NoticePreferenceRow).where(NoticePreferenceRow.consumer_id == consumer_id, same))
