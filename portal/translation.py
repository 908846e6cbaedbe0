"""Translation of the portal: French sentences in the code and pages, English in `english/*.toml`.

Public: `say(text, **values)`. The French sentence is the key; `{name}` is filled in; `{n} facture|{n} factures` chooses
by *n*. A test finds every sentence that has no English yet.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import g, has_request_context, request, session
from markupsafe import Markup

LANGUAGES: Final = ("fr", "en")
#: Before these signs, and inside « », French sets a space that does not break.
_HIGH_SIGNS: Final = {
    " ?": "\u202f?", " !": "\u202f!", " ;": "\u202f;", " :": "\u00a0:", "« ": "«\u00a0", " »": "\u00a0»",
    "e-mail": "e\u2011mail",
}  # fmt: skip


def language() -> str:
    """Returns the visitor's language: chosen, else the browser's, else French."""
    if not has_request_context():
        return "fr"
    if "language" not in g:
        chosen = session.get("language")
        g.language = chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "fr")
    return str(g.language)


def say(text: str, **values: Any) -> str:
    """Returns the sentence in the visitor's language with its values filled in. Values are escaped unless they are
    markup."""
    return speak(text, language(), **values)


def speak(text: str, into: str, **values: Any) -> str:
    """Returns the sentence in the language *into*."""
    pattern = _choose(_sentence(text, into), into, values.get("n"))
    if any(isinstance(value, Markup) for value in values.values()):
        return Markup(pattern).format(**values)  # noqa: S704 -- our own sentence; `format` escapes the values
    return pattern.format(**values) if values else pattern


def set_well(text: str) -> str:
    """Returns a French sentence with its no-break spaces."""
    for plain, kept_together in _HIGH_SIGNS.items():
        text = text.replace(plain, kept_together)
    return text


@cache
def english() -> dict[str, str]:
    """Returns all English sentences by their French."""
    folder = Path(__file__).parent / "english"
    sentences: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        sentences |= tomllib.loads(path.read_text("utf-8"))
    return sentences


@cache
def _sentence(text: str, into: str) -> str:
    return english().get(text, text) if into == "en" else set_well(text)


def _choose(sentence: str, into: str, n: float | None) -> str:
    """Returns one part of `one|several`: French uses the first for 0 and 1, English for 1 only."""
    if n is None or "|" not in sentence:
        return sentence
    one, several = sentence.split("|", 1)
    return one if (abs(n) < 2 if into == "fr" else abs(n) == 1) else several
