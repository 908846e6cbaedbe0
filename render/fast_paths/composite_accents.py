"""Fast path (docs/fast-paths.md): shrinks a font program by drawing accented letters as letter plus shared accent."""

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._g_l_y_f import Glyph


class _Point(NamedTuple):
    x: int
    y: int
    is_on_curve: bool


_Contour = tuple[_Point, ...]


def share_accents(font: "TTFont", names: dict[str, str]) -> None:
    """Replace glyphs of *names* (glyph names by character) with composites, wherever the outline stays exactly the
    same."""
    accents: dict[tuple[_Contour, ...], str] = {}
    for character, name in names.items():
        letter = names.get(_letter(character))
        if letter is None or font["glyf"][name].isComposite():
            continue
        own, whole = _contours(font, letter), _contours(font, name)
        accent = [contour for contour in whole if contour not in own]
        if accent and len(accent) + len(own) == len(whole):
            x, y, _ = accent[0][0]
            shape = tuple(tuple(point._replace(x=point.x - x, y=point.y - y) for point in line) for line in accent)
            if shape not in accents:
                accents[shape] = _add(font, f"accent{len(accents)}", _outline(shape))
            _put(font, name, _composed(font, letter, accents[shape], x, y))


def _letter(character: str) -> str:
    """Return a letter without its last accent; "" when it has none."""
    letter = unicodedata.normalize("NFD", character)[:-1]
    return unicodedata.normalize("NFC", letter)


def _contours(font: "TTFont", name: str) -> list[_Contour]:
    coordinates, ends, flags = font["glyf"][name].getCoordinates(font["glyf"])
    points = [_Point(x, y, bool(flag & 1)) for (x, y), flag in zip(coordinates, flags, strict=True)]
    return [tuple(points[begin:end]) for begin, end in pairwise([0, *(end + 1 for end in ends)])]


def _outline(shape: tuple[_Contour, ...]) -> "Glyph":
    from fontTools.pens.ttGlyphPen import TTGlyphPointPen

    pen = TTGlyphPointPen(None)
    for contour in shape:
        pen.beginPath()
        for point in contour:
            pen.addPoint((point.x, point.y), "line" if point.is_on_curve else None)
        pen.endPath()
    return pen.glyph()


def _composed(font: "TTFont", letter: str, accent: str, x: int, y: int) -> "Glyph":
    from fontTools.pens.ttGlyphPen import TTGlyphPointPen

    pen = TTGlyphPointPen(font["glyf"].glyphs)
    pen.addComponent(letter, (1, 0, 0, 1, 0, 0))
    pen.addComponent(accent, (1, 0, 0, 1, x, y))
    return pen.glyph()


def _add(font: "TTFont", name: str, glyph: "Glyph") -> str:
    _put(font, name, glyph)
    font["hmtx"][name] = 0, glyph.xMin
    return name


def _put(font: "TTFont", name: str, glyph: "Glyph") -> None:
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
