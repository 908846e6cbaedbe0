"""Turns the lines of a bill into table rows, grouped as the brand or the bill asks, with typeset cells."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from bill import BY_OBJECT, ZERO, AllowanceCharge, Bill, Line, LinePart, Period, outline
from render.canvas.page_geometry import LEFT, mm
from render.page.line_cells import AMOUNT, BELOW_ROW, NAME_WIDTH
from render.style.brand_text_styles import DETAIL_ROW, ROW
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable

PLAIN_ROW: Final = ROW + BELOW_ROW
#: Space above a group heading.
ABOVE_GROUP: Final = mm(1.4)
_ALL_FILLED: Final = (True,) * 4
_AMOUNT_ALONE: Final = (False, False, False, True)
_MOST_DETAIL_LINES: Final = 10
#: Indentation of a line for each group that it is in.
_STEP_IN: Final = "\N{NO-BREAK SPACE}" * 4

#: The layout of a row: its height, which of its cells are filled, whether it is a group heading.
Kind = tuple[int, tuple[bool, ...], bool]


class LineRow(NamedTuple):
    """A table row: its layout, its name and cells as operators, and *value*, what it adds to the carried total."""

    kind: Kind
    said: list[str]
    value: Decimal  # what it adds to the carried total

    @property
    def is_group(self) -> bool:
        """Whether the row is a group heading, which never stands alone at the foot of a page."""
        return self.kind[2]


def rows_of(bill: Bill, page_style: PageStyle) -> Iterator[LineRow]:
    """Yield a row for each line, group by group, then for each allowance and charge of the whole bill (BG-20,
    BG-21)."""
    currency, set_name, set_cells = bill.currency, page_style.cells.name, page_style.cells.of
    if any(line.kind or line.parent or line.parts for line in bill.lines):
        yield from _outlined(bill, page_style)
    else:
        for name, lines in grouped(bill.lines, page_style.brand.grouped_by):
            if name:
                yield _group(name, lines, currency, page_style)
            for line in lines:
                height, said = set_name(line.name or line.description)
                if _may_say_more(line) and (details := _details(line, bill, page_style)):
                    said += _set_below(height, details, page_style)
                    height += len(details) * DETAIL_ROW
                yield _row(height, said, set_cells(line, currency), line.net_amount or ZERO)
    for change in bill.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        cells = ("", "", page_style.cells.rate(change.vat_rate), page_style.cells.amount(value, currency))
        yield _row(*set_name(_change_name(change, page_style)), cells, value)


def _outlined(bill: Bill, page_style: PageStyle) -> Iterator[LineRow]:
    """Yield rows of lines that the bill itself groups or nests. A line whose amount is contained in another line's is
    shown below that line's name and adds nothing to the total."""
    for placed in outline(bill.lines):
        line, depth = placed.line, placed.depth
        name = f"{_STEP_IN * depth}{printable(line.name or line.description)}"
        if placed.is_group and not placed.counts and not depth:
            yield _own_group(name, line.net_amount, bill.currency, page_style)
            continue
        height, said = page_style.cells.name(name)
        details = _details(line, bill, page_style)
        if not placed.counts and line.net_amount is not None:
            details.append(page_style.words.of_which.format(amount=page_style.money(line.net_amount, bill.currency)))
        details = [f"{_STEP_IN * depth}{detail}" for detail in details]
        if details:
            said += _set_below(height, details, page_style)
            height += len(details) * DETAIL_ROW
        *cells, amount = page_style.cells.of(line, bill.currency)
        if placed.counts:
            yield _row(height, said, (*cells, amount), line.net_amount or ZERO)
        else:
            yield _row(height, said, ("", "", "", "") if placed.is_group else (*cells, ""), ZERO)


