"""Marks the words that one text has and another does not."""

import re
from typing import Final

from markupsafe import Markup, escape

from store.search.word_forms import fold, normalised

_WORD: Final = re.compile(r"[^\W_]+")
#: What stands between two marked words of one group is marked with them.
_BETWEEN: Final = re.compile(r"</mark>([ -])<mark>")


def marked_differences(text: str, other: str) -> Markup:
    """Returns the text as HTML with the words marked that the other text lacks, ignoring case and accents."""
    there = set(map(fold, _WORD.findall(normalised(other))))
    parts: list[Markup] = []
    at = 0
    for word in _WORD.finditer(text):
        parts.append(escape(text[at : word.start()]))
        is_there = fold(word[0]) in there
        parts.append(escape(word[0]) if is_there else Markup("<mark>{}</mark>").format(word[0]))
        at = word.end()
    joined = Markup("").join([*parts, escape(text[at:])])
    return Markup(_BETWEEN.sub(r"\1", joined))  # noqa: S704 - it is markup already
