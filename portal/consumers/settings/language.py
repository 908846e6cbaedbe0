"""Switches the language of pages and of mails to the visitor."""

from flask import Blueprint, redirect, session
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.form_input import form_value, going
from store.accounts.consumer import Consumer
from store.staff_member import Staff
from words.catalogue import LANGUAGES

pages = Blueprint("language", __name__)


@pages.post("/langue")
def choose() -> ResponseReturnValue:
    """Keep the language in the session and, for somebody signed in, in their row."""
    set_language(form_value("language"))
    return redirect(going(), 303)


def set_language(language: str) -> None:
    """Keep the language in the session and, for somebody signed in, in their row; an unknown one changes nothing."""
    if language not in LANGUAGES:
        return
    session["language"] = language
    known = current_user.signed_in_user()
    person = known and (known.consumer or known.staff)
    if person and person.language != language:
        with app_context.store().writing() as writing:
            if known is not None and known.consumer is not None:
                writing.get_one(Consumer, person.id).language = language
            else:
                writing.get_one(Staff, person.id).language = language
