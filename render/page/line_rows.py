"""Turns the lines of a bill into table rows, grouped as the brand or the bill asks, with typeset cells.

Nothing of a line is cut: a row that is too high for a page's foot continues in rows that have only text.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from bill import BY_OBJECT, ZERO, AllowanceCharge, Bill, Line, LinePart, Placed, outline
from render.canvas.page_geometry import LEFT, RIGHT, mm
from render.page.line_cells import AMOUNT, BELOW_ROW, NAME_WIDTH, Name, shown_lines
from render.page.line_details import change_name, line_details, may_say_more
from render.style.brand_text_styles import DETAIL_ROW, ROW
from render.style.page_style import PageStyle
from render.type.line_breaking import paragraphs
from render.type.printable_text import printable
from render.type.typesetting import TextStyle

PLAIN_ROW: Final = ROW + BELOW_ROW
#: Space above a group heading.
ABOVE_GROUP: Final = mm(1)
#: The width of a group heading, which has nothing but its amount beside it.
_HEADING_WIDTH: Final = mm(140)
_ALL_FILLED: Final = (True,) * 4
_NONE_FILLED: Final = (False,) * 4
_AMOUNT_ALONE: Final = (False, False, False, True)
#: With more lines of small type than this, a row is broken into rows of so many.
_MOST_DETAIL_LINES: Final = 12
_PIECE: Final = 4
#: Indentation of a line for each group that it is in.
_STEP_IN: Final = "\N{NO-BREAK SPACE}" * 4
#: A line further in than this is indented no more: its texts keep a width.
_MOST_STEPS: Final = 10


class Kind(NamedTuple):
    """The layout of a row: its height, which of its cells are filled, whether it is a group heading, and whether its
    text goes on in the next row."""

    height: int
    filled: tuple[bool, ...]
    is_group: bool = False
    goes_on: bool = False


class LineRow(NamedTuple):
    """A table row: its layout, its name and cells as operators, and *value*, what it adds to the carried total."""

    kind: Kind
    said: list[str]
    value: Decimal = ZERO

    @property
    def is_group(self) -> bool:
        """Whether the row is a group heading, which never stands alone at the foot of a page."""
        return self.kind.is_group


def rows_of(bill: Bill, page_style: PageStyle) -> Iterator[LineRow]:
    """Yield the rows of each line, group by group, then of each allowance and charge of the whole bill (BG-20,
    BG-21)."""
    currency, set_name, set_cells = bill.currency, page_style.cells.name, page_style.cells.of
    if any(line.kind or line.parent or line.parts for line in bill.lines):
        yield from _outlined(bill, page_style)
    else:
        for name, lines in grouped(bill.lines, page_style.brand.grouped_by):
            if name:
                yield from _group(name, lines, currency, page_style)
            for line in lines:
                named, value = set_name(line.name or line.description), line.net_amount or ZERO
                details = line_details(line, bill, page_style) if may_say_more(line) else ()
                cells = set_cells(line, currency)
                if not (cells[0] and cells[1]):
                    details = [*_without_room(line, currency, page_style), *details]
                if details and not any(cells) and not (line.name or line.description):
                    yield from _text(details, page_style)
                elif details or named.rest:
                    yield from _tall(named, _set(details, page_style), cells, value, page_style)
                else:
                    yield _row(named.height, named.shown, cells, value)
    for change in bill.allowances_charges:
        yield from _change(change, currency, page_style)


def _text(details: Sequence[str], page_style: PageStyle) -> Iterator[LineRow]:
    """Yield the rows of a line that is only a text, over the whole width."""
    lines = [line for text in details for line in paragraphs(text, page_style.styles.detail, RIGHT - LEFT)]
    yield from _goes_on(_pieces(lines, page_style.styles.detail, DETAIL_ROW), page_style)


def _change(change: AllowanceCharge, currency: str, page_style: PageStyle) -> Iterator[LineRow]:
    """Yield the rows of an allowance or a charge of the whole bill."""
    value = change.amount if change.is_charge else -change.amount
    cells = (
        "",
        "",
        page_style.cells.rate(change.vat_rate, change.vat_category),
        page_style.cells.amount(value, currency),
    )
    yield from _tall(page_style.cells.name(change_name(change, currency, page_style)), [], cells, value, page_style)


def _outlined(bill: Bill, page_style: PageStyle) -> Iterator[LineRow]:
    """Yield rows of lines that the bill itself groups or nests. A line whose amount is contained in another line's is
    shown below that line's name and adds nothing to the total."""
    for placed in outline(bill.lines):
        line, depth = placed.line, placed.depth
        name = f"{_inset(depth)}{printable(line.name or line.description)}"
        details = list(line_details(line, bill, page_style))
        if placed.is_group and not placed.counts and not depth:
            yield from _heading(name, line.net_amount, bill.currency, page_style)
            yield from _goes_on(_pieces(_set(details, page_style), page_style.styles.detail, DETAIL_ROW), page_style)
            continue
        if not placed.counts and line.net_amount is not None:
            details.append(page_style.words.of_which.format(amount=page_style.money(line.net_amount, bill.currency)))
        if not placed.is_group:
            details = [*_without_room(line, bill.currency, page_style), *details]
        cells, value = _outlined_cells(placed, bill.currency, page_style)
        yield from _tall(page_style.cells.name(name), _set(details, page_style, depth), cells, value, page_style)


def _without_room(line: LinePart, currency: str, page_style: PageStyle) -> Iterator[str]:
    """Yield the quantity and the price that are too wide for their columns, under the heads of these."""
    words = page_style.words
    for head, text in zip((words.quantity, words.unit_price), page_style.cells.too_wide(line, currency), strict=True):
        if text:
            yield f"{head}{words.colon}{text}"


