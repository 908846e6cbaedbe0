"""A person who leaves reads nobody's bills any more, and nobody theirs."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from consumers.access_grants.end_grants import give_back_grant, revoke_grant
from store.access_grants.access_grant import AccessGrant, GrantedAccount
from store.accounts.consumer import Consumer
from store.accounts.email_address import forms_of
from store.db.row_locks import lock_rows


def end_all_grants(session: Session, consumer_id: int, now: datetime) -> int:
    """End what this person granted, what they read, and the invitations that wait for them. Returns how many grants
    that were."""
    given = lock_rows(session, AccessGrant, AccessGrant.owner_id == consumer_id, AccessGrant.ended_at.is_(None))
    read = lock_rows(session, AccessGrant, AccessGrant.reader_id == consumer_id, AccessGrant.state == "accepted")
    waiting = lock_rows(session, AccessGrant, _is_waiting_for(session, consumer_id))
    ended = [revoke_grant(session, each, consumer_id, now) for each in given]
    ended += [give_back_grant(session, each, consumer_id, now) for each in read]
    mine = update(AccessGrant).where(AccessGrant.id.in_(waiting))
    session.execute(mine.values(state="declined", ended_at=now))
    return sum(ended) + len(waiting)


def erase_all_grants(session: Session, consumer_id: int, now: datetime) -> int:  # noqa: ARG001
    """Delete every grant and invitation of or to this person; the trails of the contracts keep what was done, without
    names. Returns how many there were."""
    theirs = or_(
        AccessGrant.owner_id == consumer_id, AccessGrant.reader_id == consumer_id,
        AccessGrant.email.in_(_forms(session, consumer_id)),
    )  # fmt: skip
    ids = list(session.scalars(select(AccessGrant.id).where(theirs)))
    session.execute(delete(GrantedAccount).where(GrantedAccount.grant_id.in_(ids)))
    session.execute(delete(AccessGrant).where(AccessGrant.id.in_(ids)))
    return len(ids)


def _is_waiting_for(session: Session, consumer_id: int) -> ColumnElement[bool]:
    return and_(AccessGrant.email.in_(_forms(session, consumer_id)), AccessGrant.state == "invited")


def _forms(session: Session, consumer_id: int) -> list[str]:
    return forms_of(session.get_one(Consumer, consumer_id).email)
