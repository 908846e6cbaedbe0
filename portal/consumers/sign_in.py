"""Signing in and out. The same answer, as slow, whether the e-mail or the password is wrong."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import here, passwords, visitor
from portal.throttle import guessed_right
from portal.typed import going, typed, typed_email, typed_password
from portal.words import say
from store.consumer import Consumer, consumer_by_email
from store.errand import ask

pages = Blueprint("sign_in", __name__)


@pages.get("/connexion")
def show() -> ResponseReturnValue:
    known = visitor.visitor()
    if known and known.consumer:
        return redirect(going(), 303)
    return render_template("sign_in.html", email="", error=None, onwards=going(""))


@pages.post("/connexion")
def enter() -> ResponseReturnValue:
    consumer = _who(typed_email(), typed_password("password"))
    if consumer is None:
        error = say("L’adresse ou le mot de passe n’est pas le bon.")
        return render_template("sign_in.html", email=typed("email"), error=error, onwards=going("")), 422
    guessed_right()
    if consumer.confirmed_at is None:
        return _ask_to_confirm(consumer)
    visitor.sign_in(consumer)
    return redirect(going(), 303)


def _who(email: str, password: str) -> Consumer | None:
    consumer = consumer_by_email(here.reading(), email)
    kept = consumer.password_hash if consumer else None
    return consumer if passwords.is_password(kept, password) else None


def _ask_to_confirm(consumer: Consumer) -> ResponseReturnValue:
    with here.store().writing() as writing:
        ask(writing, "confirm", {"consumer_id": consumer.id, "epoch": consumer.session_epoch}, here.now())
    here.store().bell.ring()
    return render_template("sign_up_sent.html", email=consumer.email), 422


@pages.post("/deconnexion")
def leave() -> ResponseReturnValue:
    """This visit ends, and what was copied of its cookie is worth nothing either; other devices stay signed in."""
    visitor.sign_out()
    flash(say("Vous êtes déconnecté."), "")
    return redirect(url_for("sign_in.show"), 303)
