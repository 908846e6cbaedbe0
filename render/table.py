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
from render.sheet import wrap

QUANTITY_RIGHT: Final = mm(124)
PRICE_RIGHT: Final = mm(150)
RATE_RIGHT: Final = mm(164)
AMOUNT_RIGHT: Final = RIGHT
_NAME_WIDTH: Final = mm(80)
_AMOUNT_ROOM: Final = mm(25)
_CELL_ROOM: Final = mm(23)

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
        return max(len(self.names), 1) * ROW + len(self.details) * DETAIL_ROW + mm(0.8)


def draw_table(bill: Bill, flow: Flow) -> None:
    """Draw every line, then what is taken off or added to the whole bill."""
    if not bill.lines and not bill.allowances_charges:
        return
    look = flow.look
    _draw_head(flow)
    carried = ZERO
    for row in _rows(bill, look):
        if flow.y + row.height > flow.bottom - ROW:
            _draw_carried(flow, look.words.carried, look.amount(carried, bill.currency))
            flow.next_page()
            _draw_head(flow)
            _draw_carried(flow, look.words.brought, look.amount(carried, bill.currency))
        _draw_row(row, flow)
        carried = _sum(carried, row.value)
    flow.y += mm(2)


def _sum(carried: Decimal, value: Decimal) -> Decimal:
    return carried + value if value.is_finite() else carried


def _draw_head(flow: Flow) -> None:
    flow.place("Head", flow.y)
    flow.y += mm(6)


def _draw_carried(flow: Flow, word: str, amount: str) -> None:
    baseline = flow.y + mm(3.2)
    flow.sheet.text(flow.look.manner.strong, LEFT, baseline, word)
    flow.sheet.squeezed(flow.look.manner.strong, AMOUNT_RIGHT, baseline, amount, _AMOUNT_ROOM)
    flow.y += ROW + mm(0.8)


def _draw_row(row: Row, flow: Flow) -> None:
    sheet, manner = flow.sheet, flow.look.manner
    body = manner.body
    baseline = flow.y + mm(3.2)
    for number, name in enumerate(row.names):
        sheet.text(body, LEFT, baseline + number * ROW, name)
    if row.quantity:
        sheet.squeezed(body, QUANTITY_RIGHT, baseline, row.quantity, _CELL_ROOM)
    if row.price:
        sheet.squeezed(body, PRICE_RIGHT, baseline, row.price, _CELL_ROOM)
    if row.rate:
        sheet.squeezed(body, RATE_RIGHT, baseline, row.rate, mm(12))
    if row.amount:
        sheet.squeezed(body, AMOUNT_RIGHT, baseline, row.amount, _AMOUNT_ROOM)
    below = baseline + (max(len(row.names), 1) - 1) * ROW
    for number, detail in enumerate(row.details, 1):
        sheet.text(manner.detail, LEFT, below + number * DETAIL_ROW, detail)
    flow.y += row.height
    sheet.rule(LINE, LEFT, flow.y - mm(0.2), RIGHT - LEFT, mm(0.1))


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
