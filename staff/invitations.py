"""Add members of an issuer and operators of the service; each gets an invitation by mail."""

from collections.abc import Iterable
from datetime import datetime
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuers.registry import IssuerError, issuer_named
from store.accounts.email_address import NoAddress, counted_form, forms_of, kept_form
from store.db.advisory_locks import STAFF_ADDRESS, lock_numbers
from store.db.event import record
from store.job import request_job
from store.staff_member import Staff, StaffRole


def add_member(
    session: Session, slug: str, email: str, now: datetime, language: str = "", *, role: StaffRole = "admin",
    by: str = "registry", by_colleague: bool = False,
) -> Staff:  # fmt: skip
    """Add a member of an issuer and invite them by mail (send the wake-up signal after the commit).

    The invitation is in *language* ("": in all of them), and so are later mails until the member reads pages in
    another. Adding the same person again repeats the invitation until it is accepted; afterwards their role stays.
    Raises IssuerError if the issuer is unknown, or the address is invalid or of another team. *by_colleague*, who knows
    their own team alone, learns nothing of the last: by the same work, a line stands there that leads nowhere, and the
    mail tells whoever has the address.
    """
    issuer_id = issuer_named(session, slug).id
    return _add_staff(session, email, issuer_id, now, language, role, by, tells_of_others=not by_colleague)


def add_operator(
    session: Session, email: str, now: datetime, language: str = "", *, role: StaffRole = "admin", by: str = "registry"
) -> Staff:
    """Add an operator of the service, invited by mail like a member."""
    return _add_staff(session, email, None, now, language, role, by)


def _add_staff(
    session: Session, email: str, issuer_id: int | None, now: datetime, language: str, role: StaffRole, by: str,
    *, tells_of_others: bool = True,
) -> Staff:  # fmt: skip
    address = checked_email(email)
    lock_numbers(session, STAFF_ADDRESS, [crc32(counted_form(email).encode())])  # of two teams at once one is the first
    known = session.scalars(select(Staff).where(Staff.email.in_([address, *forms_of(email)])).order_by(Staff.id)).all()
    is_elsewhere = any(_signs_in(each) and each.issuer_id != issuer_id for each in known)
    if is_elsewhere and tells_of_others:
        raise IssuerError("{address} works for somebody else already: one address has one role", address=address)
    staff = _own_row(known, issuer_id, is_elsewhere=is_elsewhere)
    if staff is None:
        staff = Staff(email=address, issuer_id=issuer_id, added_at=now, language=language)
        session.add(staff)
    elif staff.closed_at is not None:
        staff.issuer_id, staff.password_hash, staff.added_at, staff.closed_at = issuer_id, None, now, None
    staff.is_elsewhere = is_elsewhere
    session.flush()
    if staff.password_hash is None:
        staff.language, staff.role = language, role
        record(session, "staff", staff.id, "invited", now, by=by)
        request_job(session, "invite", {"staff_id": staff.id}, now)
    return staff


def _signs_in(staff: Staff) -> bool:
    return staff.closed_at is None and not staff.is_elsewhere


def _own_row(known: Iterable[Staff], issuer_id: int | None, *, is_elsewhere: bool) -> Staff | None:
    """The row of this address in this team; where there is none, one of a team that it has left, unless it is another
    team's today."""
    own = (each for each in known if each.issuer_id == issuer_id)
    left = (each for each in known if each.closed_at is not None and not is_elsewhere)
    return next(own, None) or next(left, None)


def checked_email(text: str) -> str:
    """The address in its stored form; raises IssuerError if mail cannot go there. Makes no network request."""
    try:
        return kept_form(text, may_be_reserved=True)
    except NoAddress as error:
        raise IssuerError("{address!r} is no e-mail address: {reason}", address=text, reason=error) from error
