"""Breaks text into lines that fit a column, and shortens text with an ellipsis."""

from typing import Final

from render.type.typesetting import TextStyle

ELLIPSIS: Final = "…"
#: The most characters in a line.
_MOST_IN_A_LINE: Final = 1000


def wrap(text: str, style: TextStyle, width: int, most: int) -> list[str]:
    """Break *text* into at most *most* lines no wider than *width*, in drawing units. The last line ends in … when text
    is left out."""
    if len(text) <= _MOST_IN_A_LINE and style.typeset(text)[1] <= width:
        return [text] if text else []
    lines: list[str] = []
    line = ""
    # Text beyond the last line is not measured: a name may be 30 kB long.
    for word in text[: (most + 1) * _MOST_IN_A_LINE].split(" "):
        candidate = f"{line} {word}" if line else word
        if len(candidate) <= _MOST_IN_A_LINE and style.typeset(candidate)[1] <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        *pieces, line = _cut(word, style, width)
        lines += pieces
        if len(lines) > most:
            break
    lines.append(line)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shorten(f"{lines[most - 1]} {lines[most]}", style, width)]


def shorten(text: str, style: TextStyle, width: int) -> str:
    """Return *text*, cut and ended with … where it is wider than *width*, in drawing units."""
    if len(text) <= _MOST_IN_A_LINE and style.typeset(text)[1] <= width:
        return text
    return _cut(text[:_MOST_IN_A_LINE], style, width - style.width(ELLIPSIS))[0].rstrip() + ELLIPSIS


def _cut(word: str, style: TextStyle, width: int) -> list[str]:
    """Break a word that is wider than the column into pieces; the last is the rest."""
    room = width * 1000 // style.size
    pieces, start, reached = [], 0, 0
    for place, character in enumerate(word):
        advance = style.advance(character)
        if reached + advance > room and place > start:
            pieces.append(word[start:place])
            start, reached = place, 0
        reached += advance
    return [*pieces, word[start:]]
