"""Marks on the front of every sheet: OMR bars and a DataMatrix for the inserter, and a line of text for people.

They stand in the left margin, clear of the window and of every fold. The OMR bars, from top to bottom, a sixth of an
inch apart; those without a condition are always printed:

    gate      begins the row
    first     on the first sheet of a mail piece
    last      on the last sheet of a mail piece
    4, 2, 1   the sheet's number in the file, modulo 8: a sheet missing, doubled or out of order breaks the count
    parity    makes the number of all bars even
    stop      ends the row

The DataMatrix holds 24 digits: print batch (6), mail piece (6), mail pieces of the batch (6), sheet (3), sheets of the
mail piece (3).
"""

from typing import Final, NamedTuple

from bill import MailPieceNumber
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import Box, mm
from render.codes import datamatrix
from render.codes.symbol_image import symbol_image
from render.type.line_breaking import shorten
from render.type.typesetting import TextStyle

#: The area of the bars, their thickness, and the step from one to the next (a sixth of an inch).
BARS: Final = Box(mm(7), mm(108), mm(15), mm(138.3))
THICKNESS: Final = mm(0.6)
STEP: Final = 423
#: Sixteen modules of half a millimetre.
MATRIX: Final = Box(mm(7), mm(154), mm(15), mm(162))
#: The quiet zones around both; on an issuer's own page they are painted white.
QUIET: Final = (
    Box(mm(5), mm(105), mm(17), mm(141)),
    Box(mm(5), mm(152), mm(17), mm(164)),
)
#: Position of the text line, within the printable area.
WORDS: Final = (mm(20), mm(8))

#: Digits of batch, mail piece and mail pieces; of sheet and sheets.
_LONG, _SHORT = 6, 3


class Front(NamedTuple):
    """The front of a sheet: its mail piece, its number in the mail piece from 1, the number of sheets, its number in
    the file from 0."""

    number: MailPieceNumber
    sheet: int
    sheets: int
    in_file: int


def bars_of(front: Front) -> tuple[bool, ...]:
    """Return which of the eight bars are printed: gate, first, last, 4, 2, 1, parity, stop."""
    row = [True, front.sheet == 1, front.sheet == front.sheets, *(front.in_file & bit > 0 for bit in (4, 2, 1))]
    return (*row, sum(row) % 2 == 0, True)  # with the stop bar, the number of bars is even


def digits_of(front: Front) -> str:
    """Return the digits in the DataMatrix. A number too long for its field keeps its last digits."""
    long = (front.number.batch, front.number.piece, front.number.pieces)
    return "".join(
        [f"{number:0{_LONG}}"[-_LONG:] for number in long]
        + [f"{number:0{_SHORT}}"[-_SHORT:] for number in (front.sheet, front.sheets)]
    )


def draw_marks(front: Front, style: TextStyle, canvas: PageCanvas, *, on_foreign_page: bool = False) -> None:
    """Draw the marks of a front. On an issuer's own page a white ground is drawn first."""
    if on_foreign_page:
        canvas.marks += [f"1 g {box.left} {box.top} {box.width} {box.height} re f" for box in QUIET]
    for number, is_printed in enumerate(bars_of(front)):
        if is_printed:
            canvas.rule("0 0 0", BARS.left, BARS.top + number * STEP, BARS.width, THICKNESS)
    canvas.marks.append(symbol_image(datamatrix.encode(digits_of(front)), MATRIX.left, MATRIX.top, MATRIX.width))
    of = front.number
    words = f"lot {of.batch:06d} · pli {of.piece}/{of.pieces} · feuille {front.sheet}/{front.sheets}"
    canvas.text(style, *WORDS, shorten(words, style, mm(80)))
