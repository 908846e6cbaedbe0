"""Nothing on a page lies over anything else, is struck by a rule, or runs off the paper: on the pages that docs/ shows,
on strangers' bills, and on bills whose every text is longer than anybody meant."""

import io
from decimal import Decimal
from typing import Any

import msgspec
import pikepdf
import pytest

from bill import AmountDue, CreditTransfer, Payment, document_amount_of
from ingest import open_feed
from issuers.profile import Profile
from render.print.print_stream import PrintStream
from tests.export.test_factur_x import CORPORA, MANIFEST, valid_files
from tests.golden_pages import pages
from tests.render.layout_check import cut_short, findings, hard_to_read
from tests.render.print.test_foreign_pages import overlay
from tests.render.sample_bills import IBAN, SELLER, add, bill, pdf_of, template, text_of, words_of


@pytest.mark.parametrize("name", pages())
def test_a_page_of_the_guide(name: str):
    page = pages()[name]()
    assert findings(page.pdf, page.number) == []
    assert cut_short(page.pdf, page.number) == []


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")
def test_strangers_bills():
    found = {}
    for row in valid_files():
        with (CORPORA / row["file"]).open("rb") as file:
            [entry] = open_feed(file, row["file"], Profile())
        found[row["file"]] = findings(pdf_of(entry.bill))
    assert {name: said for name, said in found.items() if said} == {}


# -- long texts ------------------------------------------------------------------------------------------------

WIDE = "WMW-" * 35
ACCOUNT = CreditTransfer(iban=IBAN, name="W" * 70, bic="AGRIFRPPXXX")


@pytest.mark.parametrize(
    "payment",
    [
        pytest.param(Payment(means_code="30", remittance=WIDE[:140], transfers=(ACCOUNT,)), id="reference and payee"),
        pytest.param(
            Payment(means_code="59", mandate=WIDE[:35], creditor_id="W" * 35, debited_iban=IBAN), id="mandate"
        ),
        pytest.param(
            Payment(means_code="30", remittance=f"OCR {'9' * 25}", transfers=(CreditTransfer(iban="5050-1055"),)),
            id="an account that is no IBAN",
        ),
        pytest.param(Payment(means_code="10", means_text="au guichet de la mairie, " * 4), id="in words"),
    ],
)
def test_nothing_that_one_pays_by_is_cut(payment: Payment):
    """As long as EN 16931 and SEPA let it be, in the widest letters."""
    pdf = pdf_of(bill(2, payment=payment))
    assert findings(pdf) == []
    assert cut_short(pdf) == []


def test_a_name_of_two_lines_goes_on_below():
    payee = CreditTransfer(iban="5050-1055", name="Kommunen Kommunen Kommunen Kommunen Kommunen Kommunen")
    pdf = pdf_of(bill(2, payment=Payment(means_code="30", transfers=(payee,))))
    first, *others = [word for word in words_of(pdf, 1) if word.text == "Kommunen"]
    below = next(word for word in others if word.top > first.top + 2)
    assert below.left == pytest.approx(first.left, abs=0.1)


# -- letters ---------------------------------------------------------------------------------------------------


def letter(due: AmountDue, language: str, *, carrier: bool) -> bytes:
    """Alice's bill as it is printed today, with what is due now over it."""
    face = msgspec.structs.replace(
        overlay(), due=due, language=language, carrier=carrier, account="C-00042", account_label="Numéro de client"
    )
    out = io.BytesIO()
    stream = PrintStream(out)
    add(stream, template().prefix, template().suffix(bill(2)), face)
    stream.close()
    return out.getvalue()


@pytest.mark.parametrize("carrier", [False, True])
@pytest.mark.parametrize("language", ["fr", "en", "de", "nl", "es"])
@pytest.mark.parametrize("kind", ["credited", "replaced", "paid", "said_paid", "collected", "asks"])
def test_what_is_due_now_is_never_cut(kind: Any, language: str, carrier: bool):
    """However many credits have however long numbers: what is left to pay stands there whole."""
    one = document_amount_of(bill(number="AVOIR-2026-11-000123-REPRISE"))
    for by in ((one,), (one,) * 3, (one,) * 5):
        due = AmountDue(kind, "EUR", left=Decimal("123456.78"), credited=Decimal(1), by=by)
        pdf = letter(due, language, carrier=carrier)
        assert findings(pdf, 1) == []
        assert all(word.strip(",.:") == "…" for word in cut_short(pdf, 1))
        assert kind not in ("collected", "asks") or ("123" in text_of(pdf) and "456" in text_of(pdf))


# -- what the check must see -----------------------------------------------------------------------------------


def drawn_over(content: bytes) -> bytes:
    """Alice's bill, with this drawn over its first page, in points from the lower left corner."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of(bill()))) as pdf:
        pdf.pages[0].contents_add(b"q " + content + b" Q")
        pdf.save(out)
    return out.getvalue()


def test_alices_bill_is_well():
    assert findings(drawn_over(b"")) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"BT /R 9 Tf 1 0 0 1 %(x)f %(y)f Tm (Trop) Tj ET", "'Trop'", id="a word over another"),
        pytest.param(b"BT /R 9 Tf 1 0 0 1 574 500 Tm (Trop long) Tj ET", "edge of the paper", id="off to the right"),
        pytest.param(b"BT /R 9 Tf 1 0 0 1 300 3 Tm (Trop bas) Tj ET", "edge of the paper", id="off below"),
        pytest.param(b"0.5 w %(x)f %(y)f m 400 %(y)f l S", "a rule strikes", id="a rule through a word"),
    ],
)
def test_what_is_broken_is_seen(content: bytes, said: str):
    x, y = place_of("Lefèvre")
    found = findings(drawn_over(content % {b"x": x, b"y": y + 2}))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"BT /R 7 Tf 1 0 0 1 300 500 Tm (Petit) Tj ET", "'P' has 7.0 points", id="too small"),
        pytest.param(b"BT .6 g /R 9 Tf 1 0 0 1 300 500 Tm (Gris) Tj ET", "'G' has a contrast of 2.8", id="too pale"),
        pytest.param(b"BT 50 Tz /R 9 Tf 1 0 0 1 300 500 Tm (Serre) Tj ET", "'S' is set at 50%", id="too narrow"),
    ],
)
def test_what_is_hard_to_read_is_seen(content: bytes, said: str):
    assert any(said in each for each in hard_to_read(drawn_over(content)))
    assert hard_to_read(drawn_over(b"")) == []


def place_of(word: str) -> tuple[float, float]:
    """Where a word begins on the first page of Alice's bill, in points from the lower left corner."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf_of(bill())) as document:
        text = document[0].get_textpage()
        index, _ = text.search(word).get_next()
        left, bottom, *_ = text.get_charbox(index)
    return left, bottom


def test_a_sellers_long_name_is_whole_and_clear_of_the_pages_number():
    """In the foot where it fits, else among the further terms."""
    name = "Société de distribution " * 10
    pdf = pdf_of(bill(seller=msgspec.structs.replace(SELLER, name=name)))
    assert findings(pdf) == []
    assert cut_short(pdf) == []
    assert text_of(pdf).count("Société") >= 10
