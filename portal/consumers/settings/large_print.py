"""Switches pages to larger type and back for this visitor: in the session and, once signed in, in their row."""

from typing import Final

from flask import Blueprint, redirect, session
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.form_input import form_value, going
from store.accounts.consumer import Consumer

pages: Final = Blueprint("large_print", __name__)


@pages.post("/caracteres")
def choose() -> ResponseReturnValue:
    """Keep the choice; anything but `1` and `0` changes nothing."""
    wanted = {"on": True, "off": False}.get(form_value("large"))
    if wanted is not None:
        _keep(wanted)
    return redirect(going(), 303)


def large_print() -> bool:
    """Returns whether the visitor reads large print: by their row once they have signed in, else by the session."""
    known = current_user.signed_in_user()
    if known is not None and known.consumer is not None:
        return known.consumer.large_print
    return bool(session.get("large_print"))


def _keep(wanted: bool) -> None:
    session["large_print"] = wanted
    known = current_user.signed_in_user()
    if known is not None and known.consumer is not None:
        with app_context.store().writing() as writing:
            writing.get_one(Consumer, known.consumer.id).large_print = wanted
