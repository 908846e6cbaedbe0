"""Ends a consumer's session that was not theirs, by the link of the mail that told of it, and leads to a new
password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.consumers.presenters.expired_link import ExpiredLink, expired_link
from portal.translation import say
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import UnknownDevice, read_unknown_device, reset_link
from store.sign_in.sign_in_session import SessionOwner, end_session

pages = Blueprint("unknown_device", __name__)


@pages.get("/appareil-inconnu/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return expired_link("damaged")


@pages.get("/appareil-inconnu/<token>")
def show(token: str) -> ResponseReturnValue:
    """Shows a button. GET changes nothing, since mail scanners follow links."""
    found = _whose(app_context.reading(), token)
    if isinstance(found, str):
        return expired_link(found)
    return render_template("consumers/sign_in/unknown_device.html", token=token)


@pages.post("/appareil-inconnu/<token>")
def end(token: str) -> ResponseReturnValue:
    """End the session and lead to a new password, which ends all others. Pressing twice is harmless."""
    with app_context.store().writing() as writing:
        found = _whose(writing, token)
        if isinstance(found, str):
            return expired_link(found)
        consumer, session_row = found
        end_session(writing, SessionOwner(consumer.id), session_row)
    flash(say("C’est fait : cet appareil est déconnecté. Choisissez un nouveau mot de passe."), "good")
    link = reset_link(app_context.store().keys, consumer, consumer.session_epoch)
    return redirect(url_for("forgotten.choose", token=link), 303)


def _whose(session: Session, token: str) -> tuple[Consumer, int] | ExpiredLink:
    """Returns whose session the link ends, and its row; or why the link does not work."""
    said = read_unknown_device(app_context.store().keys, token)
    if not isinstance(said, UnknownDevice):
        return said
    consumer = session.get(Consumer, said.consumer_id)
    if consumer is None or consumer.session_epoch != said.epoch:
        return "used"
    return consumer, said.session_row
