"""Reset of a staff password by a link sent by mail, valid once and for two hours. The answer is the same for every
address."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bill import Reason
from portal import app_context
from portal.access import current_user, password_hash
from portal.access.new_password import password_errors
from portal.access.rate_limiting import slow_down_mails
from portal.form_input import form_value, plain_email, typed_email, typed_password, wrong_with_email
from portal.translation import say
from store.accounts.one_time_email_link import StaffReset, read_staff_reset
from store.db.event import record
from store.job import request_job
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of
from store.staff_member import Staff, staff_by_email

pages = Blueprint("staff_forgotten", __name__, url_prefix="/equipe")


@pages.get("/mot-de-passe-oublie")
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/mot-de-passe-oublie")
def send() -> ResponseReturnValue:
    """Send the link. Somebody who has not accepted their invitation gets the invitation again."""
    email = plain_email(typed_email())
    if email is None:
        return _page(error=wrong_with_email(typed_email()), email=form_value("email")), 422
    slow_down_mails(email)
    with app_context.store().writing() as writing:
        staff = staff_by_email(writing, typed_email())
        kind = "invite" if staff is not None and staff.password_hash is None else "staff_reset"
        # Of nobody (0) too: the same work for every address. The mail of nobody is dropped.
        request_job(writing, kind, {"staff_id": staff.id if staff is not None else 0}, app_context.now())
    app_context.store().wake_up.send()
    return _page(sent_to=email)


@pages.get("/mot-de-passe/")
def choose_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return _spent()


@pages.get("/mot-de-passe/<token>")
def choose(token: str) -> ResponseReturnValue:
    """Shows the form. GET changes nothing, since mail scanners follow links."""
    staff = _whom(app_context.reading(), token)
    return _spent() if staff is None else render_template("staff/new_password.html", email=staff.email, error=None)


@pages.post("/mot-de-passe/<token>")
def chosen(token: str) -> ResponseReturnValue:
    """Set the new password and end all older sessions."""
    password = typed_password("password")
    staff = _whom(app_context.reading(), token)
    if staff is None:
        return _spent()
    if errors := password_errors("password", password, staff.name, staff.email):
        return render_template("staff/new_password.html", email=staff.email, error=errors["password"]), 422
    kept = password_hash.hash_password(password)
    with app_context.store().writing() as writing:
        staff = _whom(writing, token, lock=True)
        if staff is None:
            return _spent()
        staff.password_hash = kept
        end_sessions_of(writing, SessionOwner.of(staff))
        record(
            writing,
            "staff",
            staff.id,
            "new password",
            app_context.now(),
            by=staff.email,
            why=Reason("password_forgotten"),
        )
    entered = current_user.enter(staff, url_for("dashboard.show"))
    flash(say("Votre nouveau mot de passe est enregistré."), "good")
    return entered


def _whom(session: Session, token: str, *, lock: bool = False) -> Staff | None:
    """Returns the member that the link is for, if they still work here and have the password that it was made for."""
    keys = app_context.store().keys
    said = read_staff_reset(keys, token)
    staff = session.get(Staff, said.staff_id, with_for_update=lock) if isinstance(said, StaffReset) else None
    if staff is None or staff.closed_at is not None or not isinstance(said, StaffReset):
        return None
    return staff if staff.has_fingerprint(keys, said.fingerprint) else None


def _spent() -> ResponseReturnValue:
    """Answer 410 (RFC 9110): the link no longer works, or never did."""
    return _page(is_spent=True), 410


def _page(sent_to: str | None = None, email: str = "", error: str | None = None, *, is_spent: bool = False) -> str:
    return render_template(
        "staff/forgotten_password.html", sent_to=sent_to, email=email, error=error, is_spent=is_spent
    )
