"""Changes the password of the signed-in member of staff."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, password_hash
from portal.access.new_password import password_errors
from portal.form_input import typed_password
from portal.translation import say
from store.db.event import record
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of
from store.staff_member import Staff

pages = Blueprint("staff_settings", __name__, url_prefix="/equipe/reglages")


@pages.get("")
def show() -> ResponseReturnValue:
    return _page({})


@pages.post("/mot-de-passe")
def new_password() -> ResponseReturnValue:
    """Change the password, given the old one. Ends the sessions on other devices."""
    mine = current_user.staff()
    if not password_hash.is_password(mine.password_hash, typed_password("old")):
        return _page({"old": say("Ce n’est pas votre mot de passe actuel.")})
    if errors := password_errors("password", typed_password("password"), mine.name, mine.email):
        return _page(errors)
    kept = password_hash.hash_password(typed_password("password"))
    with app_context.store().writing() as writing:
        staff = writing.get_one(Staff, mine.id)
        staff.password_hash = kept
        end_sessions_of(writing, SessionOwner.of(staff))
        record(writing, "staff", staff.id, "new password", app_context.now(), by=staff.email)
    current_user.sign_in(staff)
    flash(say("Votre nouveau mot de passe est enregistré ; vos autres appareils sont déconnectés."), "good")
    return redirect(url_for(".show"), 303)


def _page(errors: dict[str, str]) -> ResponseReturnValue:
    return render_template("staff/settings.html", errors=errors), 422 if errors else 200
