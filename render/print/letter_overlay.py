"""Draws a letter's overlay on its page one, or a carrier page: address, claim code, amount due notice, inserter marks.

The overlay goes into the areas that an archived page keeps free. An issuer's own pages keep none, so they get a carrier
page in front.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from bill import SANS, AmountDue, Overlay
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import CLAIM, DUE, LEFT, RIGHT, Box, mm, pt
from render.codes import qr_code
from render.codes.symbol_image import symbol_image
from render.print.amount_due_notice import MOST, amount_due_notice
from render.print.envelope_window import ADDRESS
from render.print.inserter_marks import Front, draw_marks
from render.style.page_colours import INK, QUIET
from render.type.font_family import font_faces
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable
from render.type.typesetting import TextStyle, style
from words.printed_bill_labels import bill_labels
from words.printed_label import L_, labels_in

#: Line height of the address (NF Z10-011): six lines fill the area.
_LINE: Final = mm(4)
_MOST_LINES: Final = 6
#: Baseline of the return address, above the address, where most windows show it too.
_RETURN_LINE: Final = mm(57.4)
#: Lines of the return address that always stay, and how narrow its letters may become.
_LEAST_RETURN_LINES: Final = 3
_LEAST_CONDENSED: Final = 0.6
_DOT: Final = " · "
_QR_SIDE: Final = mm(22)
#: The claim area of a carrier page, below what any window shows.
_CARRIER_CLAIM: Final = Box(LEFT, mm(120), mm(110), mm(150))
#: Enough lines for any account number, which is never cut.
_NUMBER_LINES: Final = 12
_CARRIER_NAME: Final = (LEFT, mm(22))
_CARRIER_FOLLOWS: Final = (LEFT, mm(30))
_CARRIER_DUE: Final = Box(LEFT, mm(160), RIGHT, mm(173))


class _Type(NamedTuple):
    address: TextStyle
    smaller: TextStyle
    small: TextStyle
    code: TextStyle
    strong: TextStyle
    sender: TextStyle
    follows: TextStyle
    marks: TextStyle


def draw_face(overlay: Overlay, front: Front) -> bytes:
    """Return the content stream that is laid over page one."""
    canvas = PageCanvas()
    _draw_address(overlay, canvas)
    _draw_claim(overlay, CLAIM, canvas)
    if overlay.copy:
        canvas.right(_type().strong, RIGHT, CLAIM.top + mm(3), _words(overlay).duplicate)
    _draw_due(overlay, DUE, _type().strong, canvas)
    draw_marks(front, _type().marks, canvas)
    return canvas.content()


def draw_carrier(overlay: Overlay, front: Front) -> bytes:
    """Return the content stream of a carrier page, which shows the address through the window in place of page one."""
    canvas = PageCanvas()
    styles = _type()
    _draw_address(overlay, canvas)
    canvas.text(styles.sender, *_CARRIER_NAME, shorten(printable(overlay.sender), styles.sender, mm(120)))
    canvas.text(styles.follows, *_CARRIER_FOLLOWS, _words(overlay).follows)
    _draw_claim(overlay, _CARRIER_CLAIM, canvas)
    if overlay.copy:
        canvas.text(styles.strong, LEFT, mm(114), _words(overlay).duplicate)
    _draw_due(overlay, _CARRIER_DUE, styles.code, canvas)
    draw_marks(front, styles.marks, canvas)
    return canvas.content()


def draw_further(front: Front, *, on_foreign_page: bool) -> bytes:
    """Return the content stream that is laid over every further front."""
    canvas = PageCanvas()
    draw_marks(front, _type().marks, canvas, on_foreign_page=on_foreign_page)
    return canvas.content()


def _draw_address(overlay: Overlay, canvas: PageCanvas) -> None:
    """Draw the lines (NF Z10-011: at most six; a seventh makes them smaller). A line that is too long is condensed,
    never cut."""
    styles = _type()
    _draw_return_address(overlay, canvas)
    lines = [printable(line) for line in overlay.address]
    step = min(_LINE, ADDRESS.height // max(len(lines), 1))
    letters = styles.address if len(lines) <= _MOST_LINES else styles.smaller
    for row, line in enumerate(lines, 1):
        y = ADDRESS.top + row * step - step // 8  # room for accented capitals
        _draw_condensed(line, letters, y, canvas)


def _draw_return_address(overlay: Overlay, canvas: PageCanvas) -> None:
    """Draw where the letter comes back to, on one line: condensed, and where that is not enough without what describes
    the building. Name, street and town stay."""
    lines = [printable(line) for line in overlay.return_address if line]
    small = _type().small
    while len(lines) > _LEAST_RETURN_LINES and small.width(_DOT.join(lines)) * _LEAST_CONDENSED > ADDRESS.width:
        del lines[1]
    if lines:
        longest = int(ADDRESS.width / _LEAST_CONDENSED)
        _draw_condensed(shorten(_DOT.join(lines), small, longest), small, _RETURN_LINE, canvas)


def _draw_condensed(line: str, letters: TextStyle, y: int, canvas: PageCanvas) -> None:
    """Draw a line of the window, made narrower where it is too wide."""
    width = letters.width(line)
    if width > ADDRESS.width:
        canvas.words.append(f"{100 * ADDRESS.width / width:.1f} Tz")
    canvas.text(letters, ADDRESS.left, y, line)
    if width > ADDRESS.width:
        canvas.words.append("100 Tz")


def _draw_due(overlay: Overlay, box: Box, style: TextStyle, canvas: PageCanvas) -> None:
    """Draw what is due as of now, behind a bar; the page below says what was due when the bill was issued."""
    if overlay.due is None:
        return
    style, count, lines = _due_lines(overlay.due, overlay.language, style, box.width - mm(2.5))
    if not lines:
        return
    step = box.height // count
    canvas.rule(INK, box.left, box.top, mm(0.9), step * len(lines))
    for row, line in enumerate(lines, 1):
        canvas.text(style, box.left + mm(2.5), box.top + row * step - step // 4, line)


def _due_lines(due: AmountDue, language: str, style: TextStyle, width: int) -> tuple[TextStyle, int, list[str]]:
    """Return style, line count and lines of the notice: two lines, else three small ones, else fewer bill numbers. The
    amount is never left out."""
    small = _type().small
    for chosen, count, most in ((style, 2, MOST), *((small, 3, most) for most in range(MOST, 0, -1))):
        lines = wrap(printable(amount_due_notice(due, language, most)), chosen, width, count + 1)
        if len(lines) <= count:
            return chosen, count, lines
    return small, 3, wrap(printable(amount_due_notice(due, language, 1)), small, width, 3)


def _draw_claim(overlay: Overlay, box: Box, canvas: PageCanvas) -> None:
    """Draw claim code and QR code: whoever opens the letter sees the bill and can claim the account online."""
    if not overlay.claim_code:
        return
    styles, words = _type(), _words(overlay)
    width = box.width
    if leads_to := overlay.bill_url or overlay.claim_url:
        canvas.marks.append(symbol_image(qr_code.encode(leads_to.encode()), box.right - _QR_SIDE, box.top, _QR_SIDE))
        width -= _QR_SIDE + mm(4)
    y = box.top + mm(3)
    for line in wrap(printable(overlay.invitation) or words.claim, styles.small, width, 2):
        canvas.text(styles.small, box.left, y, line)
        y += mm(3.2)
    y = _draw_number(overlay, Box(box.left, y, box.left + width, box.bottom), canvas)
    code = f"{words.code}{_colon(overlay)}"
    canvas.text(styles.small, box.left, y + mm(4.6), code)
    canvas.text(styles.code, box.left + styles.small.width(code) + mm(0.6), y + mm(4.6), printable(overlay.claim_code))
    if overlay.claim_url:
        for row, line in enumerate(wrap(printable(overlay.claim_url), styles.small, width, 2)):
            canvas.text(styles.small, box.left, y + mm(8.6) + row * mm(3.2), line)


def _draw_number(overlay: Overlay, box: Box, canvas: PageCanvas) -> int:
    """Draw the account number in full, under the label that the claim form uses, or say that the code alone is enough.
    Returns the y of the next line."""
    styles, words, y = _type(), _words(overlay), box.top
    if not overlay.account:
        canvas.text(styles.small, box.left, y, words.code_alone)
        return y + mm(1)
    said = f"{printable(overlay.account_label)}{_colon(overlay)}{printable(overlay.account)}"
    is_short = styles.strong.width(said) <= 2 * box.width
    style, step = (styles.strong, mm(3.6)) if is_short else (styles.small, mm(2.8))
    lines = wrap(said, style, box.width, _NUMBER_LINES)
    for row, line in enumerate(lines):
        canvas.text(style, box.left, y + mm(1) + row * step, line)
    return y + (len(lines) - 1) * step + mm(2)


def _colon(overlay: Overlay) -> str:
    return bill_labels(overlay.language).colon


def _words(overlay: Overlay) -> "_LetterLabels":
    return _letter_labels(overlay.language)


@dataclass(frozen=True, slots=True)
class _LetterLabels:
    """What is laid over a letter, in French; the other languages are in the catalogue `printed`."""

    duplicate: str = L_("DUPLICATA")
    follows: str = L_("Votre facture suit cette page.")
    claim: str = L_("Vos factures en ligne, sans papier si vous voulez.")
    code: str = L_("Votre code")
    code_alone: str = L_("Le code suffit : laissez le numéro vide.")


@cache
def _letter_labels(language: str) -> _LetterLabels:
    return labels_in(_LetterLabels, language)


@lru_cache(maxsize=1)
def _type() -> _Type:
    text, strong = font_faces(SANS)
    return _Type(
        address=style(text, pt(9), INK), smaller=style(text, pt(8), INK), small=style(text, pt(7.5), INK),
        code=style(strong, pt(13), INK), strong=style(strong, pt(9), INK), sender=style(strong, pt(15), INK),
        follows=style(text, pt(11), INK), marks=style(text, pt(7.5), QUIET),
    )  # fmt: skip