def _own_group(name: str, amount: Decimal | None, currency: str, page_style: PageStyle) -> LineRow:
    """Return the heading of a group that the bill defines, with the group's amount."""
    strong = page_style.styles.strong
    said = [strong.shown(shorten(name, strong, NAME_WIDTH))]
    if amount is None:
        return LineRow((PLAIN_ROW + ABOVE_GROUP, (False,) * 4, True), said, ZERO)
    said.append(strong.column(AMOUNT[0] - LEFT, AMOUNT[1])(page_style.amount(amount, currency)))
    return LineRow((PLAIN_ROW + ABOVE_GROUP, _AMOUNT_ALONE, True), said, ZERO)


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


def _group(name: str, lines: Sequence[Line], currency: str, page_style: PageStyle) -> LineRow:
    """Return a group heading with the sum of its lines. The heading adds nothing to the carried total, because its
    lines do."""
    strong = page_style.styles.strong
    amounts = [line.net_amount for line in lines if line.net_amount is not None and line.net_amount.is_finite()]
    amount = page_style.amount(sum(amounts, ZERO), currency)
    said = [
        strong.shown(shorten(printable(name), strong, NAME_WIDTH)),
        strong.column(AMOUNT[0] - LEFT, AMOUNT[1])(amount),
    ]
    return LineRow((PLAIN_ROW + ABOVE_GROUP, _AMOUNT_ALONE, True), said, ZERO)


def _row(height: int, name: str, cells: tuple[str, ...], value: Decimal) -> LineRow:
    if all(cells):
        return LineRow((height, _ALL_FILLED, False), [name, *cells], value)
    return LineRow((height, tuple(map(bool, cells)), False), [name, *filter(None, cells)], value)


def _set_below(height: int, details: Sequence[str], page_style: PageStyle) -> str:
    """Return operators that draw *details* in small type below a name of this *height* and return to its first line."""
    body, detail = page_style.styles.body, page_style.styles.detail
    last = height - ROW - BELOW_ROW
    said = "".join([f" 0 {-DETAIL_ROW} Td{detail.shown(text)}" for text in details])
    return f" {detail.operators} 0 {-last} Td{said} {body.operators} 0 {last + len(details) * DETAIL_ROW} Td"


def _may_say_more(line: LinePart) -> bool:
    """Whether a line has anything but the usual terms: one cheap test for the common case."""
    return bool(
        line.description or line.attributes or line.allowances_charges or line.note or line.object_id or line.period
    )


def _details(line: LinePart, bill: Bill, page_style: PageStyle) -> list[str]:
    """Return a line's further terms as texts in small type: description, period, object, attributes, allowances,
    note."""
    said: list[str] = []
    if line.description and line.name:
        said.append(line.description)
    if line.period and line.period != bill.period:
        said.append(spell_period(line.period, page_style))
    by = page_style.brand.grouped_by
    if line.object_id and by != BY_OBJECT:
        said.append(line.object_id.value)
    attributes = [attribute for attribute in line.attributes if attribute.name != by]
    said += [f"{attribute.name}{page_style.words.colon}{attribute.value}" for attribute in attributes]
    for change in line.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        said.append(
            f"{_change_name(change, page_style)}{page_style.words.colon}{page_style.amount(value, bill.currency)}"
        )
    if line.note:
        said.append(line.note)
    detail = page_style.styles.detail
    return [piece for text in said for piece in wrap(printable(text), detail, NAME_WIDTH, 4)][:_MOST_DETAIL_LINES]


def _change_name(change: AllowanceCharge, page_style: PageStyle) -> str:
    name = printable(change.reason) or (page_style.words.charge if change.is_charge else page_style.words.allowance)
    return name if change.percent is None else f"{name} ({page_style.rate(change.percent)})"


def spell_period(period: Period, page_style: PageStyle) -> str:
    """Return a period in figures: `01/10/2026 – 31/10/2026`. A missing end is written as "…"."""
    days = (period.start, period.end)
    return " – ".join(page_style.words.figure_day(day) if day else "…" for day in days)
