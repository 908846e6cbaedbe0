"""Mark the words of a text that were sought, and cut the piece of it that has most of them. Pure.

The pieces are plain text: whoever shows them escapes them and puts the marks.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from store.search.typed_search import TypedSearch
from store.search.word_forms import WORD, normalised, word_forms

#: How many characters stand before the first marked word, and in all.
BEFORE: Final = 40
LONGEST: Final = 140


class Piece(NamedTuple):
    """A piece of a text; a marked one is a word that was sought."""

    text: str
    is_marked: bool = False


def marked(search: TypedSearch, text: str) -> list[Piece]:
    """The text in pieces, each word that was sought marked. Letters with accents are one character in them."""
    said = unicodedata.normalize("NFC", text)
    pieces: list[Piece] = []
    at = 0
    for start, end in _sought(search, said):
        pieces += [Piece(said[at:start]), Piece(said[start:end], is_marked=True)]
        at = end
    return [piece for piece in (*pieces, Piece(said[at:])) if piece.text]


def excerpt(search: TypedSearch, text: str) -> tuple[int, list[Piece]]:
    """How many different words of the text were sought, and the piece around them, with ellipses where it was cut; none
    are 0 and no pieces."""
    said = " ".join(unicodedata.normalize("NFC", text).split())
    sought = _sought(search, said)
    if not sought:
        return 0, []
    start = _fullest(said, sought)
    begin = said.rfind(" ", 0, max(0, start - BEFORE)) + 1 if start > BEFORE else 0
    begin = begin if start - begin < LONGEST - BEFORE else start - BEFORE  # in the midst of a long row of dots
    end = len(said) if len(said) - begin <= LONGEST else said.rfind(" ", begin, begin + LONGEST)
    end = begin + LONGEST if end <= start else end
    words = {said[a:b].casefold() for a, b in sought}
    pieces = marked(search, said[begin:end])
    head, tail = [Piece("… ")] * bool(begin), [Piece(" …")] * (end < len(said))
    return len(words), [*head, *pieces, *tail]


def marked_number(search: TypedSearch, number: str) -> list[Piece]:
    """The whole number marked, if a part of it was sought; else no pieces."""
    closed = "".join(word_forms(word).plain for word in WORD.findall(normalised(number)))
    asked = [each for each in (*search.beginnings, *search.forms) if any(c.isdigit() for c in each)]
    is_sought = any(closed.startswith(each) or (len(each) > 2 and each in closed) for each in asked)
    return [Piece(number, is_marked=True)] if is_sought else []


def _fullest(said: str, sought: Sequence[tuple[int, int]]) -> int:
    """Where the window begins that has most of the different words: the first such one. Each place is looked at twice,
    however often the words stand in the text."""
    words = [said[a:b].casefold() for a, b in sought]
    inside: Counter[str] = Counter()
    most, fullest, ahead = 0, 0, 0
    for (at, _), word in zip(sought, words, strict=True):
        while ahead < len(sought) and sought[ahead][0] < at + LONGEST - BEFORE:
            inside[words[ahead]] += 1
            ahead += 1
        if len(inside) > most:
            most, fullest = len(inside), at
        inside[word] -= 1
        if not inside[word]:
            del inside[word]
    return fullest


def _sought(search: TypedSearch, said: str) -> list[tuple[int, int]]:
    """The first and last place of each word that was sought."""
    return [match.span() for match in WORD.finditer(said) if search.is_asked(normalised(match[0]))]
