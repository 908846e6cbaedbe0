"""A forgotten password: a link by mail, good once and for two hours; the same answer for every address."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from delivery.links import Reset, read_reset
from portal import here, passwords, visitor
from portal.consumers.sign_up import password_errors
from portal.consumers.spent_link import spent_link
from portal.typed import plain_email, typed, typed_email, typed_password, wrong_with_email
from portal.words import say
from store.consumer import Consumer, consumer_by_email
from store.errand import ask
from store.sign_up import forget_sign_ups

pages = Blueprint("forgotten", __name__)


@pages.get("/mot-de-passe-oublie")
def show() -> ResponseReturnValue:
    return render_template("forgotten.html", error=None, sent_to=None, email="")


@pages.post("/mot-de-passe-oublie")
def send() -> ResponseReturnValue:
    email = plain_email(typed_email())
    if email is None:
        error = wrong_with_email(typed_email())
        return render_template("forgotten.html", error=error, sent_to=None, email=typed("email")), 422
    with here.store().writing() as writing:
        if consumer := consumer_by_email(writing, email):
            ask(writing, "reset", {"consumer_id": consumer.id, "epoch": consumer.session_epoch}, here.now())
    here.store().bell.ring()
    return render_template("forgotten.html", error=None, sent_to=email, email=email)


@pages.get("/mot-de-passe/")
def choose_nothing() -> ResponseReturnValue:
    """Where a link leads of which a mail program left the beginning alone."""
    return spent_link("damaged")


@pages.get("/mot-de-passe/<token>")
def choose(token: str) -> ResponseReturnValue:
    """Looking changes nothing: mail scanners follow links."""
    said = read_reset(here.config().secret, token)
    if not isinstance(said, Reset):
        return spent_link(said)
    if not _is_good(here.reading().get(Consumer, said.consumer_id), said):
        return spent_link("used")
    return render_template("new_password.html", errors={}, token=token)


@pages.post("/mot-de-passe/<token>")
def chosen(token: str) -> ResponseReturnValue:
    """The new password ends every older session; the link came by mail, so the address is confirmed too. Pressed twice
    with the same password, the same."""
    said, password = read_reset(here.config().secret, token), typed_password("password")
    if not isinstance(said, Reset):
        return spent_link(said)
    consumer = here.reading().get(Consumer, said.consumer_id)
    if not _is_good(consumer, said):
        if consumer is None or not _is_pressed_twice(consumer, said, password):
            return spent_link("used")
        visitor.sign_in(consumer)
        return redirect("/", 303)
    if errors := password_errors("password", password):
        return render_template("new_password.html", errors=errors, token=token), 422
    kept = passwords.hash_password(password)
    with here.store().writing() as writing:
        consumer = writing.get(Consumer, said.consumer_id, with_for_update=True)
        if consumer is None or not _is_good(consumer, said):
            return spent_link("used")
        consumer.password_hash = kept
        consumer.session_epoch += 1
        consumer.confirmed_at = consumer.confirmed_at or here.now()
        consumer.mail_failed_at, consumer.mail_failure = None, ""
        forget_sign_ups(writing, consumer.id)
    visitor.sign_in(consumer)
    flash(say("Votre nouveau mot de passe est enregistré."), "good")
    return redirect("/", 303)


def _is_good(consumer: Consumer | None, said: Reset) -> bool:
    """Whether the password that the link is about is the one there is."""
    return consumer is not None and consumer.session_epoch == said.epoch


def _is_pressed_twice(consumer: Consumer, said: Reset, password: str) -> bool:
    return consumer.session_epoch == said.epoch + 1 and passwords.is_password(consumer.password_hash, password)
