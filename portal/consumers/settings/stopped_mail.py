"""Stopping a kind of e-mail by the link that it carries: at once for a mail program (RFC 8058), or by a page's button.

A mail program posts without cookie and token and gets an empty answer; getting the page changes nothing.
"""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from portal.consumers.presenters.expired_link import ExpiredLink, expired_link
from portal.translation import say
from store.accounts.one_time_email_link import MailStop, read_mail_stop
from store.accounts.stopped_mail import YEARLY_QUESTION, StoppableMail, resume_mails, stop_mails, who_stopped
from store.leaving.space_closing import has_left
from words.catalogue import N_

pages: Final = Blueprint("stopped_mail", __name__)

#: What is stopped.
_KINDS: Final[dict[StoppableMail, str]] = {
    YEARLY_QUESTION: N_("Le courriel qui demande chaque année si vos factures sans papier vous conviennent"),
}


@pages.get("/desabonnement/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return expired_link("damaged")


@pages.get("/desabonnement/<token>")
def show(token: str) -> ResponseReturnValue:
    """Shows what the button would stop."""
    stop = _read(token)
    if not isinstance(stop, MailStop):
        return expired_link(stop)
    return _page(token, stop)


@pages.post("/desabonnement/<token>")
def stop(token: str) -> ResponseReturnValue:
    """Stop e-mails of this kind. What is posted is not read; doing it twice is harmless."""
    stop = _read(token)
    if not isinstance(stop, MailStop):
        return expired_link(stop)
    with app_context.store().writing() as session:
        stop_mails(session, stop.consumer_id, stop.kind, app_context.now())
    return _page(token, stop) if "page" in request.args else ("", 200)


csrf.exempt(stop)  # a mail program posts there, and nothing but the token says for whom


@pages.post("/desabonnement/<token>/reprendre")
def resume(token: str) -> ResponseReturnValue:
    """Send e-mails of this kind again."""
    stop = _read(token)
    if not isinstance(stop, MailStop):
        return expired_link(stop)
    with app_context.store().writing() as session:
        resume_mails(session, stop.consumer_id, stop.kind, app_context.now())
    return _page(token, stop)


def _read(token: str) -> MailStop | ExpiredLink:
    """Returns what the link stops, or why it cannot be used: the links of who has left are used up."""
    stop = read_mail_stop(app_context.store().keys, token)
    if not isinstance(stop, MailStop):
        return stop
    with app_context.store().reading() as session:  # a look of its own: what is stopped is read after it changed
        return "used" if has_left(session, stop.consumer_id) else stop


def _page(token: str, stop: MailStop) -> str:
    is_stopped = bool(who_stopped(app_context.reading(), [stop.consumer_id], stop.kind))
    return render_template(
        "consumers/settings/stopped_mail.html", token=token, what=say(_KINDS[stop.kind]), is_stopped=is_stopped
    )
