"""One page being drawn: marks and words, gathered as content stream operators (ISO 32000-1, 8 and 9)."""

from collections.abc import Callable
from typing import Final, NamedTuple

from render.face import Face
from render.page import FLIP


class Style(NamedTuple):
    """A weight, size and colour of type."""

    operators: str
    size: int  # drawing units
    advance: Callable[[str], int]

    def width(self, text: str) -> int:
        """How far *text* goes, in drawing units; it must be `plain`."""
        return sum(map(self.advance, text)) * self.size // 1000


def style(face: Face, size: int, colour: str) -> Style:
    """*colour* is three numbers from 0 to 1, as PDF writes them."""
    return Style(f"/{face.resource} {size} Tf {colour} rg", size, face.advance.__getitem__)


class Sheet:
    """A page under construction. Marks (rules, areas) lie under the words."""

    __slots__ = ("_current", "marks", "words")

    def __init__(self) -> None:
        self.marks: list[str] = []
        self.words: list[str] = []
        self._current: Style | None = None

    def text(self, manner: Style, x: int, y: int, text: str) -> None:
        """Write *text* with its baseline's left end at (x, y)."""
        if manner is not self._current:
            self._current = manner
            self.words.append(manner.operators)
        self.words.append(f"1 0 0 -1 {x} {y} Tm<{text.encode('utf-16-be').hex()}>Tj")

    def right(self, manner: Style, x: int, y: int, text: str) -> None:
        """Write *text* with its baseline's right end at (x, y)."""
        self.text(manner, x - manner.width(text), y, text)

    def squeezed(self, manner: Style, x: int, y: int, text: str, room: int) -> None:
        """Write *text* ending at x; a figure too wide for its *room* is drawn narrower, never cut."""
        width = manner.width(text)
        if width <= room:
            return self.text(manner, x - width, y, text)
        self.words.append(f"{100 * room / width:.1f} Tz")
        self.text(manner, x - room, y, text)
        self.words.append("100 Tz")
        return None

    def rule(self, colour: str, x: int, y: int, width: int, thickness: int) -> None:
        """A horizontal line, as an area whose upper left corner is (x, y)."""
        self.marks.append(f"{colour} rg {x} {y} {width} {thickness} re f")

    def content(self) -> bytes:
        """The content stream of a page; it leaves the graphics state as it found it."""
        return b"q\n%b\n%b\nQ" % (FLIP.encode(), self.drawing())

    def drawing(self) -> bytes:
        """Marks and words in drawing units, for a page or for a form that pages place."""
        words = ["BT", *self.words, "ET"] if self.words else []
        return "\n".join([*self.marks, *words]).encode("ascii")


ELLIPSIS: Final = "…"
#: No line holds more characters than this, whatever the type and the column.
_MOST_IN_A_LINE: Final = 1000


def wrap(text: str, manner: Style, width: int, most: int) -> list[str]:
    """Break *text* into lines no wider than *width*, at most *most* of them; the last says … when more is left out."""
    if manner.width(text) <= width:
        return [text] if text else []
    lines: list[str] = []
    line = ""
    # What cannot appear any more is not measured either: a name may be 30 kB long.
    for word in text[: (most + 1) * _MOST_IN_A_LINE].split(" "):
        candidate = f"{line} {word}" if line else word
        if manner.width(candidate) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        *pieces, line = _cut(word, manner, width)
        lines += pieces
        if len(lines) > most:
            break
    lines.append(line)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], shorten(f"{lines[most - 1]} {lines[most]}", manner, width)]


def shorten(text: str, manner: Style, width: int) -> str:
    """*text*, cut with … to fit *width* where it does not."""
    if manner.width(text) <= width:
        return text
    return _cut(text, manner, width - manner.width(ELLIPSIS))[0].rstrip() + ELLIPSIS


def _cut(word: str, manner: Style, width: int) -> list[str]:
    """Pieces of a word that is wider than the column; the last one is what is left over."""
    room = width * 1000 // manner.size
    pieces, start, reached = [], 0, 0
    for place, character in enumerate(word):
        advance = manner.advance(character)
        if reached + advance > room and place > start:
            pieces.append(word[start:place])
            start, reached = place, 0
        reached += advance
    return [*pieces, word[start:]]
