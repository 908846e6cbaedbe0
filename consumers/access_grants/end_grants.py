"""How an access grant ends: its owner revokes it, its reader gives it back, its last day passes, or nobody answers."""

from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bill import Reason
from consumers.access_grants.grant_trail import note_step
from store.access_grants.access_grant import INVITATION_LIFE, AccessGrant, is_in_time
from store.db.state_change import change_state


def revoke_grant(session: Session, grant_id: int, owner_id: int, now: datetime) -> bool:
    """The owner ends a grant or an invitation, at once. Returns False if it is not theirs, or over."""
    mine, by = AccessGrant.owner_id == owner_id, f"consumer {owner_id}"
    if not change_state(
        session, AccessGrant, grant_id, ["invited", "accepted"], "revoked", now, mine, by=by, ended_at=now
    ):  # fmt: skip
        return False
    note_step(session, grant_id, "grant_revoked", owner_id, now)
    return True


def give_back_grant(session: Session, grant_id: int, reader_id: int, now: datetime) -> bool:
    """The reader does not want to read any more. Returns False if the grant is not to them, or over."""
    mine, by = AccessGrant.reader_id == reader_id, f"consumer {reader_id}"
    if not change_state(session, AccessGrant, grant_id, "accepted", "returned", now, mine, by=by, ended_at=now):
        return False
    note_step(session, grant_id, "grant_returned", reader_id, now)
    return True


def end_due_grants(session: Session, now: datetime, today: date, most: int = 250) -> int:
    """End grants whose last day is past, and invitations that nobody answered in time, *most* at most. No page opens
    them since then in any case. Returns how many there were."""
    is_unanswered = and_(AccessGrant.state == "invited", AccessGrant.invited_at <= now - INVITATION_LIFE)
    query = (
        select(AccessGrant.id, AccessGrant.owner_id, is_unanswered)
        .where(AccessGrant.state.in_(["invited", "accepted"]), or_(is_unanswered, ~is_in_time(today)))
        .order_by(AccessGrant.id)
        .limit(most)
    )
    found = session.execute(query).all()
    for grant_id, owner_id, is_silent in found:
        why = Reason("grant_unanswered") if is_silent else Reason("grant_over")
        if change_state(
            session, AccessGrant, grant_id, ["invited", "accepted"], "ended", now, why=why, ended_at=now
        ):  # fmt: skip
            note_step(session, grant_id, "grant_ended", owner_id, now, "road")
    return len(found)
