"""Draws the table of a bill's lines over as many pages as needed, with carried-forward totals."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain, groupby
from operator import attrgetter
from typing import Final

from bill import ZERO, Bill
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import LEFT, RIGHT, mm
from render.page.line_cells import AMOUNT, PRICE, QUANTITY, RATE
from render.page.line_rows import ABOVE_GROUP, PLAIN_ROW, Kind, LineRow, rows_of
from render.style.brand_text_styles import ROW
from render.style.page_colours import LINE
from render.style.page_style import PageStyle

HEAD_HEIGHT: Final = mm(5.6)
_BELOW_HEAD: Final = mm(5.6)
_BASELINE: Final = mm(3.3)
_RULE_ABOVE: Final = mm(0.2)
_HAIR: Final = mm(0.1)
_KIND: Final = attrgetter("kind")


def draw_table(bill: Bill, flow: PageFlow) -> None:
    """Draw every line, then the allowances and charges of the whole bill."""
    if not bill.lines and not bill.allowances_charges:
        return
    flow.canvas.open("Table")
    flow.draw_fragment(_lay_head, flow.y, ())
    flow.y += _BELOW_HEAD
    rows, carried = list(rows_of(bill, flow.page_style)), ZERO
    while (fitting := _fitting(rows, flow.bottom - ROW - flow.y)) < len(rows):
        _draw_rows(rows[:fitting], flow)
        carried = _sum(carried, rows[:fitting])
        _turn_page(flow.page_style.amount(carried, bill.currency), flow)
        rows = rows[fitting:]
    _draw_rows(rows, flow)
    flow.canvas.close()
    flow.y += mm(1.6)


def _fitting(rows: Sequence[LineRow], room: int) -> int:
    """Return how many of *rows* fit into *room*. A group heading stays with its first line."""
    reached = 0
    for number, row in enumerate(rows):
        reached += row.kind.height
        if reached > room:
            return number - 1 if number and rows[number - 1].is_group else number
    return len(rows)


def _sum(carried: Decimal, rows: Sequence[LineRow]) -> Decimal:
    return sum((row.value for row in rows if row.value.is_finite()), carried)


def _turn_page(carried: str, flow: PageFlow) -> None:
    """Continue the table on a new page, with the running total at the foot of this page and at the top of the next."""
    words = flow.page_style.words
    flow.draw_fragment(_lay_carried, flow.y, (words.carried, carried))
    flow.next_page()
    flow.repeat("Head", flow.y)
    flow.y += _BELOW_HEAD
    flow.draw_fragment(_lay_carried, flow.y, (words.brought, carried))
    flow.y += PLAIN_ROW


def _draw_rows(rows: Sequence[LineRow], flow: PageFlow) -> None:
    """Draw rows; neighbours of the same layout are one fragment."""
    for kind, group in groupby(rows, _KIND):
        said = [row.said for row in group]
        flow.draw_fragment(_lay_rows, flow.y, list(chain.from_iterable(said)), kind, len(said))
        flow.y += kind.height * len(said)


def _lay_rows(canvas: FragmentCanvas, page_style: PageStyle, kind: Kind, count: int) -> None:
    height, filled, is_group, goes_on = kind
    style, baseline = (
        (page_style.styles.strong, _BASELINE + ABOVE_GROUP) if is_group else (page_style.styles.body, _BASELINE)
    )
    for number in range(count):
        name = canvas.next_text()
        cells = [canvas.next_text() if is_filled else "" for is_filled in filled]
        canvas.row(style, LEFT, number * height + baseline, name, cells)
        if not goes_on:
            canvas.rule(LINE, LEFT, (number + 1) * height - _RULE_ABOVE, RIGHT - LEFT, _HAIR)


def _lay_head(canvas: FragmentCanvas, page_style: PageStyle) -> None:
    draw_head(page_style, canvas, 0, tagged=True)


def _lay_carried(canvas: FragmentCanvas, page_style: PageStyle) -> None:
    """Draw the carried-forward row. It is an artifact: it is no line of the bill."""
    strong = page_style.styles.strong
    canvas.artifact()
    canvas.write(strong, LEFT, _BASELINE)
    canvas.show(strong, LEFT, _BASELINE, f" {canvas.next_text(strong.column(AMOUNT[0] - LEFT, AMOUNT[1]))}")


def draw_head(page_style: PageStyle, canvas: PageCanvas, y: int, *, tagged: bool) -> None:
    """Draw the column titles. Following pages repeat them untagged, as artifacts."""
    head, words = page_style.styles.head, page_style.words
    titles = (words.quantity, words.unit_price, words.vat_rate, words.amount)
    columns = list(zip((QUANTITY, PRICE, RATE, AMOUNT), titles, strict=True))
    if tagged:
        cells = [head.column(x - LEFT, x)(title) for (x, _), title in columns]
        canvas.head(head, LEFT, y + _BASELINE, [head.shown(words.item), *cells])
    else:
        canvas.text(head, LEFT, y + _BASELINE, words.item)
        for (x, _), title in columns:
            canvas.right(head, x, y + _BASELINE, title)
    canvas.rule(page_style.styles.colour, LEFT, y + mm(4.8), RIGHT - LEFT, mm(0.3))
