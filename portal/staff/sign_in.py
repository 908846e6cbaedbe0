"""Staff's own door, and the way out."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import here, passwords, visitor
from portal.throttle import guessed_right
from portal.typed import going, typed, typed_email, typed_password
from portal.words import say
from store.staff import Staff, staff_by_email

pages = Blueprint("staff_sign_in", __name__, url_prefix="/equipe")


@pages.get("/connexion")
def show() -> ResponseReturnValue:
    known = visitor.visitor()
    if known and known.staff:
        return redirect(_onwards(), 303)
    return render_template("staff/sign_in.html", email="", error=None, onwards=going(""))


@pages.post("/connexion")
def enter() -> ResponseReturnValue:
    staff = _who(typed_email(), typed_password("password"))
    if staff is None:
        error = say("L’adresse ou le mot de passe n’est pas le bon.")
        return render_template("staff/sign_in.html", email=typed("email"), error=error, onwards=going("")), 422
    guessed_right()
    visitor.sign_in(staff)
    return redirect(_onwards(), 303)


@pages.post("/deconnexion")
def leave() -> ResponseReturnValue:
    visitor.sign_out()
    return redirect(url_for("staff_sign_in.show"), 303)


def _onwards() -> str:
    return going(url_for("tonight.show"))


def _who(email: str, password: str) -> Staff | None:
    staff = staff_by_email(here.reading(), email)
    return staff if passwords.is_password(staff.password_hash if staff else None, password) else None
