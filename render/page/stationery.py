"""The stationery of a brand as form XObjects: page heads, foot rule, message, table head, help box, legal text."""

from bill import Party
from render.canvas.form_xobject import FormXObject
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import COLUMN, COLUMNS, FOOT_RULE, LEFT, NEXT_TOP, RIGHT, SENDER_LINE, mm
from render.page.line_table import HEAD_HEIGHT, draw_head
from render.page.specimen_mark import draw_specimen_mark
from render.pdf.logo_image import Logo
from render.style.brand_text_styles import DETAIL_ROW, FINE_ROW, ROW
from render.style.number_format import NBSP
from render.style.page_colours import LINE
from render.style.page_style import PageStyle
from render.type.line_breaking import paragraphs, shorten, wrap
from render.type.printable_text import printable

_FULL = RIGHT - LEFT
#: Beside a logo narrower than this the issuer's name is written.
_NAMELESS = mm(30)
_NAME_RIGHT = mm(108)
#: What a window may show begins right of it (`render.print.envelope_window`).
_SENDER_WIDTH = mm(68)
#: Lines of legal text in the foot.
_MOST_LEGAL = 16
#: Lines of help beside the slip, which is not higher than half a page.
_MOST_HELP = 30
#: Lines of a message, which is not higher than half a page either.
_MOST_MESSAGE = 30


def letterhead(page_style: PageStyle, logo: Logo | None, is_specimen: bool = False) -> tuple[FormXObject, ...]:
    """Return a brand's form XObjects; those of a specimen say on each page that it is one. Each is drawn from y 0,
    except the two page heads, which stand at their final position."""
    return (
        _first_head(page_style, logo, is_specimen),
        _next_head(page_style, is_specimen),
        _message(page_style),
        _table_head(page_style),
        _help(page_style),
        _legal(page_style),
    )


def _first_head(page_style: PageStyle, logo: Logo | None, is_specimen: bool) -> FormXObject:
    canvas, styles, brand = PageCanvas(), page_style.styles, page_style.brand
    if is_specimen:
        draw_specimen_mark(page_style, canvas)
    if logo is None or logo.width < _NAMELESS:
        _name(page_style, logo, canvas)
    if brand.tagline:
        canvas.text(styles.detail, LEFT, SENDER_LINE, shorten(printable(brand.tagline), styles.detail, _SENDER_WIDTH))
    sender = " · ".join(_sender(brand.sender))
    for row, line in enumerate(wrap(printable(sender), styles.detail, _SENDER_WIDTH, 2)):
        canvas.text(styles.detail, LEFT, SENDER_LINE + (row + 1) * DETAIL_ROW, line)
    _foot(canvas)
    return FormXObject("First", canvas, 0)


def _name(page_style: PageStyle, logo: Logo | None, canvas: PageCanvas) -> None:
    """Write the issuer's name in large type, centred beside the logo where there is one."""
    title, left, middle = page_style.styles.title, LEFT, mm(20)
    if logo:
        left, middle = logo.box.right + mm(4), logo.box.top + logo.height // 2
    lines = wrap(printable(page_style.brand.name), title, _NAME_RIGHT - left, 2)
    first = middle + mm(1.8) - (len(lines) - 1) * mm(3.25)
    for row, line in enumerate(lines):
        canvas.text(title, left, first + row * mm(6.5), line)


def _sender(party: Party) -> list[str]:
    """Return the return address; nothing without a place, because the name alone stands above."""
    place = party.address
    where = [part for part in (place.line1, f"{place.postcode}{NBSP}{place.city}".strip()) if part]
    return [party.name, *where] if where else []


def _next_head(page_style: PageStyle, is_specimen: bool) -> FormXObject:
    canvas, styles = PageCanvas(), page_style.styles
    if is_specimen:
        draw_specimen_mark(page_style, canvas)
    canvas.rule(styles.colour, LEFT, mm(14), mm(12), mm(0.9))
    canvas.text(styles.strong, LEFT, mm(19.5), shorten(printable(page_style.brand.name), styles.strong, mm(80)))
    _foot(canvas)
    return FormXObject("Next", canvas, NEXT_TOP)


def _foot(canvas: PageCanvas) -> None:
    canvas.rule(LINE, LEFT, FOOT_RULE, _FULL, mm(0.15))


def _message(page_style: PageStyle) -> FormXObject:
    canvas, body = PageCanvas(), page_style.styles.body
    lines = paragraphs(page_style.brand.message, body, _FULL - mm(6))[:_MOST_MESSAGE]
    for row, line in enumerate(lines):
        canvas.text(body, LEFT + mm(4), mm(3.4) + row * ROW, line)
    if lines:
        canvas.rule(page_style.styles.colour, LEFT, 0, mm(0.9), len(lines) * ROW + mm(0.8))
    return FormXObject("Word", canvas, len(lines) * ROW + mm(3.2) if lines else 0)


def _table_head(page_style: PageStyle) -> FormXObject:
    canvas = PageCanvas()
    draw_head(page_style, canvas, 0, tagged=False)
    return FormXObject("Head", canvas, HEAD_HEIGHT)


def _help(page_style: PageStyle) -> FormXObject:
    canvas, styles = PageCanvas(), page_style.styles
    if not page_style.brand.help_lines:
        return FormXObject("Help", canvas, 0)
    canvas.text(styles.head, COLUMNS[3], 0, page_style.words.help)
    lines = [piece for line in page_style.brand.help_lines for piece in paragraphs(line, styles.detail, COLUMN)][
        :_MOST_HELP
    ]
    for row, line in enumerate(lines, 1):
        canvas.text(styles.detail, COLUMNS[3], mm(0.6) + row * DETAIL_ROW, line)
    return FormXObject("Help", canvas, (len(lines) + 1) * DETAIL_ROW)


def _legal(page_style: PageStyle) -> FormXObject:
    """Set the legal text for the foot. One that is too long for that is set with each bill's notes."""
    canvas, fine = PageCanvas(), page_style.styles.fine
    lines = paragraphs(page_style.brand.legal_text, fine, _FULL)
    if not 0 < len(lines) <= _MOST_LEGAL:
        return FormXObject("Legal", canvas, 0)
    for row, line in enumerate(lines, 1):
        canvas.text(fine, LEFT, row * FINE_ROW, line)
    return FormXObject("Legal", canvas, len(lines) * FINE_ROW + mm(1.4))
