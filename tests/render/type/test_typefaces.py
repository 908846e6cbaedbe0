"""The type that a brand chooses: nothing is missing in any, figures stand in columns, and a page keeps its geometry."""

import io
import re
import unicodedata
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from msgspec.structs import replace

from bill import TYPEFACES, Bill, Brand, History, Overlay
from render.compiled_template import compile_template
from render.print.print_stream import PrintStream
from render.style.page_colours import BrandError
from render.type.font_face import FontFace
from render.type.font_family import FONTS, font_faces
from render.type.printable_text import ALPHABET
from tests.render.page.test_consumption_chart import spans
from tests.render.sample_bills import BOB, BRAND, add, bill, pdf_of, template, text_of, words_of
from tests.render.ua_check import findings

MANY = bill(80, number="S-2", buyer=BOB)
OF_EUROPE = "Ĭĳŧ Zoë Nguyễn, Łódź, Ἀ→Α Ελένη Παπαδοπούλου, Юлия Щукина, 1\N{NARROW NO-BREAK SPACE}234,50 €"

FACES = [pytest.param(face, id=face.postscript_name) for typeface in TYPEFACES for face in font_faces(typeface)]


def set_in(typeface: str, **changes: object) -> Brand:
    return replace(BRAND, typeface=typeface, **changes)


@cache
def opened(program: bytes) -> TTFont:
    return TTFont(io.BytesIO(program))


@cache
def file_of(name: str) -> TTFont:
    return TTFont(FONTS / f"{name}.ttf")


def drawing(font: TTFont, glyph: str) -> set[tuple[tuple[int, int, int], ...]]:
    """The contours of a glyph, whatever it is composed of."""
    points, ends, flags = font["glyf"][glyph].getCoordinates(font["glyf"])
    whole = [(x, y, flag & 1) for (x, y), flag in zip(points, flags, strict=True)]
    return {tuple(whole[begin:end]) for begin, end in pairwise([0, *(end + 1 for end in ends)])}


@pytest.mark.parametrize("face", FACES)
def test_every_character_is_drawn_and_none_by_the_sign_for_nothing(face: FontFace):
    font = opened(face.program)
    order, glyphs = font.getGlyphOrder(), font["glyf"]
    assert face.advance.keys() == face.glyph_of.keys() == ALPHABET
    assert 0 not in face.glyph_of.values()
    blank = {character for character, glyph in face.glyph_of.items() if not glyphs[order[glyph]].numberOfContours}
    assert {unicodedata.category(character) for character in blank} == {"Zs"}


@pytest.mark.parametrize("face", FACES)
def test_figures_stand_below_each_other(face: FontFace):
    assert len({face.advance[figure] for figure in "0123456789"}) == 1


@pytest.mark.parametrize("face", FACES)
def test_a_character_goes_as_far_as_its_glyph(face: FontFace):
    """ISO 19005-3, 6.2.11.5: the widths that the PDF says are those of the program."""
    font = opened(face.program)
    order, metrics = font.getGlyphOrder(), font["hmtx"]
    assert {c: metrics[order[glyph]][0] for c, glyph in face.glyph_of.items()} == face.advance
    assert font["head"].unitsPerEm == 1000
    box = font["head"]
    assert face.box == (box.xMin, box.yMin, box.xMax, box.yMax)


@pytest.mark.parametrize("face", FACES)
def test_a_cut_letter_is_drawn_as_its_maker_drew_it(face: FontFace):
    """Its accents may be glyphs of their own; what the maker did not draw is lent by the sans of the same weight."""
    name = face.postscript_name.partition("+")[2]
    cut, whole = opened(face.program), file_of(name)
    sans = file_of("SourceSans3-SemiBold" if name.lower().endswith("semibold") else "SourceSans3-Regular")
    order, names, others = cut.getGlyphOrder(), whole.getBestCmap(), sans.getBestCmap()
    lent = {character for character in ALPHABET if ord(character) not in names}
    for character, glyph in face.glyph_of.items():
        maker, name = (sans, others[ord(character)]) if character in lent else (whole, names[ord(character)])
        assert drawing(cut, order[glyph]) == drawing(maker, name), character
        assert face.advance[character] == maker["hmtx"][name][0], character
    assert len(lent) < 10


def test_the_serif_lacks_some_letters_and_lends_them():
    text, _ = font_faces("serif")
    assert {*"ĬĭĲĳŦŧ□"} == {c for c in ALPHABET if ord(c) not in file_of("SourceSerif4SmText-Regular").getBestCmap()}
    assert text.advance["ŧ"] == font_faces("sans")[0].advance["ŧ"]
    assert text.advance["t"] != font_faces("sans")[0].advance["t"]


