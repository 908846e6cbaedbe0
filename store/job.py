"""Background jobs that the portal requests from the pipeline: a row and a wake-up signal. The result is written to the
row: what the outside answered or the result as JSON (`answer`), and why it ended or waits (`reason`)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Executable,
    Index,
    String,
    Text,
    Update,
    and_,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from logs.log_context import request_id
from store.base import Base, Blanks, SqlMoment
from store.db.due_work import NOW, DueWork
from store.db.leases import Leased, acquire_lease, is_unleased, lease_index
from store.db.process_identity import this_process
from store.db.row_counting import count_some
from store.db.state_change import change_state
from store.feeds.feed import Feed
from store.reason_columns import CODE_LENGTH

MOST_ATTEMPTS: Final = 8
#: The most minutes until a postponed job is retried.
LONGEST_PAUSE: Final = 15
_NOTHING: Final = Reason()


class Job(Leased, Base):
    """Something to be done outside the request that asked for it: *kind* and *particulars* say what."""

    __tablename__ = "errand"
    __table_args__ = (
        CheckConstraint("state IN ('todo', 'done', 'failed')", name="state"),
        Index("ix_errand_state_due_at", "state", "due_at"),
        lease_index("errand"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    particulars: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="todo")
    asked_at: Mapped[datetime]
    request_id: Mapped[str] = mapped_column(String(32), default="", server_default="")  # that asked for it, in the log
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    setbacks: Mapped[int] = mapped_column(default=0, server_default="0")  # attempts that met an outage and do not count
    answer: Mapped[str] = mapped_column(Text, default="")  # of the mail server, or JSON
    sent_at: Mapped[datetime | None]  # when the mail server took its e-mail
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")  # why it ended without its answer, or waits


def request_job(session: Session, kind: str, particulars: dict[str, Any], at: datetime) -> Job:
    """Create a job for the pipeline (send the wake-up signal after the commit)."""
    job = Job(kind=kind, particulars=particulars, asked_at=at, due_at=at, request_id=request_id())
    session.add(job)
    return job


def is_job_due(now: datetime, *kinds: str, besides: Iterable[str] = ()) -> ColumnElement[bool]:
    """SQL condition: a job is to be done now, of these *kinds* (none given: any) and not of *besides*."""
    wanted = Job.kind.in_(kinds) if kinds else Job.kind.not_in(list(besides))
    return and_(Job.state == "todo", Job.due_at <= now, wanted)


def awaits_jobs(now: SqlMoment) -> ColumnElement[bool]:
    """SQL condition: a job of any kind is to be done now."""
    return exists().where(Job.state == "todo", Job.due_at <= now)


_ANY_DUE: Final = DueWork({"job": awaits_jobs(NOW)})


def is_any_job_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to be done now."""
    return bool(_ANY_DUE.look(session, now=now))


def issuer_of() -> ColumnElement[int]:
    """SQL expression: the id of the issuer a job is for, by its particulars or its feed's; else 0."""
    feed = select(Feed.issuer_id).where(Feed.id == Job.particulars["feed_id"].as_integer()).scalar_subquery()
    return func.coalesce(Job.particulars["issuer_id"].as_integer(), feed, 0)


def consumer_of() -> ColumnElement[int]:
    """SQL expression: the id of the consumer a job is for, by its particulars; else 0."""
    return func.coalesce(Job.particulars["consumer_id"].as_integer(), 0)


