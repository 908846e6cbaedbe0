"""A member of staff who sees the portal as a customer of the test side does. That customer exists nowhere else: what
would reach somebody else (another address, a reader, a telephone) is refused, by a closed list of what they may do.
"""

import secrets
from typing import Final

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from portal import app_context
from portal.access.current_user import Visitor, signed_in_user, staff_visitor
from portal.presenters.device_name import device_name
from portal.translation import say
from store.accounts.consumer import Consumer
from store.accounts.signed_in_consumer import SignedInConsumer
from store.sign_in.sign_in_session import SessionOwner, begin_session, end_session
from store.test_sides.side_customer import side_of_address

_CONSOLE: Final = "console"
#: What a customer of a test side may change: their own bills and contracts, of which nobody else hears.
_ALLOWED: Final = frozenset({
    "test_side.leave_customer", "sign_in.leave", "language.choose", "large_print.choose", "accounts.paperless",
    "accounts.paper", "ask_issuer.ask", "enquiries.write", "enquiries.settle", "tags_and_notes.tag",
    "tags_and_notes.untag", "tags_and_notes.write", "bill.said_paid", "page_pictures.ask", "notices.seen",
})  # fmt: skip


def is_side_customer() -> bool:
    """Returns whether the visitor is a customer of a test side."""
    known = signed_in_user()
    return known is not None and known.consumer is not None and side_of_address(known.consumer.email) is not None


def enter_as(consumer: Consumer) -> None:
    """Let the member who is here see the portal as this customer, until they go back."""
    known = signed_in_user()
    assert known is not None
    cookie_id = secrets.token_hex(16)
    with app_context.store().writing() as writing:
        device = device_name(request.user_agent.string)
        owner = SessionOwner(consumer.id)
        begun = begin_session(writing, owner, cookie_id, device, app_context.now(), app_context.today())
    session[_CONSOLE] = known.get_id()
    login_user(Visitor(consumer=SignedInConsumer.of(consumer, begun), session_id=cookie_id, session_row=begun.id))


def back_to_console() -> bool:
    """End the customer's session and go on as the member. Returns False if theirs is over."""
    known = signed_in_user()
    assert known is not None
    with app_context.store().writing() as writing:
        end_session(writing, known.owner, known.session_row)
    staff = staff_visitor(session.pop(_CONSOLE, ""))
    if staff is not None:
        login_user(staff)
    return staff is not None


def refuse_for_side_customer() -> ResponseReturnValue | None:
    """Returns the way back from a form that is not for customers of a test side; None where they may go on."""
    if request.method in {"GET", "HEAD"} or request.endpoint in _ALLOWED or not is_side_customer():
        return None
    flash(say("Une cliente d’essai ne peut pas faire cela : cela concernerait quelqu’un qui existe."), "ask")
    return redirect(url_for("home.show"), 303)
