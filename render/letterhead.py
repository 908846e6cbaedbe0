"""What all pages of a brand share, drawn once: head, foot, message, table head, help, small print."""

from bill import Party
from render.colour import LINE
from render.figures import NBSP
from render.form import Form
from render.logo import Logo
from render.look import Look
from render.manner import DETAIL_ROW, ROW
from render.page import COLUMN, COLUMNS, FOOT_RULE, LEFT, NEXT_TOP, RIGHT, SENDER_LINE, mm
from render.plain import plain
from render.sheet import Sheet
from render.table import HEAD_HEIGHT, draw_head
from render.wrap import shorten, wrap

_FULL = RIGHT - LEFT
#: A mark narrower than this is a sign without a name, and the name is written beside it.
_NAMELESS = mm(30)
_NAME_RIGHT = mm(108)


def letterhead(look: Look, logo: Logo | None) -> tuple[Form, ...]:
    """The forms of a brand; each is drawn from y 0, but the two page heads, which are where they stand."""
    return (_first_head(look, logo), _next_head(look), _message(look), _table_head(look), _help(look), _legal(look))


def _first_head(look: Look, logo: Logo | None) -> Form:
    sheet, manner, brand = Sheet(), look.manner, look.brand
    if logo is None or logo.width < _NAMELESS:
        _name(look, logo, sheet)
    if brand.tagline:
        sheet.text(manner.detail, LEFT, SENDER_LINE, shorten(plain(brand.tagline), manner.detail, mm(88)))
    sender = " · ".join(_sender(brand.sender))
    for row, line in enumerate(wrap(plain(sender), manner.detail, mm(88), 2)):
        sheet.text(manner.detail, LEFT, SENDER_LINE + (row + 1) * DETAIL_ROW, line)
    _foot(sheet)
    return Form("First", sheet, 0)


def _name(look: Look, logo: Logo | None, sheet: Sheet) -> None:
    """The issuer's name in large letters, beside the middle of its mark where there is one."""
    title, left, middle = look.manner.title, LEFT, mm(20)
    if logo:
        left, middle = logo.box.right + mm(4), logo.box.top + logo.height // 2
    lines = wrap(plain(look.brand.name), title, _NAME_RIGHT - left, 2)
    first = middle + mm(1.8) - (len(lines) - 1) * mm(3.25)
    for row, line in enumerate(lines):
        sheet.text(title, left, first + row * mm(6.5), line)


def _sender(party: Party) -> list[str]:
    place = party.address
    parts = [party.name, place.line1, f"{place.postcode}{NBSP}{place.city}".strip()]
    return [part for part in parts if part]


def _next_head(look: Look) -> Form:
    sheet, manner = Sheet(), look.manner
    sheet.rule(manner.colour, LEFT, mm(14), mm(12), mm(0.9))
    sheet.text(manner.strong, LEFT, mm(19.5), shorten(plain(look.brand.name), manner.strong, mm(80)))
    _foot(sheet)
    return Form("Next", sheet, NEXT_TOP)


def _foot(sheet: Sheet) -> None:
    sheet.rule(LINE, LEFT, FOOT_RULE, _FULL, mm(0.15))


def _message(look: Look) -> Form:
    sheet, body = Sheet(), look.manner.body
    lines = wrap(plain(look.brand.message), body, _FULL - mm(6), 4)
    for row, line in enumerate(lines):
        sheet.text(body, LEFT + mm(4), mm(3.6) + row * ROW, line)
    if lines:
        sheet.rule(look.manner.colour, LEFT, 0, mm(0.9), len(lines) * ROW + mm(0.8))
    return Form("Word", sheet, len(lines) * ROW + mm(5) if lines else 0)


def _table_head(look: Look) -> Form:
    sheet = Sheet()
    draw_head(look, sheet, 0, tagged=False)
    return Form("Head", sheet, HEAD_HEIGHT)


def _help(look: Look) -> Form:
    sheet, manner = Sheet(), look.manner
    if not look.brand.help_lines:
        return Form("Help", sheet, 0)
    sheet.text(manner.head, COLUMNS[3], 0, look.words.help)
    lines = [piece for line in look.brand.help_lines for piece in wrap(plain(line), manner.detail, COLUMN, 3)][:8]
    for row, line in enumerate(lines, 1):
        sheet.text(manner.detail, COLUMNS[3], mm(0.6) + row * DETAIL_ROW, line)
    return Form("Help", sheet, (len(lines) + 1) * DETAIL_ROW)


def _legal(look: Look) -> Form:
    sheet, fine = Sheet(), look.manner.fine
    lines = wrap(plain(look.brand.legal_text), fine, _FULL, 12)
    for row, line in enumerate(lines, 1):
        sheet.text(fine, LEFT, row * mm(2.8), line)
    return Form("Legal", sheet, len(lines) * mm(2.8) + mm(2) if lines else 0)
