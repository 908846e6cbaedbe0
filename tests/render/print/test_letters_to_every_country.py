"""A letter to each of the world's countries, printed and read back: its address stands in the window, whole and in
order."""

import io
import subprocess

import pytest

from bill import Overlay, PostalAddress, envelope_lines
from bill.addressing.countries import country_names
from render.canvas.page_geometry import mm
from render.print.envelope_window import ADDRESS
from render.print.print_stream import PrintStream
from render.type.printable_text import printable
from tests.bill.addressing.sample_addresses import RIGHT
from tests.render.sample_bills import BRAND, add, bill, template, text_of, words_of

ALICE = "Alice Martin"
DOTS = 72


def letters(addresses: list[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    stream = PrintStream(out)
    suffix = template().suffix(bill(1))
    for n, lines in enumerate(addresses, 1):
        overlay = Overlay(address=lines, return_address=("Lumière", "1 QUAI NORD", "44000 NANTES"), sender=BRAND.name)
        add(stream, template().prefix, suffix, overlay, n, len(addresses))
    stream.close()
    return out.getvalue()


def blocks(pdf: bytes) -> list[tuple[str, ...]]:
    """The lines in each letter's window, from 58.2 mm down: the way home stands above."""
    points = 72 / 25.4
    box = [round(side * points) for side in (108, 58.4, 83, 22)]
    crop = [each for name, side in zip(("-x", "-y", "-W", "-H"), box, strict=True) for each in (name, str(side))]
    done = subprocess.run(
        ["pdftotext", "-layout", "-r", "72", *crop, "-", "-"], input=pdf, capture_output=True, check=True
    )
    pages = done.stdout.decode().split("\f")[:-1]
    return [tuple(" ".join(line.split()) for line in page.splitlines() if line.strip()) for page in pages]


def test_every_country_is_read_in_its_window():
    codes = sorted(country_names())
    asked = [
        envelope_lines(
            ALICE,
            PostalAddress(line1="12 Main Street", line2="Flat 5", city="Newtown", postcode="12345", subdivision="North",
                          country=code),
        )
        for code in codes
    ]  # fmt: skip
    shown = blocks(letters(asked))
    assert len(shown) == 250
    for code, lines, seen in zip(codes, asked, shown, strict=True):
        assert seen == tuple(printable(line) for line in lines), code
        assert not any(":" in line or "□" in line for line in seen), code


def test_the_right_values_are_what_the_window_shows():
    shown = blocks(letters([envelope_lines(ALICE, address) for address, _ in RIGHT]))
    assert shown == [(ALICE, *(printable(line) for line in lines)) for _, lines in RIGHT]


@pytest.mark.parametrize("lines", [6, 7])
def test_a_full_window_shows_all_lines_apart(lines: int):
    pdf = letters([tuple("ÉÇQ" * 12 for _ in range(lines))])
    seen = [word for word in words_of(pdf, 1) if word.text == "ÉÇQ" * 12]
    assert len(seen) == lines
    assert all(mm(word.left) >= ADDRESS.left - 1 and mm(word.right) <= ADDRESS.right + mm(1) for word in seen)
    assert mm(seen[-1].bottom) <= ADDRESS.bottom + mm(1)


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Votre facture suit"), ("en", "Your bill follows"), ("de", "Ihre Rechnung folgt"),
     ("nl", "Uw factuur volgt"), ("es", "Su factura sigue")],
)  # fmt: skip
def test_a_carrier_page_says_that_the_bill_follows(language: str, words: str):
    for carrier in (True, False):
        out = io.BytesIO()
        stream = PrintStream(out)
        overlay = Overlay(address=(ALICE,), sender=BRAND.name, language=language, carrier=carrier)
        add(stream, template().prefix, template().suffix(bill(1)), overlay)
        stream.close()
        assert (words in text_of(out.getvalue(), "-l", "1")) is carrier


LONG_SENDER = (
    "Régie intercommunale des eaux et de l’assainissement", "Service de la facturation bâtiment administratif B",
    "12 BOULEVARD DU GÉNÉRAL DE GAULLE", "44000 NANTES",
)  # fmt: skip


@pytest.mark.parametrize(
    ("sender", "left_out"), [(("Lumière", "1 QUAI NORD", "44000 NANTES"), ""), (LONG_SENDER, LONG_SENDER[1])]
)
def test_the_way_home_is_whole_and_stays_in_the_window(sender: tuple[str, ...], left_out: str):
    out = io.BytesIO()
    stream = PrintStream(out)
    add(stream, template().prefix, template().suffix(bill(1)), Overlay(address=(ALICE,), return_address=sender))
    stream.close()
    line = [word for word in words_of(out.getvalue(), 1) if word.left > 105 and 54.5 < word.top < 57.4]
    shown = " ".join(word.text for word in line)
    for each in sender:
        assert (each in shown) is (each != left_out)
    assert mm(line[0].left) >= ADDRESS.left - 1
    assert mm(line[-1].right) <= ADDRESS.right + mm(0.5)
