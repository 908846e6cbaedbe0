"""Consumers' sign-in and sign-out. A wrong e-mail and a wrong password get the same answer after the same time."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, identity_providers, password_hash
from portal.access.rate_limiting import guessed_right
from portal.access.renewed_hash import with_renewed_hash
from portal.form_input import form_value, going, typed_email, typed_password
from portal.translation import say
from store.accounts.consumer import Consumer, consumer_by_email
from words.catalogue import N_

pages = Blueprint("sign_in", __name__)

#: Said to all whose sign-in fails.
CONFIRM_FIRST: Final = N_("Vous venez de vous inscrire ? Ouvrez d’abord le lien que vous avez reçu par courriel.")


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
        error = f"{say('L’adresse ou le mot de passe n’est pas le bon.')} {say(CONFIRM_FIRST)}"
        return render_template(
            "consumers/sign_in/sign_in.html", email=form_value("email"), error=error, onwards=going("")
        ), 422
    guessed_right()
    return current_user.enter(with_renewed_hash(consumer, typed_password("password")), going())


def _who(email: str, password: str) -> Consumer | None:
    """Returns whose password this is. Who has not confirmed the address is told apart by nothing: whoever signs up with
    anybody's address could else find out whether it had a space."""
    consumer = consumer_by_email(app_context.reading(), email)
    is_right = password_hash.is_password(consumer.password_hash if consumer else None, password)
    return consumer if is_right and consumer is not None and consumer.confirmed_at is not None else None


@pages.post("/deconnexion")
def leave() -> ResponseReturnValue:
    """Sign out: this session and copies of its cookie end; other devices stay signed in."""
    also = identity_providers.sign_out_url(f"{app_context.config().public_url}{url_for('sign_in.show')}")
    current_user.sign_out()
    if also is not None:
        return render_template("consumers/sign_in/signed_out.html", provider=also[0], url=also[1])
    flash(say("Vous êtes déconnecté."), "")
    return redirect(url_for("sign_in.show"), 303)
