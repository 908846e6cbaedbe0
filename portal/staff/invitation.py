"""Accepting an invitation: its link lets a new member of staff set their password, once."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.access import current_user, password_hash
from portal.access.new_password import password_errors
from portal.access.rate_limiting import slow_down_mails
from portal.consumers.presenters.expired_link import ExpiredLink
from portal.form_input import form_value, plain_email, typed_email, typed_password, wrong_with_email
from portal.translation import language, say
from store.accounts.one_time_email_link import Invitation, invited_at, read_invitation
from store.db.event import record
from store.job import request_job
from store.staff_member import Staff, staff_by_email

pages = Blueprint("invitation", __name__, url_prefix="/equipe")


@pages.get("/invitation/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return _spent("damaged")


@pages.get("/invitation/<token>")
def show(token: str) -> ResponseReturnValue:
    """Shows the form. GET changes nothing, since mail scanners follow links."""
    staff = _invited(app_context.reading(), token)
    if not isinstance(staff, Staff):
        return _spent(staff)
    return render_template("staff/invitation.html", email=staff.email, error=None)


@pages.post("/invitation/<token>")
def take_up(token: str) -> ResponseReturnValue:
    """Accept the invitation and set the password. Sending the same form twice is harmless."""
    password = typed_password("password")
    staff = _invited(app_context.reading(), token)
    if not isinstance(staff, Staff):
        again = _taken_up(app_context.reading(), token, password)
        return _enter(again) if again else _spent(staff)
    if errors := password_errors("password", password, staff.email):
        return render_template("staff/invitation.html", email=staff.email, error=errors["password"]), 422
    kept = password_hash.hash_password(password)
    with app_context.store().writing() as writing:
        staff = _invited(writing, token, lock=True)
        if not isinstance(staff, Staff):
            return _spent(staff)
        staff.password_hash, staff.language = kept, language()
        record(writing, "staff", staff.id, "taken up", app_context.now(), by=staff.email)
    return _enter(staff)


@pages.post("/invitation")
def send_again() -> ResponseReturnValue:
    """Send a new link for an open invitation. The answer is the same for every address."""
    email = plain_email(typed_email())
    if email is None:
        error = wrong_with_email(typed_email())
        return render_template(
            "staff/expired_invitation.html", sent_to=None, email=form_value("email"), error=error
        ), 422
    slow_down_mails(email)
    with app_context.store().writing() as writing:
        staff = staff_by_email(writing, email)
        whose = staff.id if staff is not None and staff.password_hash is None else 0
        # Of nobody (0) too: the same work for every address. The mail of nobody is dropped.
        request_job(writing, "invite", {"staff_id": whose}, app_context.now())
    app_context.store().wake_up.send()
    return render_template("staff/expired_invitation.html", sent_to=email, email=email, error=None)


def _enter(staff: Staff) -> ResponseReturnValue:
    entered = current_user.enter(staff, url_for("dashboard.show"))
    flash(say("Bienvenue. Votre mot de passe est enregistré."), "good")
    return entered


def _spent(how: ExpiredLink) -> ResponseReturnValue:
    page = render_template("staff/expired_invitation.html", sent_to=None, email="", error=None)
    return page, 404 if how == "damaged" else 410


def _invited(session: Session, token: str, *, lock: bool = False) -> Staff | ExpiredLink:
    """Returns the member that the link invites, or why the link does not work."""
    said = read_invitation(app_context.store().keys, token)
    if not isinstance(said, Invitation):
        return said
    staff = _addressed(session, said, lock=lock)
    return staff if staff is not None and staff.password_hash is None else "used"


def _taken_up(session: Session, token: str, password: str) -> Staff | None:
    """Returns who accepted this invitation already with this very password (a double click)."""
    said = read_invitation(app_context.store().keys, token)
    staff = _addressed(session, said) if isinstance(said, Invitation) else None
    return staff if staff is not None and password_hash.is_password(staff.password_hash, password) else None


def _addressed(session: Session, said: Invitation, *, lock: bool = False) -> Staff | None:
    """Returns the member that an invitation is for; None once they left or were invited anew."""
    staff = session.get(Staff, said.staff_id, with_for_update=lock)
    if staff is None or staff.closed_at is not None or staff.is_elsewhere:
        return None
    return staff if invited_at(staff) == said.added else None
