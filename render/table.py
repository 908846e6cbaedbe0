"""The lines of a bill as a table over as many pages as it takes, with carried totals."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from bill import ZERO, AllowanceCharge, Bill, Line, Period
from render.cells import AMOUNT, PRICE, QUANTITY, RATE
from render.colour import LINE
from render.draft import Draft
from render.flow import Flow
from render.look import Look
from render.manner import DETAIL_ROW, ROW
from render.page import LEFT, RIGHT, mm
from render.plain import plain
from render.sheet import Sheet
from render.wrap import wrap

_NAME_WIDTH: Final = mm(80)
HEAD_HEIGHT: Final = mm(5.6)
_BELOW_HEAD: Final = mm(6)
_BASELINE: Final = mm(3.2)
_BELOW_ROW: Final = mm(0.8)
_PLAIN_ROW: Final = ROW + _BELOW_ROW
_RULE_ABOVE: Final = mm(0.2)
_HAIR: Final = mm(0.1)
_ALL_FILLED: Final = (True,) * 4
_KIND: Final = attrgetter("kind")

#: The XML has a sender's words whole; the page shows this many lines of them.
_MOST_NAME_LINES: Final = 4
_MOST_DETAIL_LINES: Final = 10


class Row(NamedTuple):
    """One row, ready to be drawn: operators from its origin and back, its height, what it adds to the sum carried."""

    name: str
    cells: tuple[str, str, str, str]  # quantity, price, rate, amount
    height: int
    value: Decimal

    @property
    def kind(self) -> tuple[int, tuple[bool, ...]]:
        """What its place on the page depends on: its height, and which of its cells say something."""
        return self.height, _ALL_FILLED if all(self.cells) else tuple(map(bool, self.cells))


def draw_table(bill: Bill, flow: Flow) -> None:
    """Draw every line, then what is taken off or added to the whole bill."""
    if not bill.lines and not bill.allowances_charges:
        return
    flow.sheet.open("Table")
    flow.fill(_lay_head, flow.y, ())
    flow.y += _BELOW_HEAD
    rows, carried = list(_rows(bill, flow.look)), ZERO
    while (fitting := _fitting(rows, flow.bottom - ROW - flow.y)) < len(rows):
        _draw_rows(rows[:fitting], flow)
        carried = _sum(carried, rows[:fitting])
        _turn_page(flow.look.amount(carried, bill.currency), flow)
        rows = rows[fitting:]
    _draw_rows(rows, flow)
    flow.sheet.close()
    flow.y += mm(2)


def _fitting(rows: Sequence[Row], room: int) -> int:
    """How many of the rows fit."""
    reached = 0
    for number, row in enumerate(rows):
        reached += row.height
        if reached > room:
            return number
    return len(rows)


def _sum(carried: Decimal, rows: Sequence[Row]) -> Decimal:
    return sum((row.value for row in rows if row.value.is_finite()), carried)


def _turn_page(carried: str, flow: Flow) -> None:
    """The table goes on overleaf: what it comes to so far stands on both pages."""
    words = flow.look.words
    flow.fill(_lay_carried, flow.y, (words.carried, carried))
    flow.next_page()
    flow.repeat("Head", flow.y)
    flow.y += _BELOW_HEAD
    flow.fill(_lay_carried, flow.y, (words.brought, carried))
    flow.y += _PLAIN_ROW


def _draw_rows(rows: Sequence[Row], flow: Flow) -> None:
    """Neighbours of a kind are one blank."""
    for (height, filled), group in groupby(rows, _KIND):
        alike = list(group)
        texts = [text for row in alike for text in (row.name, *row.cells) if text is row.name or text]
        flow.fill(_lay_rows, flow.y, texts, height, filled, len(alike))
        flow.y += height * len(alike)


def _lay_rows(draft: Draft, look: Look, height: int, filled: tuple[bool, ...], count: int) -> None:
    for number in range(count):
        cells = [draft.gap() if is_filled else "" for is_filled in filled]
        draft.row(look.manner.body, LEFT, number * height + _BASELINE, draft.gap(), cells)
        draft.rule(LINE, LEFT, (number + 1) * height - _RULE_ABOVE, RIGHT - LEFT, _HAIR)


def _lay_head(draft: Draft, look: Look) -> None:
    draw_head(look, draft, 0, tagged=True)


def _lay_carried(draft: Draft, look: Look) -> None:
    """What the lines so far come to is furniture of the page: no line of the table says it."""
    strong = look.manner.strong
    draft.artifact()
    draft.write(strong, LEFT, _BASELINE)
    draft.show(strong, LEFT, _BASELINE, f" {draft.gap(strong.column(AMOUNT[0] - LEFT, AMOUNT[1]))}")


def draw_head(look: Look, sheet: Sheet, y: int, *, tagged: bool) -> None:
    """The columns' titles. A following page repeats them as its furniture, untagged."""
    head, words = look.manner.head, look.words
    titles = (words.quantity, words.unit_price, words.vat_rate, words.amount)
    columns = list(zip((QUANTITY, PRICE, RATE, AMOUNT), titles, strict=True))
    if tagged:
        cells = [head.cell(title, x - LEFT, x) for (x, _), title in columns]
        sheet.head(head, LEFT, y + _BASELINE, [head.typeset(words.item).shown, *cells])
    else:
        sheet.text(head, LEFT, y + _BASELINE, words.item)
        for (x, _), title in columns:
            sheet.right(head, x, y + _BASELINE, title)
    sheet.rule(look.manner.colour, LEFT, y + mm(4.8), RIGHT - LEFT, mm(0.3))


