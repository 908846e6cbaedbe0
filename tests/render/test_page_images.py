"""Pages as pictures, and the bill that is shown before there is any."""

from datetime import date
from io import BytesIO

import msgspec
import pytest
from PIL import Image
from pypdf import PdfReader

from render.compiled_template import compile_template
from render.page_images import page_images
from render.sample_bill import sample_bill
from tests.render.sample_bills import BRAND, bill, pdf_of, picture_of, text_of
from words.printed_languages import PRINTED


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def test_the_first_page_and_the_last_are_pictured() -> None:
    pdf = pdf_of(bill(60))
    first, last = (opened(png) for png in page_images(pdf, 620))
    assert first.size == last.size == (620, 877)
    for ours, page in ((first, 1), (last, len(PdfReader(BytesIO(pdf)).pages))):
        theirs = picture_of(pdf, page, dots=75).convert("L").resize((62, 88))
        both = zip(ours.convert("L").resize((62, 88)).getdata(), theirs.getdata(), strict=True)
        assert sum(abs(one - other) for one, other in both) / (62 * 88) < 6, "as poppler paints it"


def test_a_bill_of_one_page_is_pictured_once() -> None:
    (page,) = page_images(pdf_of(bill(3)), 900)
    assert opened(page).size == (900, 1273)
    assert (11, 92, 107) in {colour for _, colour in opened(page).getcolors(1 << 20) or ()}, "the brand's very colour"


@pytest.mark.parametrize("language", sorted(PRINTED))
def test_a_specimen_speaks_the_language_of_its_brand(language: str) -> None:
    brand = msgspec.structs.replace(BRAND, language=language)
    shown = sample_bill(brand, date(2026, 3, 3))
    template = compile_template(brand)
    text = text_of(template.prefix + template.suffix(shown))
    names = [line.name for line in shown.lines]
    assert all(name in text for name in names)
    assert (names == [line.name for line in sample_bill(BRAND, date(2026, 3, 3)).lines]) == (language == "fr")
    assert "SPECIMEN-0001" in text
    assert shown.totals.payable == shown.totals.net + shown.totals.vat
    assert shown.payment is None or not shown.payment.transfers, "nobody can pay it"
