"""A forgotten password: a link by mail, good once and for two hours; the same answer for every address."""

from flask import Blueprint, abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from delivery.links import AGES, RESET, open_link
from portal import here, passwords, visitor
from portal.consumers.sign_up import password_errors
from portal.typed import plain_email, typed, typed_password
from portal.words import say
from store.consumer import Consumer, consumer_by_email
from store.errand import ask

pages = Blueprint("forgotten", __name__)


@pages.get("/mot-de-passe-oublie")
def show() -> ResponseReturnValue:
    return render_template("forgotten.html", error=None, sent_to=None, email="")


@pages.post("/mot-de-passe-oublie")
def send() -> ResponseReturnValue:
    email = plain_email(typed("email"))
    if email is None:
        error = say("Cette adresse n’est pas complète. Exemple : alice@exemple.fr")
        return render_template("forgotten.html", error=error, sent_to=None, email=typed("email")), 422
    with here.store().writing() as writing:
        if consumer := consumer_by_email(writing, email):
            ask(writing, "reset", {"consumer_id": consumer.id}, here.now())
    here.store().bell.ring()
    return render_template("forgotten.html", error=None, sent_to=email, email=email)


@pages.get("/mot-de-passe/<token>")
def choose(token: str) -> ResponseReturnValue:
    _consumer(here.reading(), token)
    return render_template("new_password.html", errors={}, token=token)


@pages.post("/mot-de-passe/<token>")
def chosen(token: str) -> ResponseReturnValue:
    """The new password ends every older session; the link came by mail, so the address is confirmed too."""
    password = typed_password("password")
    if errors := password_errors("password", password):
        return render_template("new_password.html", errors=errors, token=token), 422
    kept = passwords.hash_password(password)
    with here.store().writing() as writing:
        consumer = _consumer(writing, token)
        consumer.password_hash = kept
        consumer.session_epoch += 1
        consumer.confirmed_at = consumer.confirmed_at or here.now()
        consumer.mail_failed_at, consumer.mail_failure = None, ""
    visitor.sign_in(consumer)
    flash(say("Votre nouveau mot de passe est enregistré."), "good")
    return redirect("/", 303)


def _consumer(session: Session, token: str) -> Consumer:
    """Whom the link is for; one that is old, invented or used leads nowhere."""
    data = open_link(here.config().secret, RESET, token, AGES[RESET])
    consumer = session.get(Consumer, int(data[0])) if data else None
    if data is None or consumer is None or consumer.session_epoch != int(data[1]):
        abort(404)
    return consumer
