"""Accept or decline an invitation to read somebody's bills: only who has confirmed the invited address may."""

from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from consumers.access_grants.grant_trail import note_step
from store.access_grants.access_grant import AccessGrant, is_answerable
from store.accounts.consumer import Consumer
from store.accounts.email_address import forms_of
from store.db.row_locks import ROW_LOCK
from store.db.state_change import change_state
from store.job import request_job

#: Kind of the job that tells the owner of an acceptance by mail.
ACCEPTED_JOB: Final = "grant_accepted"


def accept_invitation(session: Session, grant_id: int, reader_id: int, now: datetime, today: date) -> bool:
    """The invited person reads the owner's bills from now on; the owner is told (wake the workers). Returns False if
    the invitation is not to their confirmed address, or over."""
    if not _answer(session, grant_id, reader_id, "accepted", now, today):
        return False
    note_step(session, grant_id, "grant_accepted", reader_id, now)
    request_job(session, ACCEPTED_JOB, {"grant_id": grant_id}, now)
    return True


def decline_invitation(session: Session, grant_id: int, reader_id: int, now: datetime, today: date) -> bool:
    """The invited person does not want to read. Returns False as `accept_invitation` does."""
    if not _answer(session, grant_id, reader_id, "declined", now, today):
        return False
    note_step(session, grant_id, "grant_declined", reader_id, now)
    return True


def _answer(session: Session, grant_id: int, reader_id: int, answer: str, now: datetime, today: date) -> bool:
    reader = session.get_one(Consumer, reader_id, with_for_update=ROW_LOCK, populate_existing=True)
    if reader.confirmed_at is None:
        return False
    is_theirs = (AccessGrant.email.in_(forms_of(reader.email)), AccessGrant.owner_id != reader_id)
    return change_state(
        session, AccessGrant, grant_id, "invited", answer, now, *is_theirs, is_answerable(now, today),
        by=f"consumer {reader_id}", reader_id=reader_id,
        accepted_at=now if answer == "accepted" else None, ended_at=None if answer == "accepted" else now,
    )  # fmt: skip
