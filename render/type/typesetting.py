"""A text style (font, size, colour) and typesetting in it: text becomes operators and a width (ISO 32000-1, 9.4)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Final, NamedTuple

from render.type.font_face import SIMPLE, FontFace

#: Typeset texts cached for each style: bills of one issuer have most texts in common.
_REMEMBERED: Final = 4096
#: Characters that are escaped in a literal string (7.3.4.2).
_ESCAPED: Final = re.compile(r"([()\\])")
_BEHIND: Final = r"\\\1"
#: The thousands separator. WinAnsiEncoding has no narrow space: a no-break space and a step back stand for it (9.4.3).
_NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
_WIDE: Final = "\N{NO-BREAK SPACE}"
_NOT_SIMPLE: Final = re.compile(f"([^{re.escape(''.join(SIMPLE.values()))}{_NARROW}]+)")


class Typeset(NamedTuple):
    """Typeset text: the operators that show it (latin-1), and its width in drawing units."""

    shown: str
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class TextStyle:
    """A weight, size and colour of type."""

    operators: str
    size: int  # drawing units
    advance: Callable[[str], int]
    typeset: Callable[[str], Typeset]
    #: (right edge from the row's origin, width) of a column -> the function that typesets its cells.
    column: Callable[[int, int], Callable[[str], str]]

    def width(self, text: str) -> int:
        """Return the width of *text* in drawing units. It must be `printable`."""
        return self.typeset(text).width

    def shown(self, text: str) -> str:
        """Return the operators that show *text*."""
        return self.typeset(text).shown

    def fitted(self, room: int) -> Callable[[str], str]:
        """Return a function from a text to the operators that show it within *room* drawing units: wider text is
        condensed, never cut."""
        return lambda text: _squeezed(self.typeset(text), room).shown


def style(face: FontFace, size: int, colour: str) -> TextStyle:
    """Return a text style. *size* is in drawing units; *colour* is three numbers from 0 to 1, as PDF writes them."""
    typeset = lru_cache(_REMEMBERED)(partial(_typeset, face, size))
    column = cache(partial(_column, typeset))
    return TextStyle(f"/{face.resource} {size} Tf {colour} rg", size, face.advance.__getitem__, typeset, column)


def _squeezed(typeset: Typeset, room: int) -> Typeset:
    shown, width = typeset
    return typeset if width <= room else Typeset(f" {100 * room / width:.1f} Tz{shown} 100 Tz", room)


def _column(typeset: Callable[[str], Typeset], right: int, room: int) -> Callable[[str], str]:
    return lru_cache(_REMEMBERED)(partial(_cell, typeset, right, room))


def _cell(typeset: Callable[[str], Typeset], right: int, room: int, text: str) -> str:
    """Return operators that draw *text* within *room*, right-aligned at *right* from a row's origin, and return to the
    origin."""
    shown, width = _squeezed(typeset(text), room)
    return f"{right - width} 0 Td{shown} {width - right} 0 Td"


def _typeset(face: FontFace, size: int, text: str) -> Typeset:
    width = sum(map(face.advance.__getitem__, text)) * size // 1000
    try:
        return Typeset(_literal(face, text), width)
    except UnicodeEncodeError:
        return Typeset(_mixed(face, size, text), width)


def _mixed(face: FontFace, size: int, text: str) -> str:
    """Typeset text in both fonts of a face: each character in the simple font where that has it, else in the composite
    one."""
    simple, *others = _NOT_SIMPLE.split(text)
    shown = [_literal(face, simple)] if simple else []
    for strange, after in zip(others[::2], others[1::2], strict=True):
        code = strange.encode("utf-16-be").hex()
        shown.append(f"/{face.resource}W {size} Tf<{code}>Tj/{face.resource} {size} Tf")
        if after:
            shown.append(_literal(face, after))
    return "".join(shown)


def _literal(face: FontFace, text: str) -> str:
    if _NARROW in text:
        thinner = f"{_WIDE}){face.advance[_WIDE] - face.advance[_NARROW]}("
        return f"[({thinner.join(map(_coded, text.split(_NARROW)))})]TJ"
    return f"({_coded(text)})Tj"


def _coded(text: str) -> str:
    """Escape text for the inside of a literal string."""
    coded = text if text.isascii() else text.encode("cp1252").decode("latin-1")
    return _ESCAPED.sub(_BEHIND, coded) if _ESCAPED.search(coded) else coded
