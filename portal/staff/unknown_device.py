"""Ends a session of staff that was not theirs, by the link of the mail that told of it, and leads to a new password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.translation import say
from store.accounts.one_time_email_link import StaffUnknownDevice, read_staff_unknown_device, staff_reset_link
from store.sign_in.sign_in_session import SessionOwner, end_session
from store.staff_member import Staff

pages = Blueprint("staff_unknown_device", __name__, url_prefix="/equipe")


@pages.get("/appareil-inconnu/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return _spent()


@pages.get("/appareil-inconnu/<token>")
def show(token: str) -> ResponseReturnValue:
    """Shows a button. GET changes nothing, since mail scanners follow links."""
    if _whose(app_context.reading(), token) is None:
        return _spent()
    return render_template("staff/unknown_device.html", token=token)


@pages.post("/appareil-inconnu/<token>")
def end(token: str) -> ResponseReturnValue:
    """End the session and lead to a new password, which ends all others. Pressing twice is harmless."""
    with app_context.store().writing() as writing:
        found = _whose(writing, token)
        if found is None:
            return _spent()
        staff, session_row = found
        end_session(writing, SessionOwner.of(staff), session_row)
    flash(say("C’est fait : cet appareil est déconnecté. Choisissez un nouveau mot de passe."), "good")
    return redirect(url_for("staff_forgotten.choose", token=staff_reset_link(app_context.store().keys, staff)), 303)


def _spent() -> ResponseReturnValue:
    page = render_template("staff/forgotten_password.html", sent_to=None, email="", error=None, is_spent=True)
    return page, 410


def _whose(session: Session, token: str) -> tuple[Staff, int] | None:
    """Returns whose session the link ends, and its row; None if the link does not work."""
    keys = app_context.store().keys
    said = read_staff_unknown_device(keys, token)
    if not isinstance(said, StaffUnknownDevice):
        return None
    staff = session.get(Staff, said.staff_id)
    if staff is None or staff.closed_at is not None or not staff.has_fingerprint(keys, said.fingerprint):
        return None
    return staff, said.session_row
