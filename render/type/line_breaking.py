"""Breaks text into lines that fit a column, and shortens text with an ellipsis."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from render.type.printable_text import printable
from render.type.typesetting import TextStyle

ELLIPSIS: Final = "…"
#: Longer text is measured letter by letter, and not remembered.
_LONG: Final = 1000


def paragraphs(text: str, style: TextStyle, width: int) -> list[str]:
    """Break a sender's *text* into lines no wider than *width*, in drawing units. Its own line breaks stay, blank lines
    are left out; nothing else is."""
    if text.isprintable():
        return wrap(printable(text), style, width)
    return [line for part in text.splitlines() for line in wrap(printable(part).strip(" "), style, width)]


def wrap(text: str, style: TextStyle, width: int, most: int | None = None) -> list[str]:
    """Break *text* into lines no wider than *width*, in drawing units. With *most*, the last of that many lines ends
    in … when text is left out."""
    if len(text) <= _LONG and style.typeset(text)[1] <= width:
        return [text] if text else []
    if most is None:
        return list(_lines(text, style, width))
    lines = list(islice(_lines(text, style, width), most + 1))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shorten(f"{lines[most - 1]} {lines[most]}", style, width)]


def shorten(text: str, style: TextStyle, width: int) -> str:
    """Return *text*, cut and ended with … where it is wider than *width*, in drawing units."""
    if len(text) <= _LONG and style.typeset(text)[1] <= width:
        return text
    return next(_pieces(text[:_LONG], style, _room(width - style.width(ELLIPSIS), style))).rstrip() + ELLIPSIS


def _lines(text: str, style: TextStyle, width: int) -> Iterator[str]:
    """Yield the lines of *text*, as many words to each as fit. A word that is wider than the column is cut."""
    room, advance, blank = _room(width, style), style.advance, style.advance(" ")
    line, reached = "", 0
    for word in text.split(" "):
        wide = sum(map(advance, word))
        if line and reached + blank + wide <= room:
            line, reached = f"{line} {word}", reached + blank + wide
            continue
        if line:
            yield line
        line, reached = word, wide
        if wide > room:
            *pieces, line = _pieces(word, style, room)
            yield from pieces
            reached = sum(map(advance, line))
    if line:
        yield line


def _room(width: int, style: TextStyle) -> int:
    """Return a width in thousandths of the type size."""
    return width * 1000 // style.size


def _pieces(word: str, style: TextStyle, room: int) -> Iterator[str]:
    """Yield the pieces, no wider than *room*, of a word that is wider than the column; at least one."""
    start, reached = 0, 0
    for place, character in enumerate(word):
        advance = style.advance(character)
        if reached + advance > room and place > start:
            yield word[start:place]
            start, reached = place, 0
        reached += advance
    yield word[start:]
