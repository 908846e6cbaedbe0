"""Subsets a font file to the European alphabets and to the tables that a PDF needs.

Characters that the font lacks are borrowed from another font of the same weight, so every face has the whole alphabet.
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from render.fast_paths.composite_accents import share_accents
from render.type.font_face import SIMPLE, FontFace
from render.type.printable_text import ALPHABET

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

#: The tables that a PDF needs; the others are for shaping and screens.
_NEEDED_TABLES: Final = frozenset({"GlyphOrder", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post"})


def subset_font(
    path: Path, lender: Path, *, resource: str, postscript_name: str, stem: int, has_serifs: bool
) -> FontFace:
    """Return the subset face of the font file at *path*. *lender* is the font file to borrow from. Both have 1000 units
    to the em."""
    # fontTools takes a fifth of a second to load, and only compiling a template needs it.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(path, recalcTimestamp=False, recalcBBoxes=False, lazy=True)
    assert font["head"].unitsPerEm == 1000
    cap_height = font["OS/2"].sCapHeight
    for tag in [tag for tag in font.keys() if tag not in _NEEDED_TABLES]:  # noqa: SIM118 - no mapping
        del font[tag]
    cutter = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
    cutter.populate(unicodes=[ord(character) for character in sorted(ALPHABET)])
    cutter.subset(font)
    names = {chr(code): name for code, name in sorted(font.getBestCmap().items())}
    if wanting := sorted(ALPHABET - names.keys()):
        names |= _borrow(font, TTFont(lender, lazy=True), wanting)
    share_accents(font, names)
    font["maxp"].recalc(font)
    metrics, head, hhea = font["hmtx"].metrics, font["head"], font["hhea"]
    advance = {character: metrics[name][0] for character, name in names.items()}
    glyph_of = {character: font.getGlyphID(name) for character, name in names.items()}
    box = (head.xMin, head.yMin, head.xMax, head.yMax)
    program = _saved(font, names)
    return FontFace(resource, postscript_name, program, advance, glyph_of, box, hhea.ascent, hhea.descent, cap_height,
                stem, has_serifs)  # fmt: skip


def _borrow(font: "TTFont", lender: "TTFont", characters: list[str]) -> dict[str, str]:
    """Copy the glyphs of *characters* from *lender*. Returns their glyph names."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names, glyphs, borrowed = lender.getBestCmap(), lender.getGlyphSet(), {}
    for character in characters:
        glyph, pen, drawing = glyphs[names[ord(character)]], TTGlyphPen(None), DecomposingRecordingPen(glyphs)
        glyph.draw(drawing)
        drawing.replay(pen)
        name = borrowed[character] = f"lent{ord(character):04X}"
        font["glyf"][name] = outline = pen.glyph()
        outline.recalcBounds(font["glyf"])
        font["hmtx"][name] = glyph.width, outline.xMin
    return borrowed


def _saved(font: "TTFont", names: dict[str, str]) -> bytes:
    """Return the font program. A simple, non-symbolic font finds its glyphs by the program's own cmap (ISO 19005-3,
    6.2.11.6)."""
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

    table = CmapSubtable.newSubtable(4)
    table.platformID, table.platEncID, table.language = 3, 1, 0
    table.cmap = {ord(character): names[character] for character in SIMPLE.values()}
    del font["post"]
    font["cmap"] = newTable("cmap")
    font["cmap"].tableVersion, font["cmap"].tables = 0, [table]
    program = io.BytesIO()
    font.save(program)
    return program.getvalue()
