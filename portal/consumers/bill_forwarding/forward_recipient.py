"""What whoever reads an address does about bills that are forwarded there: accept them, and stop them, by the links of
the mails. Opening a link changes nothing; a mail program may stop them by a POST (RFC 8058)."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from delivery.bill_forwarding.end_forwarding import end_forwarding
from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import ForwardLink, read_forward_confirmation, read_forward_stop
from store.bill_forwarding.forward_address import ForwardAddress, confirm_forward

pages: Final = Blueprint("forward_recipient", __name__)

_BY: Final = "the link of a mail"


@pages.get("/transfert/accepter/")
@pages.get("/transfert/arreter/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a mail program cut the token off the link."""
    return _unusable()


@pages.get("/transfert/accepter/<token>")
def show_question(token: str) -> ResponseReturnValue:
    """Who asks, and for what; the button accepts."""
    forward = _forward(read_forward_confirmation(app_context.store().keys, token))
    return _unusable() if forward is None else _page(forward, token, "question")


@pages.post("/transfert/accepter/<token>")
def accept(token: str) -> ResponseReturnValue:
    """Accept the bills that come from now on. Doing it twice is as once."""
    forward = _forward(read_forward_confirmation(app_context.store().keys, token))
    if forward is None:
        return _unusable()
    with app_context.store().writing() as session:
        confirm_forward(session, forward.id, app_context.now())
    return _page(forward, token, "question")


@pages.get("/transfert/arreter/<token>")
def show_stop(token: str) -> ResponseReturnValue:
    """What the button would stop."""
    forward = _forward(read_forward_stop(app_context.store().keys, token))
    return _unusable() if forward is None else _page(forward, token, "stop")


@pages.post("/transfert/arreter/<token>")
def stop(token: str) -> ResponseReturnValue:
    """Stop them. What is posted is not read; doing it twice is as once."""
    forward = _forward(read_forward_stop(app_context.store().keys, token))
    if forward is None:
        return _unusable()
    with app_context.store().writing() as session:
        end_forwarding(session, forward.id, "recipient", app_context.now(), _BY)
    app_context.store().wake_up.send()
    return _page(forward, token, "stop") if "page" in request.args else ("", 200)


csrf.exempt(stop)  # a mail program posts there, and nothing but the token says for whom


def _forward(link: ForwardLink | str) -> ForwardAddress | None:
    if not isinstance(link, ForwardLink):
        return None
    with app_context.store().reading() as session:
        return session.get(ForwardAddress, link.forward_id)


def _page(forward: ForwardAddress, token: str, about: str) -> str:
    with app_context.store().reading() as session:
        state = session.get_one(ForwardAddress, forward.id).state
        owner = session.get_one(Consumer, forward.consumer_id)
    return render_template(
        "consumers/bill_forwarding/forward_recipient.html", token=token, about=about, state=state, owner=owner.email
    )


def _unusable() -> ResponseReturnValue:
    return render_template("consumers/bill_forwarding/unusable_link.html"), 404
