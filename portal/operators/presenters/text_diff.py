"""What one text says and another does not, marked word by word."""

import re
from typing import Final

from markupsafe import Markup, escape

from store.bills.search_words import fold

_WORD: Final = re.compile(r"[^\W_]+")
#: What stands between two marked words of one group is marked with them.
_BETWEEN: Final = re.compile(r"</mark>([ -])<mark>")


def marked_differences(text: str, other: str) -> Markup:
    """The text, with those of its words marked that the other does not have; case and accents are no difference."""
    there = set(_WORD.findall(fold(other)))
    parts: list[Markup] = []
    at = 0
    for word in _WORD.finditer(text):
        parts.append(escape(text[at : word.start()]))
        is_there = there.issuperset(_WORD.findall(fold(word[0])))
        parts.append(escape(word[0]) if is_there else Markup("<mark>{}</mark>").format(word[0]))
        at = word.end()
    joined = Markup("").join([*parts, escape(text[at:])])
    return Markup(_BETWEEN.sub(r"\1", joined))  # noqa: S704 - it is markup already
