"""A font face: the subset font program of one weight and its metrics."""

from typing import Final, NamedTuple

from render.type.printable_text import ALPHABET

#: Code -> character, for the characters of our alphabet that WinAnsiEncoding (Windows code page 1252) has.
SIMPLE: Final = {
    code: character
    for code in range(0x20, 0x100)
    if (character := bytes([code]).decode("cp1252", "replace")) in ALPHABET
}  # fmt: skip


class FontFace(NamedTuple):
    """One weight, subset: its font program and its metrics, in thousandths of the type size."""

    resource: str  # name of the simple font in a page's resources; the composite font's ends in W
    postscript_name: str
    program: bytes
    advance: dict[str, int]
    glyph_of: dict[str, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int
    stem: int
    has_serifs: bool
