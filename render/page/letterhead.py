"""The stationery of a brand as form XObjects: page heads, foot rule, message, table head, help box, legal text."""

from bill import Party
from render.canvas.form_xobject import FormXObject
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import COLUMN, COLUMNS, FOOT_RULE, LEFT, NEXT_TOP, RIGHT, SENDER_LINE, mm
from render.page.line_table import HEAD_HEIGHT, draw_head
from render.pdf.logo_image import Logo
from render.style.brand_colour import LINE
from render.style.number_format import NBSP
from render.style.page_style import PageStyle
from render.style.stylesheet import DETAIL_ROW, ROW
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable

_FULL = RIGHT - LEFT
#: A mark narrower than this is a sign without a name, and the name is written beside it.
_NAMELESS = mm(30)
_NAME_RIGHT = mm(108)


def letterhead(look: PageStyle, logo: Logo | None) -> tuple[FormXObject, ...]:
    """Return a brand's form XObjects. Each is drawn from y 0, except the two page heads, which stand at their final
    position."""
    return (_first_head(look, logo), _next_head(look), _message(look), _table_head(look), _help(look), _legal(look))


def _first_head(look: PageStyle, logo: Logo | None) -> FormXObject:
    sheet, manner, brand = PageCanvas(), look.manner, look.brand
    if logo is None or logo.width < _NAMELESS:
        _name(look, logo, sheet)
    if brand.tagline:
        sheet.text(manner.detail, LEFT, SENDER_LINE, shorten(printable(brand.tagline), manner.detail, mm(88)))
    sender = " · ".join(_sender(brand.sender))
    for row, line in enumerate(wrap(printable(sender), manner.detail, mm(88), 2)):
        sheet.text(manner.detail, LEFT, SENDER_LINE + (row + 1) * DETAIL_ROW, line)
    _foot(sheet)
    return FormXObject("First", sheet, 0)


def _name(look: PageStyle, logo: Logo | None, sheet: PageCanvas) -> None:
    """Write the issuer's name in large type, centred beside the logo where there is one."""
    title, left, middle = look.manner.title, LEFT, mm(20)
    if logo:
        left, middle = logo.box.right + mm(4), logo.box.top + logo.height // 2
    lines = wrap(printable(look.brand.name), title, _NAME_RIGHT - left, 2)
    first = middle + mm(1.8) - (len(lines) - 1) * mm(3.25)
    for row, line in enumerate(lines):
        sheet.text(title, left, first + row * mm(6.5), line)


def _sender(party: Party) -> list[str]:
    place = party.address
    parts = [party.name, place.line1, f"{place.postcode}{NBSP}{place.city}".strip()]
    return [part for part in parts if part]


def _next_head(look: PageStyle) -> FormXObject:
    sheet, manner = PageCanvas(), look.manner
    sheet.rule(manner.colour, LEFT, mm(14), mm(12), mm(0.9))
    sheet.text(manner.strong, LEFT, mm(19.5), shorten(printable(look.brand.name), manner.strong, mm(80)))
    _foot(sheet)
    return FormXObject("Next", sheet, NEXT_TOP)


def _foot(sheet: PageCanvas) -> None:
    sheet.rule(LINE, LEFT, FOOT_RULE, _FULL, mm(0.15))


def _message(look: PageStyle) -> FormXObject:
    sheet, body = PageCanvas(), look.manner.body
    lines = wrap(printable(look.brand.message), body, _FULL - mm(6), 4)
    for row, line in enumerate(lines):
        sheet.text(body, LEFT + mm(4), mm(3.6) + row * ROW, line)
    if lines:
        sheet.rule(look.manner.colour, LEFT, 0, mm(0.9), len(lines) * ROW + mm(0.8))
    return FormXObject("Word", sheet, len(lines) * ROW + mm(5) if lines else 0)


def _table_head(look: PageStyle) -> FormXObject:
    sheet = PageCanvas()
    draw_head(look, sheet, 0, tagged=False)
    return FormXObject("Head", sheet, HEAD_HEIGHT)


def _help(look: PageStyle) -> FormXObject:
    sheet, manner = PageCanvas(), look.manner
    if not look.brand.help_lines:
        return FormXObject("Help", sheet, 0)
    sheet.text(manner.head, COLUMNS[3], 0, look.words.help)
    lines = [piece for line in look.brand.help_lines for piece in wrap(printable(line), manner.detail, COLUMN, 3)][:8]
    for row, line in enumerate(lines, 1):
        sheet.text(manner.detail, COLUMNS[3], mm(0.6) + row * DETAIL_ROW, line)
    return FormXObject("Help", sheet, (len(lines) + 1) * DETAIL_ROW)


def _legal(look: PageStyle) -> FormXObject:
    sheet, fine = PageCanvas(), look.manner.fine
    lines = wrap(printable(look.brand.legal_text), fine, _FULL, 12)
    for row, line in enumerate(lines, 1):
        sheet.text(fine, LEFT, row * mm(2.8), line)
    return FormXObject("Legal", sheet, len(lines) * mm(2.8) + mm(2) if lines else 0)
