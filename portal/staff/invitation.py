"""Taking up an invitation: the link sets the password once."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from delivery.links import Invitation, invited_at, read_invitation
from portal import here, passwords, visitor
from portal.consumers.spent_link import Spent
from portal.typed import plain_email, typed, typed_email, typed_password, wrong_with_email
from portal.words import say
from store.errand import ask
from store.event import record
from store.staff import Staff, staff_by_email

pages = Blueprint("invitation", __name__, url_prefix="/equipe")


@pages.get("/invitation/")
def show_nothing() -> ResponseReturnValue:
    """Where a link leads of which a mail program left the beginning alone."""
    return _spent("damaged")


@pages.get("/invitation/<token>")
def show(token: str) -> ResponseReturnValue:
    """Looking changes nothing: mail scanners follow links."""
    staff = _invited(here.reading(), token)
    if not isinstance(staff, Staff):
        return _spent(staff)
    return render_template("staff/invitation.html", email=staff.email, error=None)


@pages.post("/invitation/<token>")
def take_up(token: str) -> ResponseReturnValue:
    """Pressed twice with the same password, the same."""
    password = typed_password("password")
    staff = _invited(here.reading(), token)
    if not isinstance(staff, Staff):
        again = _taken_up(here.reading(), token, password)
        return _enter(again) if again else _spent(staff)
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        error = say("Il faut au moins {least} caractères. Une phrase fait très bien.", least=passwords.SHORTEST)
        return render_template("staff/invitation.html", email=staff.email, error=error), 422
    kept = passwords.hash_password(password)
    with here.store().writing() as writing:
        staff = _invited(writing, token, lock=True)
        if not isinstance(staff, Staff):
            return _spent(staff)
        staff.password_hash = kept
        record(writing, "staff", staff.id, "taken up", here.now(), by=staff.email)
    return _enter(staff)


@pages.post("/invitation")
def send_again() -> ResponseReturnValue:
    """A fresh link for an invitation that waits; the same answer for every address."""
    email = plain_email(typed_email())
    if email is None:
        error = wrong_with_email(typed_email())
        return render_template("staff/spent_invitation.html", sent_to=None, email=typed("email"), error=error), 422
    with here.store().writing() as writing:
        staff = staff_by_email(writing, email)
        if staff is not None and staff.password_hash is None:
            ask(writing, "invite", {"staff_id": staff.id}, here.now())
    here.store().bell.ring()
    return render_template("staff/spent_invitation.html", sent_to=email, email=email, error=None)


def _enter(staff: Staff) -> ResponseReturnValue:
    visitor.sign_in(staff)
    flash(say("Bienvenue. Votre mot de passe est enregistré."), "good")
    return redirect(url_for("tonight.show"), 303)


def _spent(how: Spent) -> ResponseReturnValue:
    page = render_template("staff/spent_invitation.html", sent_to=None, email="", error=None)
    return page, 404 if how == "damaged" else 410


def _invited(session: Session, token: str, *, lock: bool = False) -> Staff | Spent:
    """Whom the link invites, or what has become of it."""
    said = read_invitation(here.config().secret, token)
    if not isinstance(said, Invitation):
        return said
    staff = _addressed(session, said, lock=lock)
    return staff if staff is not None and staff.password_hash is None else "used"


def _taken_up(session: Session, token: str, password: str) -> Staff | None:
    """Who took this invitation up a moment ago with this very password."""
    said = read_invitation(here.config().secret, token)
    staff = _addressed(session, said) if isinstance(said, Invitation) else None
    return staff if staff is not None and passwords.is_password(staff.password_hash, password) else None


def _addressed(session: Session, said: Invitation, *, lock: bool = False) -> Staff | None:
    """Whom an invitation is for; nobody, once they left or were invited anew."""
    staff = session.get(Staff, said.staff_id, with_for_update=lock)
    return staff if staff is not None and staff.closed_at is None and invited_at(staff) == said.added else None
