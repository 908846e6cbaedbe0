"""The instalment plan of a bill: amounts and due dates, drawn beside the totals, or below them when there are many."""

from typing import Final

from bill import AmountDue, Instalment
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, LEFT, RIGHT, mm
from render.style.page_style import PageStyle
from render.type.printable_text import printable

_STEP: Final = mm(5)
_HEAD: Final = mm(6)
_BASELINE: Final = mm(3.4)
#: (left, width) of the plan: on the left, as wide as the VAT table; below the totals, as wide as the totals.
_LEFT: Final = (LEFT, mm(94) - LEFT)
_BELOW: Final = (COLUMNS[2], RIGHT - COLUMNS[2])
_AMOUNT_ROOM: Final = mm(22)
_NAME_ROOM: Final = min(_LEFT[1], _BELOW[1]) - _AMOUNT_ROOM
#: At most this many instalments go beside the totals; longer plans go below them.
_MOST_BESIDE: Final = 12


def height_beside(due: AmountDue) -> int:
    """Return the plan's height beside the totals, in drawing units; 0 where there is no plan, or where it goes below
    them."""
    count = len(due.instalments)
    return _HEAD + count * _STEP if 1 < count <= _MOST_BESIDE else 0


def draw_plan_beside(due: AmountDue, flow: PageFlow) -> None:
    """Draw a short plan on the left, at the flow's y."""
    if height_beside(due):
        _draw(due, flow, *_LEFT)


def draw_plan_below(due: AmountDue, flow: PageFlow) -> None:
    """Draw a long plan below the totals, over as many pages as needed."""
    if len(due.instalments) > _MOST_BESIDE:
        _draw(due, flow, *_BELOW)
        flow.y += mm(2)


def _draw(due: AmountDue, flow: PageFlow, x: int, width: int) -> None:
    """Draw every instalment that was open when the bill was issued."""
    parts, words = due.instalments, flow.page_style.words
    head = (words.collected_in if due.is_collected else words.instalments).format(count=len(parts))
    by = words.on_day if due.is_collected else words.before
    rows = [(_name(part, by, flow.page_style), flow.page_style.money(part.amount, due.currency)) for part in parts]
    while rows:
        flow.make_room(_HEAD + min(len(rows), 3) * _STEP)
        count = min(len(rows), max((flow.bottom - flow.y - _HEAD) // _STEP, 1))
        texts = [text for row in rows[:count] for text in row]
        flow.draw_fragment(_lay_plan, flow.y, [head, *texts], count, x, width)
        flow.y += _HEAD + count * _STEP
        rows = rows[count:]


def fits_in_plan(part: Instalment, page_style: PageStyle) -> bool:
    """Whether the issuer's text for an instalment fits into the plan; the notes say the text that does not."""
    words = page_style.words
    day = max((words.on_day, words.before), key=len).format(day=words.spell_day(part.due)) if part.due else ""
    said = " · ".join(filter(None, [day, printable(part.text)]))
    return "\n" not in part.text and page_style.styles.body.width(said) <= _NAME_ROOM


def _name(part: Instalment, by: str, page_style: PageStyle) -> str:
    """Return the label of an instalment: its due date and the issuer's text where that fits."""
    day = by.format(day=page_style.words.spell_day(part.due)) if part.due else ""
    return " · ".join(filter(None, [day, printable(part.text) if fits_in_plan(part, page_style) else ""]))


def _lay_plan(canvas: FragmentCanvas, page_style: PageStyle, count: int, x: int, width: int) -> None:
    strong, body = page_style.styles.strong, page_style.styles.body
    canvas.tag("P")
    canvas.write(strong, x, _BASELINE)
    canvas.open("Table")
    for number in range(count):
        y = _HEAD + number * _STEP + _BASELINE
        name = canvas.next_text(body.shown)
        canvas.row(body, x, y, name, [canvas.next_text(body.column(width, _AMOUNT_ROOM))])
    canvas.close()