def _outlined_cells(placed: Placed, currency: str, page_style: PageStyle) -> tuple[tuple[str, ...], Decimal]:
    """Return the cells of a line in an outline, and what it adds to the total."""
    *cells, amount = page_style.cells.of(placed.line, currency)
    if placed.counts:
        return (*cells, amount), placed.line.net_amount or ZERO
    return (("", "", "", "") if placed.is_group else (*cells, "")), ZERO


def grouped(lines: Sequence[Line], by: str) -> list[tuple[str, Sequence[Line]]]:
    """Group lines by name, in order of first appearance; "" is the name of ungrouped lines.

    *by* is the name of an item attribute (BT-160), or BY_OBJECT for the invoiced object (BT-128); "" groups nothing.
    """
    if not by or not any(line.attributes or line.object_id for line in lines):
        return [("", lines)]
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(_group_of(line, by), []).append(line)
    return list(groups.items())


def _group_of(line: Line, by: str) -> str:
    if by == BY_OBJECT:
        return line.object_id.value if line.object_id else ""
    return next((attribute.value for attribute in line.attributes if attribute.name == by), "")


def _group(name: str, lines: Sequence[Line], currency: str, page_style: PageStyle) -> Iterator[LineRow]:
    """Yield a group heading with the sum of its lines."""
    amounts = [line.net_amount for line in lines if line.net_amount is not None and line.net_amount.is_finite()]
    yield from _heading(name, sum(amounts, ZERO), currency, page_style)


def _heading(name: str, amount: Decimal | None, currency: str, page_style: PageStyle) -> Iterator[LineRow]:
    """Yield the rows of a group heading. It adds nothing to the carried total, because its lines do."""
    strong = page_style.styles.strong
    lines = paragraphs(name, strong, _HEADING_WIDTH) or [""]
    first, rest = lines[:_PIECE], lines[_PIECE:]
    said, filled = [shown_lines(first, strong, ROW)], _NONE_FILLED
    if amount is not None:
        said.append(strong.column(AMOUNT[0] - LEFT, AMOUNT[1])(page_style.amount(amount, currency)))
        filled = _AMOUNT_ALONE
    yield LineRow(Kind(len(first) * ROW + BELOW_ROW + ABOVE_GROUP, filled, is_group=True, goes_on=bool(rest)), said)
    yield from _goes_on(_pieces(rest, strong, ROW), page_style)


def _row(height: int, name: str, cells: tuple[str, ...], value: Decimal, *, goes_on: bool = False) -> LineRow:
    if all(cells):
        return LineRow(_kind(height, _ALL_FILLED, goes_on), [name, *cells], value)
    return LineRow(_kind(height, tuple(map(bool, cells)), goes_on), [name, *filter(None, cells)], value)


@lru_cache(maxsize=1024)
def _kind(height: int, filled: tuple[bool, ...], goes_on: bool) -> Kind:
    return Kind(height, filled, goes_on=goes_on)


def _tall(
    name: Name, details: list[str], cells: tuple[str, ...], value: Decimal, page_style: PageStyle
) -> Iterator[LineRow]:
    """Yield the rows of a line with *details* below its name: one, or, where they are many, several."""
    if not name.rest and len(details) <= _MOST_DETAIL_LINES:
        said = name.shown + _set_below(name.height, details, page_style) if details else name.shown
        yield _row(name.height + len(details) * DETAIL_ROW, said, cells, value)
        return
    styles = page_style.styles
    yield _row(name.height - BELOW_ROW, name.shown, cells, value, goes_on=True)
    yield from _goes_on(
        [*_pieces(name.rest, styles.body, ROW), *_pieces(details, styles.detail, DETAIL_ROW)], page_style
    )


class _Piece(NamedTuple):
    """Some lines of a text in one style, and how far each stands below the one before."""

    lines: Sequence[str]
    style: TextStyle
    step: int


def _pieces(lines: Sequence[str], style: TextStyle, step: int) -> list[_Piece]:
    return [_Piece(lines[at : at + _PIECE], style, step) for at in range(0, len(lines), _PIECE)]


def _goes_on(pieces: Sequence[_Piece], page_style: PageStyle) -> Iterator[LineRow]:
    """Yield a row without cells for each piece of text that continues a row."""
    back = page_style.styles.body.operators
    for place, (lines, style, step) in enumerate(pieces, 1):
        goes_on = place < len(pieces)
        height = len(lines) * step + (0 if goes_on else PLAIN_ROW - step)
        said = f" {style.operators}{shown_lines(lines, style, step)} {back}"
        yield LineRow(Kind(height, _NONE_FILLED, goes_on=goes_on), [said])


def _inset(depth: int) -> str:
    return _STEP_IN * min(depth, _MOST_STEPS)


def _set(details: Sequence[str], page_style: PageStyle, depth: int = 0) -> list[str]:
    """Break details into lines in small type below a name, as far in as their line."""
    detail, inset = page_style.styles.detail, _inset(depth)
    width = NAME_WIDTH - (detail.width(inset) if inset else 0)
    return [f"{inset}{line}" for text in details for line in paragraphs(text, detail, width)]


def _set_below(height: int, details: Sequence[str], page_style: PageStyle) -> str:
    """Return operators that draw *details* in small type below a name of this *height* and return to its first line."""
    body, detail = page_style.styles.body, page_style.styles.detail
    last = height - ROW - BELOW_ROW
    said = "".join([f" 0 {-DETAIL_ROW} Td{detail.shown(text)}" for text in details])
    return f" {detail.operators} 0 {-last} Td{said} {body.operators} 0 {last + len(details) * DETAIL_ROW} Td"
