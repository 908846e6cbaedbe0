"""Print batches: the letters of one cut-off, handed over to the print house as files with a manifest."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, exists, func, select, text
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.db.leases import PausableLease, lease_index
from store.delivery import Delivery
from store.reason_columns import CODE_LENGTH

BATCH_STATES: Final = ("open", "closed", "handed_over", "acknowledged", "disputed")
#: Begins the house of a test side's batches, `~` and the side's id: nothing is printed there.
TEST_HOUSE: Final = "~"
#: At most one batch of a print house is open at a time.
_OPEN: Final = text("state = 'open'")


class PrintBatch(PausableLease, Base):
    """A print batch of one print house: open while letters join it; closed at the cut-off, when its letters are fixed;
    then handed over under a name made from its content, so that handing over twice gives the same files."""

    __tablename__ = "print_batch"
    __table_args__ = (
        CheckConstraint(f"state IN {BATCH_STATES}", name="state"),
        Index("ix_print_batch_state", "state"),
        lease_index("print_batch"),
        Index("uq_print_batch_open", "house", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default="open")
    house: Mapped[str] = mapped_column(String(40), default="main", server_default="main")  # slug of its print house
    part: Mapped[int] = mapped_column(default=1, server_default="1")  # its number among the house's of this cut-off
    opened_at: Mapped[datetime]
    cut_off_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")  # attempts to hand it over
    letters: Mapped[int] = mapped_column(default=0)
    sheets: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80), default="")  # the files' name without their ending
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    answer_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    answer_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    answer: Mapped[Reason] = composite("answer_code", "answer_values")  # what the print house answered

    @property
    def is_printed(self) -> bool:
        """Whether a print house has its letters; False for those of a test side."""
        return not self.house.startswith(TEST_HOUSE)


def house_of_side(issuer_id: int) -> str:
    """The house that a test side's letters go to."""
    return f"{TEST_HOUSE}{issuer_id}"


def next_part(session: Session, house: str, cut_off: datetime) -> int:
    """The number that a further batch of this house and cut-off has, from 1."""
    same = (PrintBatch.house == house, PrintBatch.cut_off_at == cut_off)
    return (session.scalar(select(func.max(PrintBatch.part)).where(*same)) or 0) + 1


def is_of_print_house() -> ColumnElement[bool]:
    """SQL condition: a batch whose letters are printed, of no test side."""
    return PrintBatch.house.not_like(f"{TEST_HOUSE}%")


def batches(
    session: Session, limit: int = 50, house: str | None = None, before: int | None = None
) -> list[PrintBatch]:  # fmt: skip
    """The latest print batches, newest first; with *house* those of this house, else those that are printed. *before*
    is the last id of the page before."""
    mine = is_of_print_house() if house is None else PrintBatch.house == house
    return _page(session, mine, limit, before)


def batches_with_letters_of(
    session: Session, issuer_id: int, limit: int, before: int | None = None
) -> list[PrintBatch]:  # fmt: skip
    """The latest print batches that hold letters of this issuer, newest first, page by page."""
    holds = exists().where(Delivery.batch_id == PrintBatch.id, Delivery.issuer_id == issuer_id)
    return _page(session, holds, limit, before)


def _page(session: Session, mine: ColumnElement[bool], limit: int, before: int | None) -> list[PrintBatch]:
    query = select(PrintBatch).where(mine).order_by(PrintBatch.id.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(PrintBatch.id < before)))


def batches_in(session: Session, state: str) -> list[PrintBatch]:
    """All print batches in this state, without those of test sides."""
    mine = (PrintBatch.state == state, is_of_print_house())
    return list(session.scalars(select(PrintBatch).where(*mine).order_by(PrintBatch.id)))
