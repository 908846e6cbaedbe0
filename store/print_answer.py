"""Answers of print houses, each kept once, so that a second one about a lot is seen, and one about no lot of ours."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new

LONGEST_FILE_NAME: Final = 120


class PrintAnswer(Base):
    """What a print house wrote into one file; the same file with other content is another answer. *batch_id* is None
    when it is about no lot of ours; then *settled_by* names who has looked into it."""

    __tablename__ = "print_answer"
    __table_args__ = (UniqueConstraint("house", "file", "sha256"), Index("ix_print_answer_batch_id", "batch_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    house: Mapped[str] = mapped_column(String(40))  # slug of the print house
    file: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    sha256: Mapped[str] = mapped_column(String(64))  # of the file's content
    stamp: Mapped[int]  # when the file was last changed, in nanoseconds since 1970
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("print_batch.id"))
    read_at: Mapped[datetime]
    letters: Mapped[int]
    sheets: Mapped[int]
    missing: Mapped[list[int]] = mapped_column(JSON)  # sets that were not printed
    settled_by: Mapped[str] = mapped_column(String(200), default="", server_default="")


def read_files(session: Session, house: str, files: Collection[str]) -> set[tuple[str, int]]:
    """Return which of a house's files were read, each with the time of its last change as it was then."""
    mine = select(PrintAnswer.file, PrintAnswer.stamp).where(PrintAnswer.house == house, PrintAnswer.file.in_(files))
    return {row._tuple() for row in session.execute(mine)}


def keep_answer(session: Session, row: dict[str, Any]) -> PrintAnswer | None:
    """Keep an answer, given by its columns. Returns it if it is new; None when its file had this content before."""
    same = (
        PrintAnswer.house == row["house"], PrintAnswer.file == row["file"], PrintAnswer.sha256 == row["sha256"],
    )  # fmt: skip
    if insert_new(session, PrintAnswer, [row]) == 1:
        return session.scalars(select(PrintAnswer).where(*same)).one()
    session.execute(update(PrintAnswer).where(*same).values(stamp=row["stamp"]))
    return None


def answers_about(session: Session, batch_id: int) -> list[PrintAnswer]:
    """All answers about a print batch, the first one first."""
    return list(
        session.scalars(select(PrintAnswer).where(PrintAnswer.batch_id == batch_id).order_by(PrintAnswer.id))
    )  # fmt: skip


def stray_answers(session: Session, limit: int = 50) -> list[PrintAnswer]:
    """Answers about no lot of ours that nobody has looked into, oldest first."""
    stray = (PrintAnswer.batch_id.is_(None), PrintAnswer.settled_by == "")
    return list(session.scalars(select(PrintAnswer).where(*stray).order_by(PrintAnswer.id).limit(limit)))
