"""A reset of a test side is asked for: a job, which `pipeline.test_sides.reset_side` does."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.db.event import record
from store.issuer import Issuer
from store.job import Job, request_job
from store.test_sides.side_rows import RESET


class ResetProgress(msgspec.Struct, frozen=True):
    """How many rows were found at the beginning, and how many are deleted."""

    rows: int = 0
    deleted: int = 0


def ask_for_reset(session: Session, side: Issuer, by: str, now: datetime) -> Job:
    """Ask for a reset of a test side; the one that is under way, if there is one. *by* is who asks. Raises
    PermissionError for an issuer that is no test side. Send the wake-up signal after the commit."""
    if not side.is_test_side:
        raise PermissionError("only a test side is reset")
    if (job := latest_reset(session, side.id)) is not None and job.state == "todo":
        return job
    record(session, "issuer", side.id, "reset_asked", now, by=by)
    job = request_job(session, RESET, {"issuer_id": side.id}, now)
    session.flush()
    return job


def latest_reset(session: Session, side_id: int) -> Job | None:
    """The last reset that was asked for of this side."""
    mine = (Job.kind == RESET, Job.particulars["issuer_id"].as_integer() == side_id)
    return session.scalar(select(Job).where(*mine).order_by(Job.id.desc()).limit(1))


def progress_of(job: Job) -> ResetProgress:
    """How far a reset is."""
    return msgspec.json.decode(job.answer, type=ResetProgress) if job.answer else ResetProgress()
