"""An issuer is suspended by a named person, with a reason, until another decision: its feeds are taken at every door
and wait, so that nothing is lost; no bill of them is released. What was released before goes out as promised."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from issuers.test_side import refuse_test_side
from store.db.event import record
from store.issuer import Issuer, is_on_board


def suspend_issuer(session: Session, issuer_id: int, by: str, reason: str, now: datetime) -> bool:
    """Let an issuer's feeds wait. Returns False if they wait already, or it has left. Raises IssuerError of a
    test side, whose feeds harm nobody."""
    refuse_test_side(session.get_one(Issuer, issuer_id))
    at_work = (Issuer.suspended_at.is_(None), Issuer.closed_at.is_(None))
    return _decide(session, issuer_id, now, at_work, "suspended", by, reason, now)


def resume_issuer(session: Session, issuer_id: int, by: str, reason: str, now: datetime) -> bool:
    """Let the feeds that wait go on; send the wake-up signal after the commit. Returns False if none waited."""
    return _decide(session, issuer_id, None, (Issuer.suspended_at.is_not(None),), "resumed", by, reason, now)


def _decide(
    session: Session, issuer_id: int, since: datetime | None, conditions: tuple[object, ...], what: str, by: str,
    reason: str, now: datetime,
) -> bool:  # fmt: skip
    query = update(Issuer).where(Issuer.id == issuer_id, is_on_board(), *conditions)  # type: ignore[arg-type]
    if session.execute(query.values(suspended_at=since)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "issuer", issuer_id, what, now, by=by, why=reason)
    return True