def _rows(bill: Bill, look: Look) -> Iterator[Row]:
    cells, currency = look.cells, bill.currency
    for line in bill.lines:
        value = line.net_amount
        figures = (
            cells.quantity(line.quantity, line.unit),
            cells.price(line.net_price, currency, line.price_base),
            cells.rate(line.vat_rate),
            cells.amount(value, currency),
        )
        name = plain(line.name or line.description)
        yield _row(name, _details(line, bill, look), figures, ZERO if value is None else value, look)
    for change in bill.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        figures = ("", "", cells.rate(change.vat_rate), cells.amount(value, currency))
        yield _row(_change_name(change, look), [], figures, value, look)


def _row(name: str, details: list[str], cells: tuple[str, str, str, str], value: Decimal, look: Look) -> Row:
    names = wrap(name, look.manner.body, _NAME_WIDTH, _MOST_NAME_LINES)
    if len(names) == 1 and not details:
        return Row(look.manner.body.typeset(names[0]).shown, cells, _PLAIN_ROW, value)
    height = max(len(names), 1) * ROW + len(details) * DETAIL_ROW + _BELOW_ROW
    return Row(_set_lines(names, details, look), cells, height, value)


def _set_lines(names: list[str], details: list[str], look: Look) -> str:
    """Names in lines of a row's height, details below them in small type, and back."""
    body, detail, down = look.manner.body, look.manner.detail, max(len(names) - 1, 0) * ROW
    said = [f" 0 {-ROW} Td".join(body.typeset(name).shown for name in names)]
    if details:
        said += [f" {detail.operators}", *(f" 0 {-DETAIL_ROW} Td{detail.typeset(text).shown}" for text in details)]
        down += len(details) * DETAIL_ROW
        said.append(f" {body.operators}")
    return f"{''.join(said)} 0 {down} Td"


def _details(line: Line, bill: Bill, look: Look) -> list[str]:
    """What else a line says, in small type below its name."""
    said: list[str] = []
    if line.description and line.name:
        said.append(line.description)
    if line.period and line.period != bill.period:
        said.append(spell_period(line.period, look))
    if line.object_id:
        said.append(line.object_id.value)
    said += [f"{attribute.name}{look.words.colon}{attribute.value}" for attribute in line.attributes]
    for change in line.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        said.append(f"{_change_name(change, look)}{look.words.colon}{look.amount(value, bill.currency)}")
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
