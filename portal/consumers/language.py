"""The language switch."""

from flask import Blueprint, redirect, session
from flask.typing import ResponseReturnValue

from portal import here, visitor
from portal.typed import going, typed
from portal.words import LANGUAGES
from store.consumer import Consumer

pages = Blueprint("language", __name__)


@pages.post("/langue")
def choose() -> ResponseReturnValue:
    """From now on in this language; mails to a consumer follow."""
    set_language(typed("language"))
    return redirect(going(), 303)


def set_language(language: str) -> None:
    if language not in LANGUAGES:
        return
    session["language"] = language
    known = visitor.visitor()
    if known and known.consumer and known.consumer.language != language:
        with here.store().writing() as writing:
            writing.get_one(Consumer, known.consumer.id).language = language
