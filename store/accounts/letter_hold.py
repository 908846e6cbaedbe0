"""Letter holds: accounts whose letters a named person keeps back, until that person or another lets them go."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

LONGEST_REASON: Final = 500


class LetterHold(Base):
    """A row while the account's letters are held: by whom, why, and since when. What came before and after is told by
    the account's notices."""

    __tablename__ = "letter_hold"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    at: Mapped[datetime]


def keep_hold(session: Session, account_id: int, by: str, reason: str, at: datetime) -> bool:
    """Hold the account's letters from now on. Returns False if somebody does already."""
    row = {"account_id": account_id, "by": by[:200], "reason": reason[:LONGEST_REASON], "at": at}
    return insert_new(session, LetterHold, [row]) == 1


def end_hold(session: Session, account_id: int) -> bool:
    """Hold them no longer. Returns False if nobody did."""
    ended = session.execute(delete(LetterHold).where(LetterHold.account_id == account_id))
    return ended.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def holds_of(session: Session, account_ids: Collection[int]) -> dict[int, LetterHold]:
    """The holds of these accounts, by account id; an account without one is left out."""
    query = select(LetterHold).where(LetterHold.account_id.in_(account_ids))
    return {each.account_id: each for each in session.scalars(query)} if account_ids else {}
