"""The languages that printed bills have words in, and lists of words with a column for each."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

#: ISO 639-1, in the order of the columns of `words/lists`.
PRINTED: Final = ("fr", "en", "de", "nl", "es")
#: Of a language without words.
DEFAULT: Final = "fr"


def printed_language(language: str) -> str:
    """Return the language, or French for one that bills are not printed in."""
    return language if language in PRINTED else DEFAULT


@cache
def word_list(name: str) -> dict[str, Mapping[str, str]]:
    """Return the list of this *name* in `words/lists`: code -> language -> words.

    A line is `CODE fr | en | de | nl | es`, `CODE word` for a word that all languages share, or `CODE` for none. Lines
    that begin with `#` are comments. Raises ValueError for a line with another number of columns.
    """
    text = (files("words") / "lists" / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, Mapping[str, str]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        code, _, said = line.partition(" ")
        words = [each.strip() for each in said.split("|")]
        if len(words) == 1:
            words *= len(PRINTED)
        if code in found:
            raise ValueError(f"{name}: {code} stands twice")
        found[code] = dict(zip(PRINTED, words, strict=True))
    return found


def words_for(name: str, code: str, language: str) -> str | None:
    """Return the words of *code* in the list *name*, French where the language has none; None for an unlisted code."""
    words = word_list(name).get(code)
    return None if words is None else words.get(language, words[DEFAULT])
