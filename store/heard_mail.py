"""Messages that came back of e-mails: each once, with what it said and what was done. The messages stay where they
came in; of a person's own words only the subject is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, insert_new
from store.db.row_counting import MOST_COUNTED, count_some

#: What was done. recorded: with what the e-mail was sent for; known: that was known already; ignored: nothing
#: follows from it; unsigned: no signed return path; foreign: another e-mail than the return path's, or one never sent;
#: late: of an e-mail sent too long ago; for_person: somebody has to read it.
HeardStanding = Literal["recorded", "known", "ignored", "unsigned", "foreign", "late", "for_person"]
STANDINGS: Final = ("recorded", "known", "ignored", "unsigned", "foreign", "late", "for_person")
#: Those that operators are told of: nothing changed, though somebody meant something.
TOLD: Final = ("unsigned", "foreign", "late", "for_person")
#: How long what was heard is kept.
KEPT: Final = timedelta(days=400)
_TO_READ: Final = text(f"standing IN {TOLD} AND seen_by = ''")


class HeardMail(Base):
    """A message that came back. *digest*: SHA-256 of its bytes; *source*: mailbox or hook; *kind*: what it says
    (`delivery.feedback.bounces.mail_feedback`); *words*: the server's answer or the subject; *seen_by*: which operator
    has seen to it. It came back of an e-mail with a bill (*delivery_id*), of another (*job_id*), or of none that is
    known."""

    __tablename__ = "heard_mail"
    __table_args__ = (
        UniqueConstraint("digest"),
        CheckConstraint(f"standing IN {STANDINGS}", name="standing"),
        Index("ix_heard_mail_to_read", "id", sqlite_where=_TO_READ, postgresql_where=_TO_READ),
        Index("ix_heard_mail_heard_at", "heard_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    heard_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(12))
    standing: Mapped[str] = mapped_column(String(12))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("errand.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    seen_by: Mapped[str] = mapped_column(String(200), default="")


def keep_heard_mail(session: Session, row: dict[str, object]) -> bool:
    """Insert a message, as column values. Returns False if these very bytes were heard before."""
    return insert_new(session, HeardMail, [row]) == 1


def set_standing(session: Session, digest: str, standing: HeardStanding) -> None:
    """Record what was done with a message."""
    session.execute(update(HeardMail).where(HeardMail.digest == digest).values(standing=standing))


def is_heard_for_person(session: Session, digest: str) -> bool:
    """Whether this message is one of those that operators are told of."""
    found = select(HeardMail.id).where(HeardMail.digest == digest, HeardMail.standing.in_(TOLD))
    return session.scalar(found) is not None


def count_mails_to_read(session: Session) -> int:
    """How many messages changed nothing and were seen to by nobody yet, up to `store.db.row_counting.MOST_COUNTED`."""
    return count_some(session, select(HeardMail.id).select_from(HeardMail).where(_TO_READ))


def mails_to_read(session: Session, most: int) -> Sequence[HeardMail]:
    """The oldest of those messages."""
    return session.scalars(select(HeardMail).where(_TO_READ).order_by(HeardMail.id).limit(most)).all()


def see_to_mails(session: Session, last_id: int, by: str) -> int:
    """Record that an operator has seen to these messages, up to this one. Returns how many were still open."""
    seen = update(HeardMail).where(_TO_READ, HeardMail.id <= last_id).values(seen_by=by)
    return session.execute(seen).rowcount  # type: ignore[attr-defined,no-any-return]


def latest_kinds(session: Session, since: datetime) -> dict[str, int]:
    """How many of the latest messages say what, since a moment, by kind; MOST_COUNTED are looked at."""
    latest = select(HeardMail.kind).where(HeardMail.heard_at >= since).order_by(HeardMail.heard_at.desc())
    kinds = latest.limit(MOST_COUNTED).subquery()
    counted = select(kinds.c.kind, func.count()).group_by(kinds.c.kind).order_by(func.count().desc(), kinds.c.kind)
    return dict(session.execute(counted).tuples().all())


def forget_heard_mails(session: Session, now: datetime) -> int:
    """Delete what was heard longer ago than KEPT. Returns how many messages that was."""
    return session.execute(delete(HeardMail).where(HeardMail.heard_at < now - KEPT)).rowcount  # type: ignore[attr-defined,no-any-return]
