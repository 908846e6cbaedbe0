"""The plan of a bill that is paid in instalments: how much by which day, below its totals."""

from typing import Final

from bill import AmountDue, Instalment
from render.draft import Draft
from render.flow import Flow
from render.look import Look
from render.page import COLUMNS, RIGHT, mm
from render.plain import plain
from render.wrap import shorten

_STEP: Final = mm(5)
_HEAD: Final = mm(6)
_BASELINE: Final = mm(3.4)
_WIDTH: Final = RIGHT - COLUMNS[2]
_AMOUNT_ROOM: Final = mm(34)


def draw_plan(due: AmountDue, flow: Flow) -> None:
    """Every instalment that was to come when the bill was issued; nothing of a bill that is paid at once."""
    parts, words = due.instalments, flow.look.words
    if len(parts) < 2:
        return
    head = (words.collected_in if due.is_collected else words.instalments).format(count=len(parts))
    by = words.on_day if due.is_collected else words.before
    rows = [(_name(part, by, flow.look), flow.look.money(part.amount, due.currency)) for part in parts]
    while rows:
        flow.keep(_HEAD + min(len(rows), 3) * _STEP)
        count = min(len(rows), max((flow.bottom - flow.y - _HEAD) // _STEP, 1))
        texts = [text for row in rows[:count] for text in row]
        flow.fill(_lay_plan, flow.y, [head, *texts], count)
        flow.y += _HEAD + count * _STEP
        rows = rows[count:]
    flow.y += mm(2)


def _name(part: Instalment, by: str, look: Look) -> str:
    """By which day, and what the issuer calls it."""
    day = by.format(day=look.words.spell_day(part.due)) if part.due else ""
    said = " · ".join(filter(None, [day, plain(part.text)]))
    return shorten(said, look.manner.body, _WIDTH - _AMOUNT_ROOM)


def _lay_plan(draft: Draft, look: Look, count: int) -> None:
    strong, body, x = look.manner.strong, look.manner.body, COLUMNS[2]
    draft.tag("P")
    draft.write(strong, x, _BASELINE)
    draft.open("Table")
    for number in range(count):
        y = _HEAD + number * _STEP + _BASELINE
        draft.row(body, x, y, draft.gap(body.shown), [draft.gap(body.column(_WIDTH, _AMOUNT_ROOM))])
    draft.close()
