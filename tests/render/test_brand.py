"""What makes a brand, and what keeps one from being compiled: the message says which part, and what would do."""

import io
import struct
import zlib
from dataclasses import astuple

import msgspec
import pytest
from PIL import Image

from bill import Brand, spell_number
from render.compiled_template import compile_template
from render.style.page_colours import BrandError
from tests.render.sample_bills import BRAND, bill, draw_logo, pdf_of, picture_of, text_of, words_of
from words.document_types import document_title
from words.printed_bill_labels import bill_labels
from words.printed_languages import PRINTED


def branded(**changes: object) -> Brand:
    return msgspec.structs.replace(BRAND, **changes)


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#12345g", "#1f4e5a ", "12 34 56", "#1f4e5aff"])
def test_a_colour_that_is_none_is_named(colour: str):
    with pytest.raises(BrandError, match="write it as #rrggbb"):
        compile_template(branded(colour=colour))


@pytest.mark.parametrize("colour", ["#ffffff", "#ffe000", "#9fd3c7"])
def test_a_colour_too_light_for_white_paper_is_refused(colour: str):
    with pytest.raises(BrandError, match="choose a darker one"):
        compile_template(branded(colour=colour))


def test_a_language_that_nobody_has_written_is_refused():
    with pytest.raises(BrandError, match="choose one of fr, en"):
        compile_template(branded(language="tlh"))


def bomb() -> bytes:
    """A PNG that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "logo",
    [
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="a drawing"),
        pytest.param(b"GIF89a" + bytes(40), id="another format"),
        pytest.param(draw_logo()[:200], id="cut PNG"),
        pytest.param(draw_logo(kind="JPEG")[:300], id="cut JPEG"),
        pytest.param(draw_logo()[:60] + b"\x00\xff" * 40 + draw_logo()[140:], id="damaged PNG"),
        pytest.param(bomb(), id="bomb"),
    ],
)
def test_a_broken_logo_is_named(logo: bytes):
    with pytest.raises(BrandError, match=r"^logo: "):
        compile_template(branded(logo=logo))


def see_through() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (300, 90), (255, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def test_a_transparent_logo_is_laid_on_white():
    white = picture_of(pdf_of(bill(), branded(logo=see_through(), tagline="")), dots=72).convert("RGB")
    corner = white.crop((57, 34, 214, 79))  # the logo's box: 20 to 75.5 mm across, 12 to 28 mm down
    assert corner.getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "LA", "RGBA"])
def test_a_logo_of_any_kind_is_taken(mode: str):
    out = io.BytesIO()
    Image.new("L", (200, 60), 90).convert(mode).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert b"/Subtype/Image" in compile_template(branded(logo=out.getvalue())).prefix


def test_a_mark_without_a_name_has_the_name_beside_it():
    name = ["Lumière", "de", "l’Ouest"]
    wide, narrow = (words_of(pdf_of(bill(), branded(logo=draw_logo(w, 120))), 1) for w in (400, 130))
    assert [word.text for word in wide if word.top < 28] == []
    beside = [word for word in narrow if word.top < 28]
    assert [word.text for word in beside] == name
    assert all(40 < word.left < word.right < 108 for word in beside)


@pytest.mark.parametrize("language", PRINTED)
def test_every_language_has_all_its_words(language: str):
    words = bill_labels(language)
    assert all(astuple(words))
    assert len(words.months) == 12
    text = text_of(pdf_of(bill(40), branded(language=language)))
    for said in (
        document_title("380", language, is_credit_note=False),
        words.to_pay,
        words.carried,
        words.brought,
        words.net,
        words.pay_this,
        words.scan[:10],
    ):
        assert said in text
    assert words.page.format(number=1, of=3)[:4] in text
    assert spell_number(bill().lines[0].quantity, language) in text
