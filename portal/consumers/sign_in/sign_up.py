"""Sign-up and confirmation of the e-mail address.

The answer is the same whether or not the address is known: only its mailbox learns which.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.claim_start import note_sign_up_by_link, note_sign_up_with_code
from portal import app_context
from portal.access import current_user, password_hash
from portal.access.new_password import password_errors
from portal.access.rate_limiting import slow_down_mails
from portal.consumers.presenters.expired_link import expired_link
from portal.consumers.sign_in.begun_identity import forget_begun, link_begun
from portal.form_input import form_value, going, plain_email, typed_email, typed_password, wrong_with_email
from portal.translation import language, say
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import Confirmation, read_confirmation
from store.accounts.sign_up import SignUp, TypedSignUp, sign_up
from store.accounts.sign_up import confirm as confirm_sign_up
from store.accounts.told_name import told_name
from store.job import request_job

pages = Blueprint("sign_up", __name__)

#: In the session: a secret of this browser, whose digest its last sign-up has. It says nothing of the address.
SIGNED_UP: Final = "signed_up"
#: Somebody who presses a button twice is one person.
DOUBLE_CLICK: Final = timedelta(minutes=5)


@pages.get("/inscription")
def show() -> ResponseReturnValue:
    return _page({}, "", "")


@pages.post("/inscription")
def send() -> ResponseReturnValue:
    name, email, password = form_value("name", 200), plain_email(typed_email()), typed_password("password")
    errors = password_errors("password", password, name, typed_email())
    if not name:
        errors["name"] = say("Écrivez votre nom.")
    if email is None:
        errors["email"] = wrong_with_email(typed_email())
    if errors or email is None:
        return _page(errors, name, form_value("email"), 422)
    slow_down_mails(email)
    forget_begun()
    return sign_up_here(name, email, password_hash.hash_password(password))


def sign_up_here(name: str, email: str, kept: str) -> ResponseReturnValue:
    """Sign up in this browser, with the hash of a password, and say where to look next."""
    session[SIGNED_UP] = secrets.token_urlsafe(16)
    typed = TypedSignUp(email, name, language(), kept, _digest(session[SIGNED_UP]))
    with app_context.store().writing() as writing:
        _sign_up(writing, typed)
        note_sign_up_with_code(writing, going(), app_context.now())
        note_sign_up_by_link(writing, app_context.store().keys, going(), app_context.now())
    app_context.store().wake_up.send()
    session["going"] = going()
    return render_template("consumers/sign_in/sign_up_sent.html", email=email)


def _sign_up(writing: Session, typed: TypedSignUp) -> None:
    """Store the sign-up and request its mail, which only the mailbox sees."""
    mine = sign_up(writing, typed, app_context.now())
    if mine is None:
        request_job(writing, "already_signed_up", {"email": typed.email}, app_context.now())
    else:
        request_job(writing, "confirm", {"consumer_id": mine[0], "epoch": mine[1]}, app_context.now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@pages.get("/inscription/confirmer/")
def confirm_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return expired_link("damaged")


@pages.get("/inscription/confirmer/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Shows a button, since mail scanners follow links, with who signed up and when: it may have been somebody else who
    typed this address."""
    said = read_confirmation(app_context.store().keys, token)
    if not isinstance(said, Confirmation):
        return expired_link(said)
    reading = app_context.reading()
    consumer, asked = _whom(reading, said), reading.get(SignUp, (said.consumer_id, said.epoch))
    if consumer is None or not _is_of_use(consumer, asked):
        return expired_link("used")
    name = told_name(asked.name) if asked else ""
    return render_template("consumers/confirm.html", token=token, email=said.email, asked=asked, name=name)


@pages.post("/inscription/confirmer/<token>")
def confirmed(token: str) -> ResponseReturnValue:
    """Confirm the address, with the password set when this link was requested. Sending it twice is harmless."""
    said = read_confirmation(app_context.store().keys, token)
    if not isinstance(said, Confirmation):
        return expired_link(said)
    with app_context.store().writing() as writing:
        consumer = _whom(writing, said)
        if consumer is None:
            return expired_link("used")
        is_new = confirm_sign_up(writing, consumer.id, said.epoch, app_context.now())
        consumer = writing.get_one(Consumer, consumer.id, populate_existing=True)
        if consumer.confirmed_at is None:
            return expired_link("used")
        consumer.mail_failed_at, consumer.mail_failure = None, ""
        mine = writing.get(SignUp, (said.consumer_id, said.epoch))
    if (
        current_user.signed_in_user() is None
        and (is_new or _is_just_confirmed(consumer, mine))
        and _signed_up_here(mine)
    ):
        onwards = str(session.get("going", "/"))
        link_begun(consumer)
        entered = current_user.enter(consumer, onwards)
        flash(say("Bienvenue, {name}. Votre adresse est confirmée.", name=consumer.name), "good")
        return entered
    flash(say("Votre adresse est confirmée."), "good")
    return redirect(url_for("sign_in.show"), 303)


def _whom(reading: Session, said: Confirmation) -> Consumer | None:
    """Returns the consumer whose address the link confirms, if it is still theirs."""
    consumer = reading.get(Consumer, said.consumer_id)
    return consumer if consumer is not None and consumer.email == said.email else None


def _is_of_use(consumer: Consumer, asked: SignUp | None) -> bool:
    """Returns whether there is something to confirm: a sign-up, or an address that bounced."""
    return asked is not None if consumer.confirmed_at is None else consumer.mail_failed_at is not None


def _signed_up_here(mine: SignUp | None) -> bool:
    secret = session.get(SIGNED_UP)
    return mine is not None and isinstance(secret, str) and mine.browser_digest == _digest(secret)


def _is_just_confirmed(consumer: Consumer, mine: SignUp | None) -> bool:
    """Returns whether this sign-up was confirmed a moment ago (a double click)."""
    return (
        mine is not None
        and consumer.confirmed_at is not None
        and app_context.now() - consumer.confirmed_at < DOUBLE_CLICK
        and consumer.password_hash == mine.password_hash
    )


def _page(errors: dict[str, str], name: str, email: str, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "consumers/sign_in/sign_up.html", errors=errors, name=name, email=email, onwards=going("")
    ), status
