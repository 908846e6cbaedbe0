"""The print stream: many people's letters in one file, each with its face, none with a word in another's window."""

import io
import random
import tracemalloc
from typing import BinaryIO

import msgspec
import pikepdf
import pytest

from bill import Bill, Brand, Overlay, envelope_lines
from render.print.parse_archived_bill import NotOurs, parse_archived_bill
from render.print.print_stream import PrintStream
from tests.render.sample_bills import (
    BOB,
    BRAND,
    CHARLIE,
    add,
    bill,
    codes_on,
    pdf_of,
    picture_of,
    template,
    text_of,
    words_of,
)

OTHER_BRAND = msgspec.structs.replace(BRAND, name="Eaux du Val", colour="#7a1f3d", logo=None, legal_text="")
RETURN = ("Lumière de l’Ouest", "Retours", "44900 Nantes Cedex 9")


def face(made: Bill, sheet: int = 1, **changes: object) -> Overlay:
    """The face of a letter to the bill's buyer, with its claim code."""
    return msgspec.structs.replace(
        Overlay(
            address=envelope_lines(made.buyer.name, made.buyer.address), return_address=RETURN,
            claim_code=f"K7QM-2RTX-{sheet:04}", claim_url=f"https://factures.example/lier/K7QM-2RTX-{sheet:04}",
            bill_url=f"https://factures.example/f/xPq3_Jr-0dVb7KtW2mZa{sheet:04}", sender="Lumière de l’Ouest",
        ),
        **changes,
    )  # fmt: skip


def bills() -> list[tuple[Bill, Brand]]:
    """Alice's, Bob's and Charlie's: of two brands, of one page and of several."""
    return [
        (bill(3, number="L-1"), BRAND),
        (bill(50, number="E-2", buyer=BOB), OTHER_BRAND),
        (bill(2, number="L-3", buyer=CHARLIE), BRAND),
        (bill(0, number="E-4"), OTHER_BRAND),
    ]


@pytest.fixture(scope="module")
def press() -> tuple[bytes, list[int]]:
    """A print stream of all letters, and how many sheets each has."""
    out = io.BytesIO()
    stream = PrintStream(out)
    sheets = [
        add(stream, template(brand).prefix, template(brand).suffix(made), face(made, number), number, 4212)
        for number, (made, brand) in enumerate(bills(), 1)
    ]
    stream.close()
    return out.getvalue(), sheets


def letters_of(press: tuple[bytes, list[int]]) -> list[tuple[int, Bill]]:
    """The number of each letter's first page, and its bill."""
    firsts = [1 + sum(press[1][:place]) for place in range(len(press[1]))]
    return [(first, made) for first, (made, _) in zip(firsts, bills(), strict=True)]


def test_every_sheet_is_in_it(press):
    printed, sheets = press
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == sum(sheets)
    assert sheets[0] == 1
    assert sheets[1] > 1


def test_each_page_shows_what_was_archived(press):
    printed, _ = press
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        shown = [page.Contents[0].read_bytes() for page in pdf.pages]
    archived = []
    for made, brand in bills():
        with pikepdf.open(io.BytesIO(pdf_of(made, brand))) as pdf:
            archived += [page.Contents.read_bytes() for page in pdf.pages]
    assert shown == archived


def test_each_letter_says_whose_it_is(press):
    for page, made in letters_of(press):
        text = text_of(press[0], "-f", str(page), "-l", str(page))
        assert made.number in text
        for line in face(made).address:
            assert line in text


def test_the_rectangle_for_the_claim_is_free_in_the_archive():
    for made, brand in bills():
        assert not [w for w in words_of(pdf_of(made, brand), 1) if w.right > 112 and w.bottom > 11 and w.top < 41]


def test_the_claim_code_is_read_by_eye_and_by_camera(press):
    for number, (page, made) in enumerate(letters_of(press), 1):
        overlay = face(made, number)
        assert overlay.claim_code in text_of(press[0], "-f", str(page), "-l", str(page))
        assert codes_on(picture_of(press[0], page))[0] == overlay.bill_url.encode()


def test_every_sheet_says_in_words_where_it_belongs(press):
    printed, sheets = press
    words = [
        f"lot 000231 · pli {n}/4212 · feuille {m}/{of}" for n, of in enumerate(sheets, 1) for m in range(1, of + 1)
    ]
    pages = text_of(printed).split("\f")[:-1]
    assert [page.count(mark) for page, mark in zip(pages, words, strict=True)] == [1] * len(pages)


@pytest.mark.parametrize(("language", "word"), [("fr", "DUPLICATA"), ("en", "COPY"), ("xx", "DUPLICATA")])
def test_a_copy_says_so(language: str, word: str):
    made = bill(1)
    assert word in text_of(printed_once(made, face(made, copy=True, language=language)))
    assert word not in text_of(printed_once(made, face(made, language=language)))


