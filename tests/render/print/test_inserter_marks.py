"""What the inserter reads: bars and a DataMatrix on every front, and what they say when a sheet goes astray."""

import io

import pytest
from PIL import Image

from bill import MailPieceNumber, Overlay
from render.canvas.page_geometry import Box, mm
from render.print.envelope_window import FOLDED_IN_THREE, FOR_THICK_SETS, SEEN_OF_A_CARRIER
from render.print.inserter_marks import BARS, MATRIX, QUIET, STEP, THICKNESS, Front, bars_of, digits_of
from render.print.print_stream import PrintStream
from tests.render.sample_bills import add, bill, codes_on, picture_of, template

DOTS = 150


@pytest.fixture(scope="module")
def printed() -> bytes:
    """Alice's letter of one sheet, Bob's of three, Charlie's of one."""
    out = io.BytesIO()
    stream = PrintStream(out)
    for number, lines in enumerate((3, 70, 3), 1):
        overlay = Overlay(address=("Alice Lefèvre", "35000 RENNES"))
        add(stream, template().prefix, template().suffix(bill(lines)), overlay, number, 3)
    stream.close()
    return out.getvalue()


def read_bars(picture: Image.Image) -> list[bool]:
    """What an optical eye sees where the bars may be."""

    def is_dark(row: int) -> bool:
        middle = BARS.top + row * STEP + THICKNESS // 2
        x, y = (round(side * DOTS / 2540) for side in ((BARS.left + BARS.right) // 2, middle))
        return picture.getpixel((x, y)) < 128

    return [is_dark(row) for row in range(8)]


@pytest.fixture(scope="module")
def seen(printed: bytes) -> list[Image.Image]:
    return [picture_of(printed, page, DOTS).convert("L") for page in range(1, 6)]


def test_the_bars_are_read_back(seen):
    assert [read_bars(picture) for picture in seen] == [
        # gate first last   4      2      1   parity stop
        [True, True, True, False, False, False, False, True],
        [True, True, False, False, False, True, False, True],
        [True, False, False, False, True, False, True, True],
        [True, False, True, False, True, True, True, True],
        [True, True, True, True, False, False, True, True],
    ]


def test_the_matrix_is_read_back(seen):
    read = [codes_on(picture, "DataMatrix") for picture in seen]
    assert read == [
        [b"000231000001000003001001"],
        [b"000231000002000003001003"],
        [b"000231000002000003002003"],
        [b"000231000002000003003003"],
        [b"000231000003000003001001"],
    ]


def fronts(sheets: list[int]) -> list[Front]:
    """The fronts of sets of so many sheets, in the order in which they come."""
    place, found = 0, []
    for number, count in enumerate(sheets, 1):
        for sheet in range(1, count + 1):
            found.append(Front(MailPieceNumber(1, number, len(sheets)), sheet, count, place))
            place += 1
    return found


def complaints(rows: list[tuple[bool, ...]]) -> int:
    """An inserter's eye: counts where the row of bars is not what must follow."""
    wrong, expected, is_first = 0, 0, True
    for gate, first, last, four, two, one, parity, stop in rows:
        count = 4 * four + 2 * two + one
        even = sum((gate, first, last, four, two, one, parity, stop)) % 2 == 0
        wrong += not (gate and stop and even and count == expected and first == is_first)
        expected, is_first = (count + 1) % 8, last
    return wrong + (not is_first)


def test_a_good_run_has_no_complaint():
    assert complaints([bars_of(front) for front in fronts([1, 3, 2, 9, 1, 1, 4])]) == 0


@pytest.mark.parametrize("sheet", range(21))
def test_a_sheet_missing_doubled_or_swapped_is_seen(sheet: int):
    rows = [bars_of(front) for front in fronts([1, 3, 2, 9, 1, 1, 4])]
    assert len(rows) == 21
    missing = rows[:sheet] + rows[sheet + 1 :]
    assert complaints(missing) or sheet == 20
    assert complaints(rows[: sheet + 1] + rows[sheet:])
    if sheet:
        swapped = [*rows[: sheet - 1], rows[sheet], rows[sheet - 1], *rows[sheet + 1 :]]
        assert complaints(swapped)


@pytest.mark.parametrize("bar", range(8))
def test_one_bar_misread_is_seen(bar: int):
    for front in fronts([1, 3, 9]):
        row = list(bars_of(front))
        row[bar] = not row[bar]
        assert sum(row) % 2


def test_numbers_wider_than_their_field_keep_their_last_digits():
    assert digits_of(Front(MailPieceNumber(1_000_231, 7, 8), 1_002, 1_003, 0)) == "000231000007000008002003"


def overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def test_marks_stand_clear_of_windows_folds_and_the_page_itself():
    for box in (BARS, MATRIX):
        assert not overlap(box, SEEN_OF_A_CARRIER)
        assert mm(5) <= box.left < box.right <= mm(20), "in the margin, and where a printer prints"
        for fold in (*(envelope.panel for envelope in (*FOLDED_IN_THREE, *FOR_THICK_SETS)), mm(198)):
            assert not box.top - mm(2) < fold < box.bottom + mm(2)
    assert BARS.top + 7 * STEP + THICKNESS <= BARS.bottom
    assert all(any(quiet.left < box.left and quiet.bottom > box.bottom for quiet in QUIET) for box in (BARS, MATRIX))
    assert MATRIX.width / 16 >= mm(0.4), "a module that a camera at speed can read"
