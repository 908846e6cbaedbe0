"""Add members of an issuer and operators of the service; each gets an invitation by mail."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuers.registry import IssuerError, issuer_named
from store.accounts.email_address import NoAddress, forms_of, kept_form
from store.db.event import record
from store.job import request_job
from store.staff_member import Staff


def add_member(session: Session, slug: str, email: str, now: datetime) -> Staff:
    """Somebody who works for an issuer, invited by mail (send the wake-up signal after the commit).

    The same person again is invited again until the invitation was taken up. IssuerError when the issuer is unknown,
    the address is none, or belongs to somebody who works for another.
    """
    return _add_staff(session, email, issuer_named(session, slug).id, now)


def add_operator(session: Session, email: str, now: datetime) -> Staff:
    """Somebody who runs the service, invited by mail like a member."""
    return _add_staff(session, email, None, now)


def _add_staff(session: Session, email: str, issuer_id: int | None, now: datetime) -> Staff:
    address = checked_email(email)
    staff = session.scalar(select(Staff).where(Staff.email.in_([address, *forms_of(email)])))
    if staff is None:
        staff = Staff(email=address, issuer_id=issuer_id, added_at=now)
        session.add(staff)
    elif staff.closed_at is not None:
        staff.issuer_id, staff.password_hash, staff.added_at, staff.closed_at = issuer_id, None, now, None
    elif staff.issuer_id != issuer_id:
        raise IssuerError(f"{address} works for somebody else already: one address has one role")
    session.flush()
    if staff.password_hash is None:
        record(session, "staff", staff.id, "invited", now, by="registry")
        request_job(session, "invite", {"staff_id": staff.id}, now)
    return staff


def checked_email(text: str) -> str:
    """The address in the form we keep; IssuerError when mail cannot go there. The network is not asked."""
    try:
        return kept_form(text, may_be_reserved=True)
    except NoAddress as error:
        raise IssuerError(f"{text!r} is no e-mail address: {error}") from error
