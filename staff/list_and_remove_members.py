"""List and remove staff: an issuer's members and the service's operators."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from issuers.registry import IssuerError, issuer_named
from staff.roles import keep_an_admin
from store.accounts.email_address import forms_of
from store.db.event import record
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import remove_all_factors
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of
from store.staff_member import Staff, staff_by_email


def team(session: Session, issuer_id: int | None, *, of_all: bool = False) -> Sequence[Staff]:
    """The members of an issuer (None: the operators), by address; *of_all*: everybody, operators first."""
    query = select(Staff).where(Staff.closed_at.is_(None))
    if not of_all:
        query = query.where(Staff.issuer_id.is_(None) if issuer_id is None else Staff.issuer_id == issuer_id)
    return session.scalars(query.order_by(Staff.issuer_id.is_not(None), Staff.issuer_id, Staff.email)).all()


def remove(session: Session, staff: Staff, by: str, now: datetime, *, is_overseen: bool = False) -> bool:
    """Remove a person: their sessions, second factors, invitation and links end. Returns False if they were
    removed already. Raises LastAdmin, unless *is_overseen*: an operator decides about an issuer's team."""
    if not is_overseen:
        keep_an_admin(session, staff)
    return _close(session, staff, by, now)


def remove_member(session: Session, slug: str, email: str, by: str, now: datetime) -> Staff:
    """Remove a member of an issuer by address, even the last admin: the command line can make another. Raises
    IssuerError if there is none."""
    staff = member_of(session, slug, email)
    _close(session, staff, by, now)
    return staff


def member_of(session: Session, slug: str, email: str) -> Staff:
    """The member of an issuer with this address, also one whose invitation leads nowhere. Raises IssuerError if there
    is none."""
    forms = forms_of(email)
    found = {each.email: each for each in team(session, issuer_named(session, slug).id)}
    staff = next((found[form] for form in forms if form in found), None)
    if staff is None:
        raise IssuerError("{email} is no member of {slug}", email=email, slug=slug)
    return staff


def remove_operator(session: Session, email: str, by: str, now: datetime) -> Staff:
    """Remove an operator by address, even the last: the command line can add another. Raises IssuerError if there is
    none."""
    staff = staff_by_email(session, email)
    if staff is None or not staff.is_operator:
        raise IssuerError("{email} is no operator", email=email)
    _close(session, staff, by, now)
    return staff


def _close(session: Session, staff: Staff, by: str, now: datetime) -> bool:
    closed = session.execute(
        update(Staff).where(Staff.id == staff.id, Staff.closed_at.is_(None)).values(closed_at=now, password_hash=None)
    )
    if closed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    end_sessions_of(session, SessionOwner.of(staff))
    remove_all_factors(session, FactorOwner.of(staff), now, by)  # the address may be another person's next year
    record(session, "staff", staff.id, "removed", now, by=by)
    return True
