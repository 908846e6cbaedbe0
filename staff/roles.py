"""Change what a member of staff may do. A team keeps an admin who can sign in."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.db.event import record
from store.staff_member import Staff, StaffRole


class LastAdmin(Exception):  # noqa: N818
    """Without this person nobody of the team who can sign in would be an admin."""


def change_role(
    session: Session, staff: Staff, role: StaffRole, by: str, now: datetime, *, is_overseen: bool = False
) -> bool:
    """Give a person another role, which counts from their next request on. Returns False if they have it, or have
    left. Raises LastAdmin, unless *is_overseen*: an operator, who can make another, decides about an issuer's team."""
    if role != "admin" and not is_overseen:
        keep_an_admin(session, staff)
    changed = update(Staff).where(Staff.id == staff.id, Staff.closed_at.is_(None), Staff.role != role)
    if session.execute(changed.values(role=role)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "staff", staff.id, f"role {role}", now, by=by)
    return True


def keep_an_admin(session: Session, staff: Staff) -> None:
    """Raise LastAdmin if this person is an admin and nobody else of their team who can sign in is one. Locks the team's
    admins, so that two who demote or remove each other wait."""
    team = Staff.issuer_id.is_(None) if staff.issuer_id is None else Staff.issuer_id == staff.issuer_id
    query = select(Staff.id).where(
        team, Staff.closed_at.is_(None), Staff.password_hash.is_not(None), Staff.role == "admin"
    )
    admins = session.scalars(query.order_by(Staff.id).with_for_update()).all()
    session.refresh(staff)
    if staff.role == "admin" and not any(each != staff.id for each in admins):
        raise LastAdmin(f"{staff.email} is the last admin who can sign in")
