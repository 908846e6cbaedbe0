"""The lines of a bill as a table over as many pages as it takes, with carried totals."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from bill import ZERO, AllowanceCharge, Bill, Line, Period
from render.colour import LINE
from render.flow import Flow
from render.look import Look
from render.manner import DETAIL_ROW, ROW
from render.page import LEFT, RIGHT, mm
from render.plain import plain
from render.sheet import Sheet
from render.wrap import wrap

QUANTITY_RIGHT: Final = mm(124)
PRICE_RIGHT: Final = mm(150)
RATE_RIGHT: Final = mm(164)
AMOUNT_RIGHT: Final = RIGHT
_NAME_WIDTH: Final = mm(80)
_AMOUNT_ROOM: Final = mm(25)
#: The right edge of each column of figures, and the room to its left.
_COLUMNS: Final = ((QUANTITY_RIGHT, mm(23)), (PRICE_RIGHT, mm(23)), (RATE_RIGHT, mm(12)), (AMOUNT_RIGHT, _AMOUNT_ROOM))
HEAD_HEIGHT: Final = mm(5.6)
_BELOW_HEAD: Final = mm(6)
_BASELINE: Final = mm(3.2)
_BELOW_ROW: Final = mm(0.8)
_RULE_ABOVE: Final = mm(0.2)
_HAIR: Final = mm(0.1)

#: The XML has a sender's words whole; the page shows this many lines of them.
_MOST_NAME_LINES: Final = 4
_MOST_DETAIL_LINES: Final = 10


class Row(NamedTuple):
    """One row, ready to be drawn."""

    names: list[str]
    details: list[str]
    quantity: str
    price: str
    rate: str
    amount: str
    value: Decimal

    @property
    def height(self) -> int:
        return max(len(self.names), 1) * ROW + len(self.details) * DETAIL_ROW + _BELOW_ROW


def draw_table(bill: Bill, flow: Flow) -> None:
    """Draw every line, then what is taken off or added to the whole bill."""
    if not bill.lines and not bill.allowances_charges:
        return
    look = flow.look
    flow.sheet.open("Table")
    draw_head(look, flow.sheet, flow.y, tagged=True)
    flow.y += _BELOW_HEAD
    carried = ZERO
    for row in _rows(bill, look):
        if flow.y + row.height > flow.bottom - ROW:
            _draw_carried(flow, look.words.carried, look.amount(carried, bill.currency))
            flow.next_page()
            flow.repeat("Head", flow.y)
            flow.y += _BELOW_HEAD
            _draw_carried(flow, look.words.brought, look.amount(carried, bill.currency))
        _draw_row(row, flow)
        carried = _sum(carried, row.value)
    flow.sheet.close()
    flow.y += mm(2)


def _sum(carried: Decimal, value: Decimal) -> Decimal:
    return carried + value if value.is_finite() else carried


def draw_head(look: Look, sheet: Sheet, y: int, *, tagged: bool) -> None:
    """The columns' titles. A following page repeats them as its furniture, untagged."""
    head, words = look.manner.head, look.words
    if tagged:
        sheet.open("TR")
        sheet.tag("TH", "c")
    sheet.text(head, LEFT, y + _BASELINE, words.item)
    columns = ((QUANTITY_RIGHT, words.quantity), (PRICE_RIGHT, words.unit_price), (RATE_RIGHT, words.vat_rate),
               (AMOUNT_RIGHT, words.amount))  # fmt: skip
    for x, title in columns:
        if tagged:
            sheet.tag("TH", "c")
        sheet.right(head, x, y + _BASELINE, title)
    if tagged:
        sheet.close()
    sheet.rule(look.manner.colour, LEFT, y + mm(4.8), RIGHT - LEFT, mm(0.3))


def _draw_carried(flow: Flow, word: str, amount: str) -> None:
    """What the lines so far come to is furniture of the page: no line of the table says it."""
    baseline = flow.y + _BASELINE
    flow.sheet.artifact()
    flow.sheet.text(flow.look.manner.strong, LEFT, baseline, word)
    flow.sheet.squeezed(flow.look.manner.strong, AMOUNT_RIGHT, baseline, amount, _AMOUNT_ROOM)
    flow.y += ROW + _BELOW_ROW


def _draw_row(row: Row, flow: Flow) -> None:
    sheet, manner = flow.sheet, flow.look.manner
    body, baseline = manner.body, flow.y + _BASELINE
    sheet.open("TR")
    sheet.tag("TH", "r")
    y = baseline - ROW
    for name in row.names:
        y += ROW
        sheet.text(body, LEFT, y, name)
    for detail in row.details:
        y += DETAIL_ROW
        sheet.text(manner.detail, LEFT, y, detail)
    for (x, room), figure in zip(_COLUMNS, (row.quantity, row.price, row.rate, row.amount), strict=True):
        if figure:
            sheet.tag("TD")
            sheet.squeezed(body, x, baseline, figure, room)
        else:
            sheet.empty("TD")
    sheet.close()
    flow.y += row.height
    sheet.rule(LINE, LEFT, flow.y - _RULE_ABOVE, RIGHT - LEFT, _HAIR)


def _rows(bill: Bill, look: Look) -> Iterator[Row]:
    for line in bill.lines:
        yield _row(line, bill, look)
    for change in bill.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        name = _change_name(change, look)
        names = wrap(name, look.manner.body, _NAME_WIDTH, _MOST_NAME_LINES)
        yield Row(names, [], "", "", look.rate(change.vat_rate), look.amount(value, bill.currency), value)


def _row(line: Line, bill: Bill, look: Look) -> Row:
    value = line.net_amount
    return Row(
        wrap(plain(line.name or line.description), look.manner.body, _NAME_WIDTH, _MOST_NAME_LINES),
        _details(line, bill, look),
        look.quantity(line.quantity, line.unit) if line.quantity is not None else "",
        _price(line, look),
        look.rate(line.vat_rate),
        look.amount(value, bill.currency) if value is not None else "",
        value if value is not None else ZERO,
    )


def _price(line: Line, look: Look) -> str:
    if line.net_price is None:
        return ""
    if line.price_base is None or line.price_base == 1:
        return look.number(line.net_price)
    return f"{look.number(line.net_price)} / {look.number(line.price_base)}"


def _details(line: Line, bill: Bill, look: Look) -> list[str]:
    """What else a line says, in small type below its name."""
    said: list[str] = []
    if line.description and line.name:
        said.append(line.description)
    if line.period and line.period != bill.period:
        said.append(spell_period(line.period, look))
    if line.object_id:
        said.append(line.object_id.value)
    said += [f"{attribute.name} : {attribute.value}" for attribute in line.attributes]
    for change in line.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        said.append(f"{_change_name(change, look)} : {look.amount(value, bill.currency)}")
    if line.note:
        said.append(line.note)
    if not said:
        return said
    detail = look.manner.detail
    return [piece for text in said for piece in wrap(plain(text), detail, _NAME_WIDTH, 4)][:_MOST_DETAIL_LINES]


def _change_name(change: AllowanceCharge, look: Look) -> str:
    name = plain(change.reason) or (look.words.charge if change.is_charge else look.words.allowance)
    return name if change.percent is None else f"{name} ({look.rate(change.percent)})"


def spell_period(period: Period, look: Look) -> str:
    """`01/10/2026 – 31/10/2026`; an end that nobody said stays open."""
    days = (period.start, period.end)
    return " – ".join(look.words.figure_day(day) if day else "…" for day in days)
