"""The type on the page: Source Sans 3 in two weights, cut to Europe's alphabets and embedded.

The code of a character in a content stream is its Unicode number, so text is written as it is and a
CIDToGIDMap finds the glyph (ISO 32000-1, 9.7.4.2).
"""

import io
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from render.objects import ONCE, Objects
from render.plain import ALPHABET

FONTS: Final = Path(__file__).parent / "fonts"
#: What a glyph outline needs; the rest of a font file is for shaping and for screens.
_NEEDED_TABLES: Final = frozenset({"GlyphOrder", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post"})


class Face(NamedTuple):
    """One weight, cut: its glyph outlines and how far each character goes, in thousandths of the size."""

    resource: str  # its name in a page's resources
    postscript_name: str
    program: bytes
    advance: dict[str, int]
    glyph_of: dict[str, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int
    stem: int


@lru_cache(maxsize=1)
def faces() -> tuple[Face, Face]:
    """The text weight and the strong weight."""
    return (
        _cut("R", "FACTRG+SourceSans3-Regular", FONTS / "SourceSans3-Regular.ttf", stem=84),
        _cut("B", "FACTSB+SourceSans3-SemiBold", FONTS / "SourceSans3-SemiBold.ttf", stem=120),
    )


def _cut(resource: str, postscript_name: str, path: Path, stem: int) -> Face:
    # fontTools takes a fifth of a second to load, and only compiling a template needs it.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(path, recalcTimestamp=False, recalcBBoxes=False, lazy=True)
    cap_height = font["OS/2"].sCapHeight
    for tag in [tag for tag in font.keys() if tag not in _NEEDED_TABLES]:  # noqa: SIM118 - no mapping
        del font[tag]
    cutter = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
    cutter.populate(unicodes=[ord(character) for character in sorted(ALPHABET)])
    cutter.subset(font)
    names: dict[int, str] = font.getBestCmap()
    characters = {chr(code): name for code, name in sorted(names.items())}
    metrics, head, hhea = font["hmtx"].metrics, font["head"], font["hhea"]
    advance = {character: metrics[name][0] for character, name in characters.items()}
    glyph_of = {character: font.getGlyphID(name) for character, name in characters.items()}
    for tag in ("cmap", "post"):
        del font[tag]
    program = io.BytesIO()
    font.save(program)
    box = (head.xMin, head.yMin, head.xMax, head.yMax)
    return Face(resource, postscript_name, program.getvalue(), advance, glyph_of, box, hhea.ascent, hhea.descent,
                cap_height, stem)  # fmt: skip


def write_face(face: Face, objects: Objects) -> int:
    """Embed the face; gives the number of its font dictionary."""
    program = objects.add_stream(b"/Length1 %d" % len(face.program), face.program, ONCE)
    descriptor = objects.add(
        b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"
        b"/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
        % (face.postscript_name.encode(), *face.box, face.ascent, face.descent, face.cap_height, face.stem, program)
    )
    glyphs = objects.add_stream(b"", _glyph_map(face), ONCE)
    descendant = objects.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor %d 0 R/DW 500/W[%b]/CIDToGIDMap %d 0 R>>"
        % (face.postscript_name.encode(), descriptor, _widths(face), glyphs)
    )
    unicode = objects.add_stream(b"", _TO_UNICODE, ONCE)
    return objects.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (face.postscript_name.encode(), descendant, unicode)
    )


def _glyph_map(face: Face) -> bytes:
    glyphs = bytearray(2 * (ord(max(face.glyph_of)) + 1))
    for character, glyph in face.glyph_of.items():
        glyphs[2 * ord(character) : 2 * ord(character) + 2] = glyph.to_bytes(2, "big")
    return bytes(glyphs)


def _widths(face: Face) -> bytes:
    """The /W array: runs of neighbouring codes and their advances."""
    runs: list[tuple[int, list[int]]] = []
    for character, advance in face.advance.items():
        code = ord(character)
        if not runs or code != runs[-1][0] + len(runs[-1][1]):
            runs.append((code, []))
        runs[-1][1].append(advance)
    return b"".join(b"%d[%b]" % (first, " ".join(map(str, advances)).encode()) for first, advances in runs)


#: The rows of the code that the alphabet reaches; one bfrange block may hold a hundred of them.
_ROWS: Final = range((ord(max(ALPHABET)) >> 8) + 1)
_RANGES: Final = b"\n".join(b"<%02X00> <%02XFF> <%02X00>" % (row, row, row) for row in _ROWS)
_TO_UNICODE: Final = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%d beginbfrange
%b
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end""" % (len(_ROWS), _RANGES)
