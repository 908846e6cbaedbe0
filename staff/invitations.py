"""Add members of an issuer and operators of the service; each gets an invitation by mail."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuers.registry import IssuerError, issuer_named
from store.accounts.email_address import NoAddress, forms_of, kept_form
from store.db.event import record
from store.job import request_job
from store.staff_member import Staff, StaffRole


def add_member(
    session: Session, slug: str, email: str, now: datetime, language: str = "", *, role: StaffRole = "admin",
    by: str = "registry",
) -> Staff:  # fmt: skip
    """Add a member of an issuer and invite them by mail (send the wake-up signal after the commit).

    The invitation is in *language* ("": in all of them), and so are later mails until the member reads pages in
    another. Adding the same person again repeats the invitation until it is accepted; afterwards their role stays.
    Raises IssuerError if the issuer is unknown, or the address is invalid or belongs to a member of another issuer.
    """
    return _add_staff(session, email, issuer_named(session, slug).id, now, language, role, by)


def add_operator(
    session: Session, email: str, now: datetime, language: str = "", *, role: StaffRole = "admin", by: str = "registry"
) -> Staff:
    """Add an operator of the service, invited by mail like a member."""
    return _add_staff(session, email, None, now, language, role, by)


def _add_staff(
    session: Session, email: str, issuer_id: int | None, now: datetime, language: str, role: StaffRole, by: str
) -> Staff:
    address = checked_email(email)
    staff = session.scalar(select(Staff).where(Staff.email.in_([address, *forms_of(email)])))
    if staff is None:
        staff = Staff(email=address, issuer_id=issuer_id, added_at=now, language=language)
        session.add(staff)
    elif staff.closed_at is not None:
        staff.issuer_id, staff.password_hash, staff.added_at, staff.closed_at = issuer_id, None, now, None
    elif staff.issuer_id != issuer_id:
        raise IssuerError("{address} works for somebody else already: one address has one role", address=address)
    session.flush()
    if staff.password_hash is None:
        staff.language, staff.role = language, role
        record(session, "staff", staff.id, "invited", now, by=by)
        request_job(session, "invite", {"staff_id": staff.id}, now)
    return staff


def checked_email(text: str) -> str:
    """The address in its stored form; raises IssuerError if mail cannot go there. Makes no network request."""
    try:
        return kept_form(text, may_be_reserved=True)
    except NoAddress as error:
        raise IssuerError("{address!r} is no e-mail address: {reason}", address=text, reason=error) from error
