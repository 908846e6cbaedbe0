"""List and remove staff: an issuer's members and the service's operators."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from issuers.registry import IssuerError, issuer_named
from store.db.event import record
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import remove_all_factors
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of
from store.staff_member import Staff, staff_by_email


class LastOperator(Exception):  # noqa: N818
    """Removing this person would leave the service without an operator."""


def team(session: Session, issuer_id: int | None, *, of_all: bool = False) -> Sequence[Staff]:
    """The members of an issuer (None: the operators), by address; *of_all*: everybody, operators first."""
    query = select(Staff).where(Staff.closed_at.is_(None))
    if not of_all:
        query = query.where(Staff.issuer_id.is_(None) if issuer_id is None else Staff.issuer_id == issuer_id)
    return session.scalars(query.order_by(Staff.issuer_id.is_not(None), Staff.issuer_id, Staff.email)).all()


def remove(session: Session, staff: Staff, by: str, now: datetime) -> bool:
    """Remove a person: their sessions, second factors, invitation and links end. Returns False if they were
    removed already. Raises LastOperator."""
    if staff.is_operator and not _is_another_operator(session, staff.id):
        raise LastOperator(f"{staff.email} is the last operator who can sign in")
    return _close(session, staff, by, now)


def remove_member(session: Session, slug: str, email: str, by: str, now: datetime) -> Staff:
    """Remove a member of an issuer by address. Raises IssuerError if there is none."""
    staff = staff_by_email(session, email)
    if staff is None or staff.issuer_id != issuer_named(session, slug).id:
        raise IssuerError("{email} is no member of {slug}", email=email, slug=slug)
    _close(session, staff, by, now)
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


def _is_another_operator(session: Session, staff_id: int) -> bool:
    """Whether another operator can sign in. Locks the rows, so that two who remove each other wait."""
    query = select(Staff.id).where(
        Staff.issuer_id.is_(None), Staff.closed_at.is_(None), Staff.password_hash.is_not(None)
    )  # fmt: skip
    ids = session.scalars(query.order_by(Staff.id).with_for_update()).all()
    return any(each != staff_id for each in ids)
