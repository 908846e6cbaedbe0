"""The type on the page: Source Sans 3 in two weights, cut to Europe's alphabets and embedded.

A face is one font program under two dictionaries (ISO 32000-1, 9.6 and 9.7): most text is in the Latin alphabet of
western Europe and is written a byte a character; whatever else the type has is written by its Unicode number.
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
#: The alphabet's characters that WinAnsiEncoding has (Windows code page 1252), by their code.
SIMPLE: Final = {
    code: character
    for code in range(0x20, 0x100)
    if (character := bytes([code]).decode("cp1252", "replace")) in ALPHABET
}  # fmt: skip
#: Font flags (9.8.2): whether the codes are those of the Latin alphabet.
SYMBOLIC: Final = 4
NONSYMBOLIC: Final = 32


class Face(NamedTuple):
    """One weight, cut: its glyph outlines and how far each character goes, in thousandths of the size."""

    resource: str  # the simple font's name in a page's resources; the composite one's has a W behind it
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
    from fontTools.ttLib import TTFont, newTable
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

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
    del font["post"]
    # The simple font finds its glyphs by the program's own table of characters, as a non-symbolic one must
    # (ISO 19005-3, 6.2.11.6).
    table = CmapSubtable.newSubtable(4)
    table.platformID, table.platEncID, table.language = 3, 1, 0
    table.cmap = {ord(character): characters[character] for character in SIMPLE.values()}
    font["cmap"] = newTable("cmap")
    font["cmap"].tableVersion, font["cmap"].tables = 0, [table]
    program = io.BytesIO()
    font.save(program)
    box = (head.xMin, head.yMin, head.xMax, head.yMax)
    return Face(resource, postscript_name, program.getvalue(), advance, glyph_of, box, hhea.ascent, hhea.descent,
                cap_height, stem)  # fmt: skip


def write_faces(objects: Objects) -> bytes:
    """Embed both faces; gives the entry of a resource dictionary that names them (7.8.3)."""
    codes = _write_codes(objects)
    fonts = b"".join(_write_face(face, codes, objects) for face in faces())
    return b"/Font %d 0 R" % objects.add(b"<<%b>>" % fonts)


class _Codes(NamedTuple):
    """The numbers of what says which character a code means: for simple fonts and for composite ones (9.10.3)."""

    simple: int
    composite: int


def _write_codes(objects: Objects) -> _Codes:
    """All faces have the same alphabet."""
    simple = [b"<20> <7E> <0020>", b"<A0> <FF> <00A0>"]
    simple += [
        b"<%02X> <%02X> <%04X>" % (code, code, ord(SIMPLE[code])) for code in range(0x80, 0xA0) if code in SIMPLE
    ]
    # A range stays within one row of the code.
    rows = range((ord(max(ALPHABET)) >> 8) + 1)
    composite = [b"<%02X00> <%02XFF> <%02X00>" % (row, row, row) for row in rows]
    return _Codes(
        objects.add_stream(b"", _cmap(b"<00> <FF>", simple), ONCE),
        objects.add_stream(b"", _cmap(b"<0000> <FFFF>", composite), ONCE),
    )


def _write_face(face: Face, codes: _Codes, objects: Objects) -> bytes:
    """One program under two dictionaries: the simple font, and the composite one for all the rest."""
    name, resource = face.postscript_name.encode(), face.resource.encode()
    program = objects.add_stream(b"/Length1 %d" % len(face.program), face.program, ONCE)
    simple = _write_simple(face, name, program, codes.simple, objects)
    composite = _write_composite(face, name, program, codes.composite, objects)
    return b"/%b %d 0 R/%bW %d 0 R" % (resource, simple, resource, composite)


def _write_simple(face: Face, name: bytes, program: int, unicode: int, objects: Objects) -> int:
    """A TrueType font in WinAnsiEncoding (9.6.3 and annex D.2): a byte a character."""
    descriptor = _write_descriptor(face, name, program, NONSYMBOLIC, objects)
    widths = " ".join(str(face.advance.get(SIMPLE.get(code, ""), 0)) for code in range(32, 256))
    return objects.add(
        b"<</Type/Font/Subtype/TrueType/BaseFont/%b/FontDescriptor %d 0 R/Encoding/WinAnsiEncoding"
        b"/FirstChar 32/LastChar 255/Widths[%b]/ToUnicode %d 0 R>>" % (name, descriptor, widths.encode(), unicode)
    )


def _write_composite(face: Face, name: bytes, program: int, unicode: int, objects: Objects) -> int:
    """A composite font whose codes are Unicode numbers; a CIDToGIDMap finds the glyph (9.7.4.2)."""
    descriptor = _write_descriptor(face, name, program, SYMBOLIC, objects)
    glyphs = objects.add_stream(b"", _glyph_map(face), ONCE)
    descendant = objects.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor %d 0 R/DW 500/W[%b]/CIDToGIDMap %d 0 R>>" % (name, descriptor, _widths(face), glyphs)
    )
    return objects.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, descendant, unicode)
    )


def _write_descriptor(face: Face, name: bytes, program: int, flags: int, objects: Objects) -> int:
    return objects.add(
        b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"
        b"/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
        % (name, flags, *face.box, face.ascent, face.descent, face.cap_height, face.stem, program)
    )


def _glyph_map(face: Face) -> bytes:
    glyphs = bytearray(2 * (ord(max(face.glyph_of)) + 1))
    for character, glyph in face.glyph_of.items():
        glyphs[2 * ord(character) : 2 * ord(character) + 2] = glyph.to_bytes(2, "big")
    return bytes(glyphs)


def _widths(face: Face) -> bytes:
    """The /W array: runs of neighbouring codes and their advances. What the simple font has is not drawn with this."""
    runs: list[tuple[int, list[int]]] = []
    simple = frozenset(SIMPLE.values())
    for code, advance in ((ord(c), advance) for c, advance in face.advance.items() if c not in simple):
        if not runs or code != runs[-1][0] + len(runs[-1][1]):
            runs.append((code, []))
        runs[-1][1].append(advance)
    return b"".join(b"%d[%b]" % (first, " ".join(map(str, advances)).encode()) for first, advances in runs)


def _cmap(codespace: bytes, ranges: list[bytes]) -> bytes:
    """A ToUnicode CMap; one block may hold a hundred ranges."""
    assert len(ranges) <= 100
    return b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
%b
endcodespacerange
%d beginbfrange
%b
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end""" % (codespace, len(ranges), b"\n".join(ranges))
