"""The window of every envelope, in every position that the fold allows: all lines of the address, and only them."""

import io
import random
from collections.abc import Iterator
from itertools import pairwise

import msgspec
import pytest
from PIL import Image, ImageChops

from bill import Bill, Overlay, PostalAddress, envelope_lines
from render.canvas.page_geometry import mm
from render.print.envelope_window import ADDRESS, FOLDED_IN_THREE, FOR_THICK_SETS, SEEN_OF_A_PAGE, EnvelopeWindow
from render.print.print_stream import PrintStream
from tests.render.sample_bills import ALICE, BOB, BRAND, Word, add, bill, picture_of, template, words_of

RETURN = ("Lumière de l’Ouest", "Retours", "44900 Nantes Cedex 9")
FULL = PostalAddress(
    line1="1234 BIS AVENUE DU GENERAL DE LATTRE DE TASSIGNY", line2="APPARTEMENT 1204 ESCALIER B ETAGE DOUZE",
    line3="RESIDENCE LES GRANDS WAGRAM BATIMENT W", postcode="13100", city="MOUSSAC SUR WWWWWWW CEDEX 09", country="BE",
)  # fmt: skip
DOTS = 150
EVERYBODY = [
    pytest.param(bill(3), id="Alice, three lines"),
    pytest.param(bill(70, buyer=BOB), id="Bob, a long bill"),
    pytest.param(
        bill(3, buyer=msgspec.structs.replace(ALICE, name="É" + "W" * 60, address=FULL)),
        id="six lines as wide as can be",
    ),
    pytest.param(bill(3, buyer=msgspec.structs.replace(ALICE, address=PostalAddress())), id="a name alone"),
]


def letter(made: Bill, *, carrier: bool = False, copy: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """The letter as it is printed, and the lines of its address."""
    lines = envelope_lines(made.buyer.name, made.buyer.address)
    overlay = Overlay(
        address=lines, return_address=RETURN, sender=BRAND.name, carrier=carrier, copy=copy,
        claim_code="K7QM-2RTX-0001", claim_url="https://factures.example/c/K7QM-2RTX-0001",
    )  # fmt: skip
    out = io.BytesIO()
    stream = PrintStream(out)
    add(stream, template().prefix, template().suffix(made), overlay)
    stream.close()
    return out.getvalue(), lines


def slides(envelope: EnvelopeWindow) -> Iterator[tuple[int, int]]:
    """The corners of where a sheet may lie, and some places between them."""
    across, down = envelope.slack
    dice = random.Random(envelope.name)
    yield from ((x, y) for x in (0, across) for y in (0, down))
    yield from ((dice.randint(0, across), dice.randint(0, down)) for _ in range(40))


def around(*words: Word) -> tuple[int, int, int, int]:
    """The pixels that hold these words, with the room that their type leaves above and below."""
    sides = (min(w.left for w in words), min(w.top for w in words), max(w.right for w in words),
             max(w.bottom for w in words))  # fmt: skip
    return tuple(round(side * DOTS / 25.4) + grow for side, grow in zip(sides, (-1, -1, 2, 2), strict=True))  # type: ignore[return-value]


def ink_of(picture: Image.Image, words: list[Word]) -> tuple[int, int, int, int]:
    """The pixels that the words really blacken."""
    left, top, right, bottom = around(*words)
    # The line above is the way home; the address begins below it.
    top = max(top, round(58.2 * DOTS / 25.4))
    box = ImageChops.invert(picture.crop((left, top, right, bottom))).getbbox()
    assert box is not None
    return left + box[0], top + box[1], left + box[2], top + box[3]


def test_the_sizes_are_those_of_the_trade():
    boxes = {envelope.name: (envelope.width, envelope.height) for envelope in (*FOLDED_IN_THREE, *FOR_THICK_SETS)}
    assert boxes["DL 35"] == (mm(220), mm(110))
    assert boxes["C5/6 45"] == (mm(229), mm(114))
    assert (boxes["C5"], boxes["C4"]) == ((mm(229), mm(162)), (mm(229), mm(324)))
    dl = FOLDED_IN_THREE[0]
    assert dl.always == (mm(100), mm(55), mm(190), mm(79))
    assert dl.ever == (mm(90), mm(44), mm(200), mm(90))
    assert (mm(109), mm(59), mm(190), mm(79)) == ADDRESS


@pytest.mark.parametrize("made", EVERYBODY)
@pytest.mark.parametrize("carrier", [False, True], ids=["page one", "carrier page"])
def test_every_slide_shows_all_lines_and_only_them(made: Bill, carrier: bool):
    pdf, lines = letter(made, carrier=carrier)
    words = words_of(pdf, 1)
    first = next(place for place, word in enumerate(words) if word.text == RETURN[0].split()[0] and word.left > 100)
    returned = len(" · ".join(RETURN).split())
    addressed = words[first + returned : first + returned + len(" ".join(lines).split())]
    assert [word.text for word in addressed] == " ".join(lines).split()
    picture = picture_of(pdf, 1, DOTS).convert("L")
    ink = ink_of(picture, addressed)
    for word in words[first : first + returned + len(addressed)]:
        picture.paste(255, around(word))
    for envelope in (*FOLDED_IN_THREE, *(FOR_THICK_SETS if carrier else ())):
        for across, down in slides(envelope):
            left, top, right, bottom = (side * DOTS / 2540 for side in envelope.shown(across, down))
            assert left <= ink[0] + 1, envelope.name
            assert top <= ink[1] + 1, envelope.name
            assert right >= ink[2] - 1, envelope.name
            assert bottom >= ink[3] - 1, envelope.name
            seen = picture.crop((round(left), round(top), round(right), round(bottom)))
            assert seen.getextrema() == (255, 255), (envelope.name, across, down)


def test_no_line_is_cut_however_wide_it_is():
    made = bill(1, buyer=msgspec.structs.replace(ALICE, name="W" * 38, address=FULL))
    pdf, lines = letter(made)
    assert len(lines) == 6
    assert {len(line) for line in lines} >= {38}
    shown = [word.text for word in words_of(pdf, 1)]
    for line in lines:
        for word in line.split():
            assert word in shown


def test_lines_of_an_address_do_not_touch():
    made = bill(1, buyer=msgspec.structs.replace(ALICE, address=FULL))
    pdf, lines = letter(made)
    seen = [word for word in words_of(pdf, 1) if word.left >= 108 and 58 < word.top < 80]
    rows = sorted({round(word.top, 2) for word in seen})
    assert len(rows) == len(lines)
    assert min(below - above for above, below in pairwise(rows)) > 3.3


def test_a_copy_says_so_where_no_window_shows_it():
    pdf, _ = letter(bill(1), copy=True)
    [word] = [word for word in words_of(pdf, 1) if word.text == "DUPLICATA"]
    assert mm(word.bottom) < SEEN_OF_A_PAGE.top