def printed_once(made: Bill, overlay: Overlay) -> bytes:
    out = io.BytesIO()
    stream = PrintStream(out)
    add(stream, template().prefix, template().suffix(made), overlay)
    stream.close()
    return out.getvalue()


def test_a_letter_composed_twice_is_the_same_letter():
    made = bill(4)
    assert printed_once(made, face(made)) == printed_once(made, face(made))


def test_a_stream_without_letters_is_still_closed():
    out = io.BytesIO()
    PrintStream(out).close()
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 0


def test_many_pages_hang_from_a_tree_and_stay_in_order():
    """More pages than one node holds."""
    out = io.BytesIO()
    stream = PrintStream(out)
    prefix, suffix = template().prefix, template().suffix(bill(1))
    for number in range(1, 601):
        add(stream, prefix, suffix, face(bill(1), number), number, 4212)
    stream.close()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert [node.Count for node in pdf.Root.Pages.Kids] == [256, 256, 88]
    for page in (1, 256, 257, 600):
        assert f"pli {page}/4212" in text_of(out.getvalue(), "-f", str(page), "-l", str(page))


def test_in_duplex_every_letter_begins_on_a_front():
    out = io.BytesIO()
    stream = PrintStream(out, duplex=True)
    sheets = [
        add(stream, template(brand).prefix, template(brand).suffix(made), face(made, number), number, 4212)
        for number, (made, brand) in enumerate(bills(), 1)
    ]
    stream.close()
    pages = text_of(out.getvalue()).split("\f")[:-1]
    assert sheets == [1, 1, 1, 1]
    assert len(pages) == 2 * sum(sheets)
    assert ["feuille" in page for page in pages] == [True, False] * 4
    assert [bool(page.strip()) for page in pages] == [True, False, True, True, True, False, True, False]
    assert [bool(codes_on(picture_of(out.getvalue(), page), "DataMatrix")) for page in (1, 3, 4)] == [True, True, False]


@pytest.mark.parametrize(
    ("prefix", "suffix"),
    [
        pytest.param(b"", b"", id="nothing"),
        pytest.param(b"%PDF-1.4\n", b"trailer<<>>\nstartxref\n9\n%%EOF\n", id="somebody's PDF"),
        pytest.param(template().prefix, template().suffix(bill())[:-200], id="truncated"),
        pytest.param(template().prefix, template().suffix(bill())[300:], id="beginning lost"),
        pytest.param(template().prefix[:-7], template().suffix(bill()), id="another beginning"),
        pytest.param(template(OTHER_BRAND).prefix, template().suffix(bill()), id="another issuer's beginning"),
        pytest.param(template().prefix, template().suffix(bill()).replace(b"x", b"y"), id="damaged"),
        pytest.param(b"x", b"startxref\n99999999\n%%EOF\n", id="a way to nowhere"),
    ],
)
def test_what_is_not_ours_is_refused_and_leaves_the_stream_whole(prefix: bytes, suffix: bytes):
    out, made = io.BytesIO(), bill()
    stream = PrintStream(out)
    with pytest.raises(NotOurs):
        add(stream, prefix, suffix, face(made))
    add(stream, template().prefix, template().suffix(made), face(made))
    stream.close()
    with pikepdf.open(out) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 1


def test_a_damaged_archive_is_refused_or_read_but_never_a_crash():
    dice, prefix, suffix = random.Random(11), template().prefix, template().suffix(bill())
    refused = 0
    for _ in range(1500):
        damaged = bytearray(suffix)
        # The way through the file is in its last bytes: damage there is what matters.
        damaged[-1 - dice.randrange(dice.choice((700, len(suffix))))] = dice.randrange(256)
        try:
            parse_archived_bill(prefix, bytes(damaged))
        except NotOurs:
            refused += 1
    assert refused > 100


class Paper(io.RawIOBase):
    """Takes what is printed and keeps none of it."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]


def most_held(letters: int) -> int:
    """The most bytes that printing so many letters holds at a time."""
    paper: BinaryIO = io.BufferedWriter(Paper())
    prefix, suffix, overlay = template().prefix, template().suffix(bill()), face(bill())
    tracemalloc.start()
    try:
        stream = PrintStream(paper)
        for _ in range(letters):
            add(stream, prefix, suffix, overlay)
        stream.close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_letter_more_holds_a_few_numbers_more():
    """Eight objects a letter, eight bytes each, and the numbers of pages that wait for their node."""
    more = most_held(300) - most_held(100)
    assert more < 200 * 300
