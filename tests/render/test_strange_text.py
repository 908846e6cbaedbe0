"""Whatever a sender writes in a name, the PDF opens, the XML parses, and the page shows it harmlessly."""

import io

import msgspec
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bill import Bill, Note, Overlay, Party
from render.print.print_stream import PrintStream
from render.type.printable_text import ALPHABET, printable
from tests.render.sample_bills import ALICE, BRAND, add, bill, energy, pdf_of, template, text_of

STRANGE = {
    "control characters": "Ali\x00ce\x07\x1b[31m\x7f\r\n\tLefèvre",
    "right to left": "Alice \u202egnihtemos\u202c \u2066x\u2069",
    "half a character": "Alice \ud800 \udfff",
    "not characters": "Alice \ufffe\uffff",
    "pictures": "Alice 👩‍👩‍👧 🇫🇷",
    "other scripts": "علي 爱丽丝 อลิซ",
    "long": "Alice " * 5000,
    "long without a space": "A" * 30_000,
    "PDF": "5 0 R endstream endobj %%EOF startxref\n0\n(\\)) Tj ET Q >> xref",
    "XML": "]]></ram:Name><!-- & &lt; <?xml \" ' -->",
    "combining": "e\u0301" * 50 + "Z" + "\u0335" * 200,
    "nothing but spaces": " \u3000\u2003\t ",
}


def called(name: str) -> Bill:
    """A bill that has *name* wherever a sender may write."""
    party = msgspec.structs.replace(ALICE, name=name)
    line = msgspec.structs.replace(energy(1, bill(1).lines[0].net_amount), name=name, description=name, note=name)
    payment = msgspec.structs.replace(bill().payment, remittance=name)
    return bill(1, number=name or "1", buyer=party, seller=Party(name=name), lines=(line,), notes=(Note(text=name),),
                terms=name, contract=name, payment=payment)  # fmt: skip


def is_sound(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        etree.fromstring(opened.attachments["factur-x.xml"].get_file().read_bytes())
        etree.fromstring(opened.Root.Metadata.read_bytes())


@pytest.mark.parametrize("name", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_name_breaks_nothing(name: str):
    pdf = pdf_of(called(name))
    is_sound(pdf)
    text = text_of(pdf)
    assert not set(text) - ALPHABET - set("\n\f")
    assert "À payer" in text


@pytest.mark.parametrize("name", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_name_breaks_no_letter(name: str):
    out = io.BytesIO()
    stream = PrintStream(out)
    face = Overlay(address=(name, name), return_address=(name,), claim_code=name[:12] or "1")
    add(stream, template().prefix, template().suffix(called(name)), face)
    stream.close()
    with pikepdf.open(out) as opened:
        assert opened.check_pdf_syntax() == []


@pytest.mark.parametrize("name", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_issuer_has_a_template(name: str):
    brand = msgspec.structs.replace(
        BRAND, name=name, tagline=name, help_lines=(name,), legal_text=name, message=name, logo=None, pay_url=name,
        sender=Party(name=name),
    )  # fmt: skip
    is_sound(pdf_of(bill(), brand))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_name_breaks_nothing(name: str):
    is_sound(pdf_of(called(name)))


@given(st.text(st.characters(), max_size=200))
def test_plain_text_is_in_the_alphabet_and_stays_plain(text: str):
    once = printable(text)
    assert set(once) <= ALPHABET
    assert printable(once) == once


@pytest.mark.parametrize(
    ("written", "printed"),
    [("مرحبا بالعالم", "mrhba bal`alm"), ("ســـلام", "slam"), ("コーヒー", "kohi"), ("ｺｰﾋｰ", "kohi")],
)
def test_a_letter_that_only_lengthens_leaves_no_box(written: str, printed: str):
    assert printable(written) == printed
