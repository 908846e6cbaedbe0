"""The lines of a bill as a table over as many pages as it takes, with carried totals."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, groupby
from operator import attrgetter
from typing import Final, NamedTuple

from bill import ZERO, AllowanceCharge, Bill, Line, Period
from render.cells import AMOUNT, BELOW_ROW, NAME_WIDTH, PRICE, QUANTITY, RATE
from render.colour import LINE
from render.draft import Draft
from render.flow import Flow
from render.look import Look
from render.manner import DETAIL_ROW, ROW
from render.page import LEFT, RIGHT, mm
from render.plain import plain
from render.sheet import Sheet
from render.wrap import wrap

HEAD_HEIGHT: Final = mm(5.6)
_BELOW_HEAD: Final = mm(6)
_BASELINE: Final = mm(3.2)
_PLAIN_ROW: Final = ROW + BELOW_ROW
_RULE_ABOVE: Final = mm(0.2)
_HAIR: Final = mm(0.1)
_ALL_FILLED: Final = (True,) * 4
_KIND: Final = attrgetter("kind")

_MOST_DETAIL_LINES: Final = 10


#: What a row's place on the page depends on: its height, and which of its cells say something.
Kind = tuple[int, tuple[bool, ...]]


class Row(NamedTuple):
    """One row, ready to be drawn: its name and its cells as operators from its origin and back."""

    kind: Kind
    said: list[str]
    value: Decimal  # what it adds to the sum carried


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
        reached += row.kind[0]
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
        said = [row.said for row in group]
        flow.fill(_lay_rows, flow.y, list(chain.from_iterable(said)), height, filled, len(said))
        flow.y += height * len(said)


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
        cells = [head.column(x - LEFT, x)(title) for (x, _), title in columns]
        sheet.head(head, LEFT, y + _BASELINE, [head.shown(words.item), *cells])
    else:
        sheet.text(head, LEFT, y + _BASELINE, words.item)
        for (x, _), title in columns:
            sheet.right(head, x, y + _BASELINE, title)
    sheet.rule(look.manner.colour, LEFT, y + mm(4.8), RIGHT - LEFT, mm(0.3))


def _rows(bill: Bill, look: Look) -> Iterator[Row]:
    currency, set_name, set_cells = bill.currency, look.cells.name, look.cells.of
    for line in bill.lines:
        height, said = set_name(line.name or line.description)
        if _has_details(line, bill):
            details = _details(line, bill, look)
            said += _set_below(height, details, look)
            height += len(details) * DETAIL_ROW
        yield _row(height, said, set_cells(line, currency), line.net_amount or ZERO)
    for change in bill.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        cells = ("", "", look.cells.rate(change.vat_rate), look.cells.amount(value, currency))
        yield _row(*set_name(_change_name(change, look)), cells, value)


def _row(height: int, name: str, cells: tuple[str, ...], value: Decimal) -> Row:
    if all(cells):
        return Row((height, _ALL_FILLED), [name, *cells], value)
    return Row((height, tuple(map(bool, cells))), [name, *filter(None, cells)], value)


def _set_below(height: int, details: Sequence[str], look: Look) -> str:
    """Details in small type below a name of this *height*, and back to its first line."""
    body, detail = look.manner.body, look.manner.detail
    last = height - ROW - BELOW_ROW
    said = "".join([f" 0 {-DETAIL_ROW} Td{detail.shown(text)}" for text in details])
    return f" {detail.operators} 0 {-last} Td{said} {body.operators} 0 {last + len(details) * DETAIL_ROW} Td"


def _has_details(line: Line, bill: Bill) -> bool:
    """Most lines have none, and are asked once."""
    return bool(
        line.description
        or line.attributes
        or line.allowances_charges
        or line.note
        or line.object_id
        or (line.period and line.period != bill.period)
    )


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
    detail = look.manner.detail
    return [piece for text in said for piece in wrap(plain(text), detail, NAME_WIDTH, 4)][:_MOST_DETAIL_LINES]


def _change_name(change: AllowanceCharge, look: Look) -> str:
    name = plain(change.reason) or (look.words.charge if change.is_charge else look.words.allowance)
    return name if change.percent is None else f"{name} ({look.rate(change.percent)})"


def spell_period(period: Period, look: Look) -> str:
    """`01/10/2026 – 31/10/2026`; an end that nobody said stays open."""
    days = (period.start, period.end)
    return " – ".join(look.words.figure_day(day) if day else "…" for day in days)
