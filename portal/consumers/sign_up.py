"""Signing up, and confirming the e-mail address.

Whoever asks is told the same, whether or not the address is known: only its mailbox learns which.
"""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from delivery.links import AGES, CONFIRM, open_link
from portal import here, passwords, visitor
from portal.typed import going, plain_email, typed, typed_password
from portal.words import language, say
from store.base import insert_new
from store.consumer import Consumer, consumer_by_email
from store.errand import ask

pages = Blueprint("sign_up", __name__)

#: In the session: who signed up with this browser [consumer id, session epoch].
SIGNED_UP: Final = "signed_up"


@pages.get("/inscription")
def show() -> ResponseReturnValue:
    return _page({}, "", "")


@pages.post("/inscription")
def send() -> ResponseReturnValue:
    name, email, password = typed("name", 200), plain_email(typed("email")), typed_password("password")
    errors = password_errors("password", password)
    if not name:
        errors["name"] = say("Écrivez votre nom.")
    if email is None:
        errors["email"] = say("Cette adresse n’est pas complète. Exemple : alice@exemple.fr")
    if errors or email is None:
        return _page(errors, name, typed("email"), 422)
    kept = passwords.hash_password(password)
    with here.store().writing() as writing:
        session[SIGNED_UP] = _sign_up(writing, name, email, kept)
    here.store().bell.ring()
    session["going"] = going()
    return render_template("sign_up_sent.html", email=email)


def password_errors(name: str, password: str) -> dict[str, str]:
    """What is wrong with a new password, by the field's name."""
    if len(password) < passwords.SHORTEST:
        return {name: say("Il faut au moins {least} caractères. Une phrase fait très bien.", least=passwords.SHORTEST)}
    if len(password) > passwords.LONGEST:
        return {name: say("{most} caractères suffisent.", most=passwords.LONGEST)}
    return {}


def _sign_up(writing: Session, name: str, email: str, kept: str) -> list[int]:
    """Make the consumer, or ask again if nobody confirmed yet; [id, epoch], or nobody's for an address in use.

    The last to sign up with an unconfirmed address sets its password; each time the epoch rises, so that a browser
    that signed up before is not signed in by a confirmation.
    """
    row = {
        "email": email, "name": name, "language": language(), "password_hash": kept, "signed_up_at": here.now(),
        "mail_failure": "", "claim_failures": 0, "session_epoch": 0,
    }  # fmt: skip
    is_new = insert_new(writing, Consumer, [row]) == 1
    consumer = consumer_by_email(writing, email)
    assert consumer is not None
    if consumer.confirmed_at is not None:
        ask(writing, "already_signed_up", {"email": email}, here.now())
        return [0, 0]
    if not is_new:
        consumer.name, consumer.password_hash = name, kept
        consumer.session_epoch += 1
    ask(writing, "confirm", {"consumer_id": consumer.id}, here.now())
    return [consumer.id, consumer.session_epoch]


@pages.get("/inscription/confirmer/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """A button, not the act itself: mail scanners follow links."""
    return render_template("confirm.html", token=token, email=_open(token)[1])


@pages.post("/inscription/confirmer/<token>")
def confirmed(token: str) -> ResponseReturnValue:
    consumer_id, email = _open(token)
    with here.store().writing() as writing:
        consumer = writing.get(Consumer, consumer_id)
        if consumer is None or consumer.email != email:
            abort(404)
        consumer.confirmed_at = consumer.confirmed_at or here.now()
        consumer.mail_failed_at, consumer.mail_failure = None, ""
    if session.get(SIGNED_UP) == [consumer.id, consumer.session_epoch] and visitor.visitor() is None:
        onwards = str(session.get("going", "/"))
        visitor.sign_in(consumer)
        flash(say("Bienvenue, {name}. Votre adresse est confirmée.", name=consumer.name), "good")
        return redirect(onwards, 303)
    flash(say("Votre adresse est confirmée."), "good")
    return redirect(url_for("sign_in.show"), 303)


def _open(token: str) -> tuple[int, str]:
    """Whom a confirmation is for. An old or invented link leads nowhere."""
    data = open_link(here.config().secret, CONFIRM, token, AGES[CONFIRM])
    if data is None:
        abort(404)
    return int(data[0]), str(data[1])


def _page(errors: dict[str, str], name: str, email: str, status: int = 200) -> ResponseReturnValue:
    return render_template("sign_up.html", errors=errors, name=name, email=email, onwards=going("")), status
