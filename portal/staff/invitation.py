"""Taking up an invitation: the link sets the password once."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from delivery.links import AGES, INVITE, open_link
from portal import here, passwords, visitor
from portal.typed import typed_password
from portal.words import say
from store.event import record
from store.staff import Staff

pages = Blueprint("invitation", __name__, url_prefix="/equipe")


@pages.get("/invitation/<token>")
def show(token: str) -> ResponseReturnValue:
    """Looking changes nothing: mail scanners follow links."""
    return render_template("staff/invitation.html", email=_invited(here.reading(), token).email, error=None)


@pages.post("/invitation/<token>")
def take_up(token: str) -> ResponseReturnValue:
    password = typed_password("password")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        staff = _invited(here.reading(), token)
        error = say("Il faut au moins {least} caractères. Une phrase fait très bien.", least=passwords.SHORTEST)
        return render_template("staff/invitation.html", email=staff.email, error=error), 422
    kept = passwords.hash_password(password)
    with here.store().writing() as writing:
        staff = _invited(writing, token)
        staff.password_hash = kept
        record(writing, "staff", staff.id, "taken up", here.now(), by=staff.email)
    visitor.sign_in(staff)
    flash(say("Bienvenue. Votre mot de passe est enregistré."), "good")
    return redirect(url_for("tonight.show"), 303)


def _invited(session: Session, token: str) -> Staff:
    """Whom the link invites; one that is old, invented or used leads nowhere."""
    data = open_link(here.config().secret, INVITE, token, AGES[INVITE])
    staff = session.get(Staff, int(data[0]), with_for_update=True) if data else None
    if staff is None or staff.closed_at is not None or staff.password_hash is not None:
        abort(404)
    return staff
