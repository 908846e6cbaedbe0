"""Tables of the archive check (`audit.archived_pdf_check`): how far it has got, and the faults it found."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, ForeignKey, String, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.reason_columns import CODE_LENGTH, reason_columns

#: The id of the one row: one round through the archive at a time.
_THE_ROUND: Final = 1


class ArchiveAudit(Base):
    """Progress through the archive. The share of this *day* begins after bill id *began*; the next one begins after
    bill id *upto*."""

    __tablename__ = "archive_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    began: Mapped[int]
    upto: Mapped[int]


class ArchiveFault(Base):
    """A fault of a bill's PDF (*n* 0) or n-th attachment. Deleted once a check finds it repaired."""

    __tablename__ = "archive_fault"

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")
    found_at: Mapped[datetime]
    looked_at: Mapped[datetime]


class FaultFound(NamedTuple):
    """A fault found in a bill's PDF (*n* 0) or n-th attachment, and its reason."""

    bill_id: int
    n: int
    reason: Reason


def share_begins_after(session: Session, day: date) -> int:
    """The bill id after which this day's share begins; the same for the whole day."""
    audit = session.get(ArchiveAudit, _THE_ROUND)
    if audit is None:
        return 0
    return audit.began if audit.day == day else audit.upto


def note_share(session: Session, day: date, began: int, upto: int) -> None:
    """Record that this day's share was checked from after *began* up to *upto*."""
    values = {"day": day, "began": began, "upto": upto}
    if session.get(ArchiveAudit, _THE_ROUND) is None:
        session.add(ArchiveAudit(id=_THE_ROUND, **values))
    else:
        session.execute(update(ArchiveAudit).where(ArchiveAudit.id == _THE_ROUND).values(**values))


def note_faults(session: Session, looked: Collection[int], faults: Sequence[FaultFound], now: datetime) -> None:
    """Record that these bills were checked at *now*: store *faults* and delete their older ones."""
    there = select(ArchiveFault).where(ArchiveFault.bill_id.in_(looked))
    since = {(each.bill_id, each.n): each.found_at for each in session.scalars(there)}
    if not since and not faults:
        return
    session.execute(delete(ArchiveFault).where(ArchiveFault.bill_id.in_(looked)))
    rows: list[dict[str, Any]] = [
        {
            "bill_id": fault.bill_id,
            "n": fault.n,
            **reason_columns(fault.reason),
            "found_at": since.get((fault.bill_id, fault.n), now),
            "looked_at": now,
        }
        for fault in faults
    ]
    if rows:
        session.execute(insert(ArchiveFault), rows)


def faulty_bills(session: Session, before: datetime, limit: int) -> Sequence[int]:
    """Bill ids with known faults that were last checked before a moment, longest ago first."""
    query = select(ArchiveFault.bill_id).where(ArchiveFault.looked_at < before).group_by(ArchiveFault.bill_id)
    return session.scalars(query.order_by(func.min(ArchiveFault.looked_at)).limit(limit)).all()
