"""An issuer's admins say whether everybody of their team must have a second factor."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from store.db.event import record
from store.issuer import Issuer


def require_second_factor(session: Session, issuer_id: int, by: str, now: datetime, *, is_required: bool) -> bool:
    """Require it from each one's next page on, or no longer. Returns False if it is so already."""
    changed = update(Issuer).where(Issuer.id == issuer_id, Issuer.team_needs_second_factor.is_not(is_required))
    if session.execute(changed.values(team_needs_second_factor=is_required)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    what = "second factor required" if is_required else "second factor optional"
    record(session, "issuer", issuer_id, what, now, by=by)
    return True
