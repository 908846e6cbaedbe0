"""Consumers' sign-in and sign-out. A wrong e-mail and a wrong password get the same answer after the same time."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, password_hash
from portal.access.rate_limiting import guessed_right
from portal.access.renewed_hash import with_renewed_hash
from portal.form_input import form_value, going, typed_email, typed_password
from portal.translation import say
from store.accounts.consumer import Consumer, consumer_by_email
from store.job import request_job

pages = Blueprint("sign_in", __name__)


@pages.get("/connexion")
def show() -> ResponseReturnValue:
    known = current_user.signed_in_user()
    if known and known.consumer:
        return redirect(going(), 303)
    return render_template("consumers/sign_in/sign_in.html", email="", error=None, onwards=going(""))


@pages.post("/connexion")
def enter() -> ResponseReturnValue:
    consumer = _who(typed_email(), typed_password("password"))
    if consumer is None:
        error = say("L’adresse ou le mot de passe n’est pas le bon.")
        return render_template(
            "consumers/sign_in/sign_in.html", email=form_value("email"), error=error, onwards=going("")
        ), 422
    guessed_right()
    if consumer.confirmed_at is None:
        return _ask_to_confirm(consumer)
    return current_user.enter(with_renewed_hash(consumer, typed_password("password")), going())


def _who(email: str, password: str) -> Consumer | None:
    consumer = consumer_by_email(app_context.reading(), email)
    kept = consumer.password_hash if consumer else None
    return consumer if password_hash.is_password(kept, password) else None


def _ask_to_confirm(consumer: Consumer) -> ResponseReturnValue:
    with app_context.store().writing() as writing:
        request_job(
            writing, "confirm", {"consumer_id": consumer.id, "epoch": consumer.session_epoch}, app_context.now()
        )
    app_context.store().wake_up.send()
    return render_template("consumers/sign_in/sign_up_sent.html", email=consumer.email), 422


@pages.post("/deconnexion")
def leave() -> ResponseReturnValue:
    """Sign out: this session and copies of its cookie end; other devices stay signed in."""
    current_user.sign_out()
    flash(say("Vous êtes déconnecté."), "")
    return redirect(url_for("sign_in.show"), 303)