@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("lines", [1, 12])
def test_a_page_is_small_in_every_type(typeface: str, lines: int):
    assert len(pdf_of(bill(lines), set_in(typeface))) <= 80_000


def test_a_history_keeps_a_serif_page_small():
    uneven = [replace(span, used=Decimal(200 + place * 389 % 1100)) for place, span in enumerate(spans(25).spans)]
    dressed = template(set_in("serif"))
    assert len(dressed.prefix + dressed.suffix(bill(12, contract=""), History(spans=tuple(uneven)))) <= 80_000


@pytest.mark.parametrize("typeface", TYPEFACES)
def test_every_font_is_embedded_and_says_its_characters(typeface: str):
    with pikepdf.open(io.BytesIO(pdf_of(bill(), set_in(typeface)))) as pdf:
        fonts = pdf.pages[0].Resources.Font
        assert len(fonts) == 4
        for font in fonts.values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert len(font.ToUnicode.read_bytes()) > 100
            program = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
            assert program["maxp"].numGlyphs > 600
            assert bool(inner.FontDescriptor.Flags & 2) == (typeface == "serif")


@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("made", [bill(), MANY], ids=["one page", "many pages"])
def test_a_bill_is_whole_in_every_type(typeface: str, made: Bill):
    with pikepdf.open(io.BytesIO(pdf_of(made, set_in(typeface)))) as pdf:
        assert findings(pdf) == []
        assert pdf.check_pdf_syntax() == []


def test_the_same_is_read_in_every_type():
    """The same words in the same order, whatever their widths; and the same XML."""
    charlie = replace(BOB, name=OF_EUROPE)
    read = {tuple(text_of(pdf_of(bill(3, buyer=charlie), set_in(each)), "-raw").split()) for each in TYPEFACES}
    assert len(read) == 1
    assert {"Nguyễn,", "Ελένη", "Щукина,", "Ĭĳŧ"} <= set(*read)


@pytest.mark.parametrize("typeface", TYPEFACES)
def test_amounts_end_at_the_edge_of_their_column(typeface: str):
    amounts = [word for word in words_of(pdf_of(bill(6), set_in(typeface)), 1) if re.fullmatch(r"1\d,50", word.text)]
    assert len(amounts) >= 6
    assert {round(word.right, 1) for word in amounts} == {190.0}
    assert len({round(word.right - word.left, 1) for word in amounts}) == 1


def test_another_type_is_another_version():
    assert len({template(set_in(each)).version for each in TYPEFACES}) == len(TYPEFACES)


@pytest.mark.parametrize("typeface", ["", "Serif", "comic", "../fonts/x"])
def test_a_type_that_is_none_of_ours_is_refused(typeface: str):
    with pytest.raises(BrandError, match="choose one of sans, serif"):
        compile_template(set_in(typeface))


# -- on paper ----------------------------------------------------------------------------------------------------


def fonts_at(pdf: bytes, wanted: str) -> set[str]:
    """The fonts in which a word is set, page after page, as the page's own resources name them."""
    found = set()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            font = ""
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    font = str(page.Resources.Font[operands[0]].BaseFont).partition("+")[2]
                if str(operator) == "Tj" and wanted in bytes(operands[0]).decode("cp1252"):
                    found.add(font)
    return found


def test_a_letter_is_addressed_in_the_sans_whatever_the_bill_is_set_in():
    """A sorting machine reads letters without serifs better; and what is measured in one type is drawn in it."""
    stream = PrintStream(out := io.BytesIO())
    serif, sans = template(set_in("serif", name="Banque du Port")), template()
    letters = [(serif, bill(2, number="S-1")), (sans, bill(2, number="L-1")), (serif, MANY)]
    for number, (dressed, made) in enumerate(letters, 1):
        overlay = Overlay(address=("MADAME DUBOIS", "44000 NANTES"), copy=True)
        add(stream, dressed.prefix, dressed.suffix(made), overlay, number, 3)
    stream.close()
    assert fonts_at(out.getvalue(), "DUBOIS") == {"SourceSans3-Regular"}
    assert fonts_at(out.getvalue(), "DUPLICATA") == {"SourceSans3-SemiBold"}
    assert fonts_at(out.getvalue(), "S-1") == {"SourceSerif4SmText-Semibold"}
    [copy] = [word for word in words_of(out.getvalue(), 1) if word.text == "DUPLICATA"]
    assert copy.right == pytest.approx(190, abs=0.1)
    assert out.getvalue().count(b"/FontFile2") == 3 * 4  # once a template, and once for the letters
