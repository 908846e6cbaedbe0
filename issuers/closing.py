"""An issuer leaves the service: nothing new is taken from it, and what its customers have stays theirs.

Its API keys and SFTP credentials end, and those of its test side, so that no feed comes in by any door. Bills that were
released before go out as promised, on paper where nobody reads them: an issuer's leave silences no bill. Bills, their
search and their PDF stay.
"""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from issuers.registry import IssuerError
from issuers.test_side import refuse_test_side
from store.db.event import record
from store.feeds.feed import Feed
from store.issuer import Issuer, lock_issuer
from store.issuer_keys.issuer_key import revoke_keys
from store.issuer_keys.sftp_credential import SFTPKey
from store.test_sides.twin_issuer import twin_of

#: Feeds that would still bring bills.
_UNDER_WAY = ("received", "reading", "held")


def close_issuer(session: Session, issuer_id: int, by: str, reason: str, now: datetime) -> bool:
    """Let an issuer leave, by a named person's decision. Returns False if it has left already. Raises IssuerError while
    feeds of it are read or held: somebody releases or rejects them first; and of a test side."""
    issuer = _locked(session, issuer_id)
    if issuer.closed_at is not None:
        return False
    query = select(func.count()).where(Feed.issuer_id == issuer_id, Feed.state.in_(_UNDER_WAY))
    if under_way := session.scalar(query):
        raise IssuerError(
            "feeds of {slug} are still read or held ({n}): release or reject them first", slug=issuer.slug, n=under_way
        )
    for each in (issuer, twin_of(session, issuer_id)):
        if each is not None:
            _shut_doors(session, each, now)
    record(session, "issuer", issuer_id, "closed", now, by=by, why=reason)
    return True


def reopen_issuer(session: Session, issuer_id: int, by: str, reason: str, now: datetime) -> bool:
    """Let an issuer come back; it needs new keys. Returns False if it had not left. Raises IssuerError
    of a test side."""
    issuer = _locked(session, issuer_id)
    if issuer.closed_at is None:
        return False
    issuer.closed_at = None
    if (twin := twin_of(session, issuer_id)) is not None:
        twin.closed_at = None
    record(session, "issuer", issuer_id, "reopened", now, by=by, why=reason)
    return True


def _shut_doors(session: Session, issuer: Issuer, now: datetime) -> None:
    """Take no feed any more, by no key."""
    issuer.closed_at = now
    revoke_keys(session, issuer, now)
    mine = (SFTPKey.issuer_id == issuer.id, SFTPKey.revoked_at.is_(None))
    session.execute(update(SFTPKey).where(*mine).values(revoked_at=now))


def _locked(session: Session, issuer_id: int) -> Issuer:
    lock_issuer(session, issuer_id)
    issuer = session.get_one(Issuer, issuer_id, populate_existing=True)
    refuse_test_side(issuer)
    return issuer
