"""Reset of a consumer's password by a link sent by mail, valid once and for two hours. The answer is the same for every
address."""

from typing import Final

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, password_hash
from portal.access.new_password import password_errors
from portal.access.rate_limiting import slow_down_mails
from portal.consumers.presenters.expired_link import expired_link
from portal.form_input import form_value, plain_email, typed_email, typed_password, wrong_with_email
from portal.translation import say
from store.accounts.consumer import Consumer, consumer_by_email
from store.accounts.one_time_email_link import Reset, read_reset
from store.accounts.push_subscription import end_all_devices
from store.accounts.sign_up import forget_sign_ups
from store.job import request_job
from store.outbox.email_confirmed import tell_email_confirmed
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of

pages = Blueprint("forgotten", __name__)

#: Whose password is forgotten where nobody has the address: their mail is dropped.
NOBODY: Final = {"consumer_id": 0, "epoch": 0}


@pages.get("/mot-de-passe-oublie")
def show() -> ResponseReturnValue:
    return render_template("consumers/sign_in/forgotten_password.html", error=None, sent_to=None, email="")


@pages.post("/mot-de-passe-oublie")
def send() -> ResponseReturnValue:
    email = plain_email(typed_email())
    if email is None:
        error = wrong_with_email(typed_email())
        return render_template(
            "consumers/sign_in/forgotten_password.html", error=error, sent_to=None, email=form_value("email")
        ), 422
    slow_down_mails(email)
    with app_context.store().writing() as writing:
        consumer = consumer_by_email(writing, email)
        whose = {"consumer_id": consumer.id, "epoch": consumer.session_epoch} if consumer else NOBODY
        request_job(writing, "reset", whose, app_context.now())  # of nobody too: the same work for every address
    app_context.store().wake_up.send()
    return render_template("consumers/sign_in/forgotten_password.html", error=None, sent_to=email, email=email)


@pages.get("/mot-de-passe/")
def choose_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return expired_link("damaged")


@pages.get("/mot-de-passe/<token>")
def choose(token: str) -> ResponseReturnValue:
    """Shows the form. GET changes nothing, since mail scanners follow links."""
    said = read_reset(app_context.store().keys, token)
    if not isinstance(said, Reset):
        return expired_link(said)
    if not _is_good(app_context.reading().get(Consumer, said.consumer_id), said):
        return expired_link("used")
    return render_template("consumers/sign_in/new_password.html", errors={}, token=token)


@pages.post("/mot-de-passe/<token>")
def chosen(token: str) -> ResponseReturnValue:
    """Set the new password. Ends all older sessions and confirms the address. Sending the same form twice is
    harmless."""
    said, password = read_reset(app_context.store().keys, token), typed_password("password")
    if not isinstance(said, Reset):
        return expired_link(said)
    consumer = app_context.reading().get(Consumer, said.consumer_id)
    if not _is_good(consumer, said):
        if consumer is None or not _is_pressed_twice(consumer, said, password):
            return expired_link("used")
        return current_user.enter(consumer, "/")
    assert consumer is not None
    if errors := password_errors("password", password, consumer.name, consumer.email):
        return render_template("consumers/sign_in/new_password.html", errors=errors, token=token), 422
    kept = password_hash.hash_password(password)
    with app_context.store().writing() as writing:
        consumer = writing.get(Consumer, said.consumer_id, with_for_update=True)
        if consumer is None or not _is_good(consumer, said):
            return expired_link("used")
        consumer.password_hash = kept
        consumer.session_epoch += 1
        end_sessions_of(writing, SessionOwner(consumer.id))
        end_all_devices(writing, consumer.id, app_context.now())
        if consumer.confirmed_at is None:
            consumer.confirmed_at = app_context.now()
            tell_email_confirmed(writing, consumer.id, app_context.now())
        consumer.mail_failed_at, consumer.mail_failure = None, ""
        forget_sign_ups(writing, consumer.id)
    entered = current_user.enter(consumer, "/")
    flash(say("Votre nouveau mot de passe est enregistré."), "good")
    return entered


def _is_good(consumer: Consumer | None, said: Reset) -> bool:
    """Returns whether the link was made for the password that is current."""
    return consumer is not None and consumer.session_epoch == said.epoch


def _is_pressed_twice(consumer: Consumer, said: Reset, password: str) -> bool:
    return consumer.session_epoch == said.epoch + 1 and password_hash.is_password(consumer.password_hash, password)
