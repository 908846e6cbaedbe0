"""Embeds a font face as PDF font objects: a simple and a composite font on one program (ISO 32000-1, 9.6 and 9.7).

Western European text uses the simple font, one byte a character. Everything else uses the composite font, by Unicode
number.
"""

from typing import Final, NamedTuple

from render.pdf.pdf_objects import ONCE, Objects
from render.type.font_face import SIMPLE, FontFace
from render.type.font_family import font_faces
from render.type.printable_text import ALPHABET

#: Font flags (9.8.2): whether strokes end in serifs, and whether the codes are those of the Latin alphabet.
SERIF: Final = 2
SYMBOLIC: Final = 4
NONSYMBOLIC: Final = 32


def write_faces(typeface: str, objects: Objects) -> bytes:
    """Embed both weights of a typeface. Returns the Font entry of a resource dictionary (7.8.3)."""
    weights = font_faces(typeface)
    shared = _write_shared(weights, objects)
    fonts = b"".join(_write_face(face, shared, objects) for face in weights)
    return b"/Font %d 0 R" % objects.add(b"<<%b>>" % fonts)


class _Shared(NamedTuple):
    """Object numbers of what both weights share: the ToUnicode maps of simple and composite fonts (9.10.3), and the map
    from character to glyph (9.7.4.2)."""

    simple: int
    composite: int
    glyphs: int


def _write_shared(weights: tuple[FontFace, FontFace], objects: Objects) -> _Shared:
    """Write what the weights share: all faces have the same alphabet, those of a family the same glyphs in the same
    order."""
    text, strong = weights
    assert text.glyph_of == strong.glyph_of
    simple = [b"<20> <7E> <0020>", b"<A0> <FF> <00A0>"]
    simple += [
        b"<%02X> <%02X> <%04X>" % (code, code, ord(SIMPLE[code])) for code in range(0x80, 0xA0) if code in SIMPLE
    ]
    # A range stays within one row of the code.
    rows = range((ord(max(ALPHABET)) >> 8) + 1)
    composite = [b"<%02X00> <%02XFF> <%02X00>" % (row, row, row) for row in rows]
    return _Shared(
        objects.add_stream(b"", _cmap(b"<00> <FF>", simple), ONCE),
        objects.add_stream(b"", _cmap(b"<0000> <FFFF>", composite), ONCE),
        objects.add_stream(b"", _glyph_map(text), ONCE),
    )


def _write_face(face: FontFace, shared: _Shared, objects: Objects) -> bytes:
    """Write one program under two font dictionaries. Returns their resource entries."""
    name, resource = face.postscript_name.encode(), face.resource.encode()
    program = objects.add_stream(b"/Length1 %d" % len(face.program), face.program, ONCE)
    simple = _write_simple(face, name, program, shared.simple, objects)
    composite = _write_composite(face, name, program, shared, objects)
    return b"/%b %d 0 R/%bW %d 0 R" % (resource, simple, resource, composite)


def _write_simple(face: FontFace, name: bytes, program: int, unicode: int, objects: Objects) -> int:
    """Write a TrueType font in WinAnsiEncoding (9.6.3 and annex D.2), one byte a character. Returns its number."""
    descriptor = _write_descriptor(face, name, program, NONSYMBOLIC, objects)
    widths = " ".join(str(face.advance.get(SIMPLE.get(code, ""), 0)) for code in range(32, 256))
    return objects.add(
        b"<</Type/Font/Subtype/TrueType/BaseFont/%b/FontDescriptor %d 0 R/Encoding/WinAnsiEncoding"
        b"/FirstChar 32/LastChar 255/Widths[%b]/ToUnicode %d 0 R>>" % (name, descriptor, widths.encode(), unicode)
    )


def _write_composite(face: FontFace, name: bytes, program: int, shared: _Shared, objects: Objects) -> int:
    """Write a composite font whose codes are Unicode numbers. Returns its number."""
    descriptor = _write_descriptor(face, name, program, SYMBOLIC, objects)
    descendant = objects.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor %d 0 R/DW 500/W[%b]/CIDToGIDMap %d 0 R>>" % (name, descriptor, _widths(face), shared.glyphs)
    )
    return objects.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, descendant, shared.composite)
    )


def _write_descriptor(face: FontFace, name: bytes, program: int, flags: int, objects: Objects) -> int:
    flags |= SERIF if face.has_serifs else 0
    return objects.add(
        b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"
        b"/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
        % (name, flags, *face.box, face.ascent, face.descent, face.cap_height, face.stem, program)
    )


def _glyph_map(face: FontFace) -> bytes:
    glyphs = bytearray(2 * (ord(max(face.glyph_of)) + 1))
    for character, glyph in face.glyph_of.items():
        glyphs[2 * ord(character) : 2 * ord(character) + 2] = glyph.to_bytes(2, "big")
    return bytes(glyphs)


def _widths(face: FontFace) -> bytes:
    """Return the W array: runs of consecutive codes with their advances, without the characters of the simple font."""
    runs: list[tuple[int, list[int]]] = []
    simple = frozenset(SIMPLE.values())
    for code, advance in ((ord(c), advance) for c, advance in face.advance.items() if c not in simple):
        if not runs or code != runs[-1][0] + len(runs[-1][1]):
            runs.append((code, []))
        runs[-1][1].append(advance)
    return b"".join(b"%d[%b]" % (first, " ".join(map(str, advances)).encode()) for first, advances in runs)


def _cmap(codespace: bytes, ranges: list[bytes]) -> bytes:
    """Return a ToUnicode CMap. One block holds at most a hundred ranges."""
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
