"""A bill's file: the same bytes for the same bill, a beginning that all share, and no reader complains."""

import io
import random
import re
from collections import Counter

import msgspec
import pikepdf
import pypdf
import pytest
from PIL import Image

from bill import Bill
from render.compiled_template import compile_template
from tests.render.sample_bills import ALICE, BOB, BRAND, NBSP, bill, costing, pdf_of, template

ALICES = bill()
BOBS = bill(number="LO-2026-11-0002", buyer=BOB)


def contents_of(made: Bill) -> list[bytes]:
    """The content stream of each page."""
    with pikepdf.open(io.BytesIO(pdf_of(made))) as pdf:
        return [page.Contents.read_bytes() for page in pdf.pages]


def shown(text: str) -> bytes:
    """*text* as a content stream shows it."""
    return b"(%b)Tj" % text.encode("cp1252")


def test_the_same_bill_gives_the_same_bytes():
    again = compile_template(BRAND)
    assert again.version == template().version
    assert again.prefix + again.suffix(bill()) == pdf_of(ALICES)


def test_alice_and_bob_share_the_beginning_and_nothing_else():
    assert pdf_of(ALICES).startswith(template().prefix)
    assert pdf_of(BOBS).startswith(template().prefix)
    assert template().suffix(ALICES) != template().suffix(BOBS)


def test_another_colour_is_another_version():
    other = compile_template(msgspec.structs.replace(BRAND, colour="#7a1f3d"))
    assert other.version != template().version
    assert other.prefix != template().prefix


@pytest.mark.parametrize("lines", [1, 4, 12])
def test_a_page_is_small_and_its_own_part_smaller(lines: int):
    assert len(template().suffix(bill(lines))) <= 8_000
    assert len(pdf_of(bill(lines))) <= 80_000


def test_a_photograph_as_a_mark_is_made_small_too():
    noise = Image.frombytes("RGB", (900, 600), random.Random(7).randbytes(900 * 600 * 3))
    source = io.BytesIO()
    noise.save(source, "PNG")
    assert len(pdf_of(ALICES, msgspec.structs.replace(BRAND, logo=source.getvalue()))) <= 80_000


def test_pikepdf_opens_it_without_a_complaint():
    with pikepdf.open(io.BytesIO(pdf_of(bill(40)))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.get_warnings() == []


def test_pypdf_reads_it():
    reader = pypdf.PdfReader(io.BytesIO(pdf_of(costing("1234.50"))), strict=True)
    text = reader.pages[0].extract_text()
    assert ALICE.name in text
    assert f"1{NBSP}234,50{NBSP}€" in text  # drawn narrower
    assert ALICES.number in text
    assert list(reader.attachments) == ["factur-x.xml"]


@pytest.mark.parametrize(("lines", "least_pages"), [(0, 1), (1, 1), (40, 2), (5000, 100)])
def test_every_line_is_on_one_page(lines: int, least_pages: int):
    made = bill(lines)
    contents = contents_of(made)
    assert len(contents) >= least_pages
    written = Counter(piece for content in contents for piece in re.findall(rb"\([^)]*\)Tj", content))
    assert all(written[shown(line.name)] == 1 for line in made.lines)


def test_a_long_bill_carries_its_sum_from_page_to_page():
    first, *_, last = contents_of(bill(100))
    assert shown("À reporter") in first
    assert shown("Report") not in first
    assert shown("À reporter") not in last
