"""Translation of the portal: French sentences in the code and pages, English in the catalogues of `words`.

Public: `say(text, **values)`. The French sentence is the key; `{name}` is filled in; `{n} facture|{n} factures` chooses
by *n*. `make words` finds every sentence; a test says which have no English yet.
"""

from functools import lru_cache
from typing import Any

from flask import g, has_request_context, request, session
from flask.globals import _cv_app
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from words import catalogue
from words.catalogue import LANGUAGES
from words.language_names import own_name


def language() -> str:
    """Returns the visitor's language: chosen, else the browser's, else French. Asked some hundred times a page."""
    here = _cv_app.get(None)
    known: str | None = None if here is None else here.g.__dict__.get("language")
    return known or _chosen_language()


def _chosen_language() -> str:
    if not has_request_context():
        return "fr"
    chosen = session.get("language")
    if chosen not in LANGUAGES:
        said = request.headers.get("Accept-Language", "")
        chosen = _accepted(said) if said else "fr"
    g.language = chosen
    return str(chosen)


@lru_cache(maxsize=256)
def _accepted(said: str) -> str:
    """The language that a browser has asked for."""
    return str(parse_accept_header(said, LanguageAccept).best_match(LANGUAGES, "fr"))


def page_languages() -> dict[str, str]:
    """Returns the languages that pages are read in, each under its own name."""
    return {each: own_name(each) for each in LANGUAGES}


def other_languages() -> dict[str, str]:
    """Returns those that the visitor may choose instead."""
    return {each: name for each, name in page_languages().items() if each != language()}


def say(text: str, **values: Any) -> str:
    """Returns the sentence in the visitor's language with its values filled in. Values are escaped unless they are
    markup."""
    return speak(text, language(), **values) if values else catalogue.whole_sentence(text, language())


def speak(text: str, into: str, **values: Any) -> str:
    """Returns the sentence in the language *into*."""
    if not values:
        return catalogue.whole_sentence(text, into)
    if len(values) == 1 and type(n := values.get("n")) is int:
        return _counted(text, into, n)
    pattern = catalogue.fitted(catalogue.sentence(text, into, values.get("n")), into, values)
    if any(isinstance(value, Markup) for value in values.values()):
        escaped = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
        return Markup(pattern.format(**escaped))  # noqa: S704 -- our own sentence, and values are escaped
    return pattern.format(**values)


@lru_cache(maxsize=1024)
def _counted(text: str, into: str, n: int) -> str:
    """The sentence of which nothing but the number is to be filled in."""
    return catalogue.fitted(catalogue.sentence(text, into, n), into, {}).format(n=n)
