"""Staff's sign-in and sign-out."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, password_hash
from portal.access.rate_limiting import guessed_right
from portal.access.renewed_hash import with_renewed_hash
from portal.form_input import form_value, going, typed_email, typed_password
from portal.translation import language, say
from store.staff_member import Staff, staff_by_email

pages = Blueprint("staff_sign_in", __name__, url_prefix="/equipe")


@pages.get("/connexion")
def show() -> ResponseReturnValue:
    known = current_user.signed_in_user()
    if known and known.staff:
        return redirect(_onwards(), 303)
    return render_template("staff/sign_in.html", email="", error=None, onwards=going(""))


@pages.post("/connexion")
def enter() -> ResponseReturnValue:
    """Sign in. Mails are written in the language of this page from now on."""
    staff = _who(typed_email(), typed_password("password"))
    if staff is None:
        error = say("L’adresse ou le mot de passe n’est pas le bon.")
        return render_template("staff/sign_in.html", email=form_value("email"), error=error, onwards=going("")), 422
    guessed_right()
    if staff.language != language():
        with app_context.store().writing() as writing:
            writing.get_one(Staff, staff.id).language = language()
    return current_user.enter(with_renewed_hash(staff, typed_password("password")), _onwards())


@pages.post("/deconnexion")
def leave() -> ResponseReturnValue:
    current_user.sign_out()
    return redirect(url_for("staff_sign_in.show"), 303)


def _onwards() -> str:
    return going(url_for("dashboard.show"))


def _who(email: str, password: str) -> Staff | None:
    staff = staff_by_email(app_context.reading(), email)
    return staff if password_hash.is_password(staff.password_hash if staff else None, password) else None