def claim_job(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> Job | None:
    """Lease the next job that is due and meets these conditions; None if there is none."""
    query = select(Job.id).where(is_job_due(now), is_unleased(Job), *conditions).order_by(Job.id)
    for job_id in session.scalars(query.limit(8)).all():
        if acquire_lease(session, Job, job_id, Job.state == "todo", attempts=Job.attempts + 1):
            return session.get(Job, job_id, populate_existing=True)
    return None


def latest_jobs(session: Session, kind: str, asked_since: datetime, limit: int) -> list[Job]:
    """Jobs of this kind asked for since this moment, in any state, newest first."""
    query = select(Job).where(Job.kind == kind, Job.asked_at >= asked_since).order_by(Job.id.desc())
    return list(session.scalars(query.limit(limit)))


def finish_job(
    session: Session, job_id: int, answer: str = "", why: Reason = _NOTHING, *, sent_at: datetime | None = None
) -> None:  # fmt: skip
    """Mark a job as done, with its answer, or *why* it has none; *sent_at* is when its e-mail was taken."""
    _end(session, job_id, "done", answer, why, sent_at)


def retry_job(session: Session, job: Job, now: datetime, why: Reason) -> None:
    """Record a failed attempt: retry after 1, 2, 4 … minutes; after the last attempt the job has failed."""
    if job.attempts >= MOST_ATTEMPTS:
        _end(session, job.id, "failed", "", why)
    else:
        _again(session, job, now + timedelta(minutes=2 ** (job.attempts - 1)), why)


def failure_of(error: Exception) -> Reason:
    """The reason that an error gives, in the words of the library or program that raised it."""
    return Reason.of("job_failed", error=f"{type(error).__name__}: {error}")


def given_back(job: Job) -> Executable:
    """The statement that releases a job that was broken off: it is done again, and the attempt does not count."""
    return _ours(job.id).values(attempts=Job.attempts - 1, lease_owner=None, lease_until=0.0)


def postpone_job(session: Session, job: Job, now: datetime, why: Reason) -> None:
    """Retry after 1, 2, 4, 8 … minutes, a quarter of an hour at most, because something it needs is down; the attempt
    does not count."""
    pause = min(2 ** min(job.setbacks, 8), LONGEST_PAUSE)
    again = {"attempts": job.attempts - 1, "setbacks": job.setbacks + 1}
    _again(session, job, now + timedelta(minutes=pause), why, **again)


def put_off_job(session: Session, job: Job, until: datetime, why: Reason) -> None:
    """Do it at a later moment, because this one is not right for it; the attempt does not count."""
    _again(session, job, until, why, attempts=job.attempts - 1)


def failed_jobs(session: Session, limit: int, before: int | None = None) -> list[Job]:
    """Jobs that have failed for good, newest first; *before* is the last id of the page before."""
    query = select(Job).where(Job.state == "failed").order_by(Job.id.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(Job.id < before)))


def waiting_jobs(session: Session, limit: int) -> list[Job]:
    """Jobs to be done, those first that are due first."""
    return list(session.scalars(select(Job).where(Job.state == "todo").order_by(Job.due_at, Job.id).limit(limit)))


def count_jobs(session: Session, state: str) -> int:
    """How many jobs are in this state, up to `store.db.row_counting.MOST_COUNTED`."""
    return count_some(session, select(Job.id).where(Job.state == state))


def take_up_failed_job(session: Session, job_id: int, by: str, why: str, now: datetime) -> bool:
    """Do a failed job once more, its attempts counted anew, because a person says so. Returns False if it has not
    failed. Send the wake-up signal after the commit."""
    anew = {"attempts": 0, "setbacks": 0, "due_at": now}
    return change_state(session, Job, job_id, "failed", "todo", now, by=by, why=why, **anew)


def _again(session: Session, job: Job, due_at: datetime, why: Reason, **also: int) -> None:
    session.execute(_ours(job.id).values(due_at=due_at, reason=why, lease_owner=None, lease_until=0.0, **also))


def _end(
    session: Session, job_id: int, state: str, answer: str, why: Reason, sent_at: datetime | None = None
) -> None:  # fmt: skip
    ended = {"state": state, "answer": answer, "reason": why, "sent_at": sent_at}
    ended |= {"lease_owner": None, "lease_until": 0.0}
    session.execute(_ours(job_id).values(**ended))


def _ours(job_id: int) -> Update:
    """An update of a job that this process has leased. Does nothing if another process has taken it over."""
    return update(Job).where(Job.id == job_id, Job.state == "todo", Job.lease_owner == this_process())
