"""Compare what is due of a bill with what calendars were told of it: which entries are new, changed or cancelled. Pure.

An entry keeps its part for ever. A due date is found again by its day; one that moved takes the entry of a day on which
nothing is due any more.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

from bill import AmountDue

CANCELLED: Final = "cancelled"


class DueDate(NamedTuple):
    """An amount that is due on a day. *state* is `asks`, or `collected` where the issuer takes it by itself."""

    on: date
    amount: Decimal
    state: str


class ToldEntry(Protocol):
    """What calendars were told of a due date (`store.due_date_calendar.due_date_entry`)."""

    @property
    def part(self) -> int: ...
    @property
    def due_on(self) -> date: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def state(self) -> str: ...
    @property
    def sequence(self) -> int: ...


class EntryChange(NamedTuple):
    """What an entry says from now on. *sequence* 0: it is new."""

    part: int
    due_on: date
    amount: Decimal
    state: str
    sequence: int


def due_dates(due: AmountDue) -> list[DueDate]:
    """The days on which something of a bill is due, past ones too, soonest first. Empty where nothing is asked any
    more, or no day is known."""
    if due.kind not in {"asks", "collected"}:
        return []
    parts = [*due.past, *due.instalments]
    if not parts:
        return [DueDate(due.due, due.amount, due.kind)] if due.due else []
    days: dict[date, Decimal] = {}
    for each in parts:
        is_next = due.instalments and each is due.instalments[0]
        day = due.due if is_next and due.is_collected else each.due
        if day is not None:
            days[day] = days.get(day, Decimal(0)) + each.amount
    return [DueDate(day, amount, due.kind) for day, amount in sorted(days.items())]


def entry_changes(now_due: Sequence[DueDate], told: Sequence[ToldEntry]) -> list[EntryChange]:
    """The entries to be told anew, given those that were *told* of this bill."""
    by_day = {each.due_on: each for each in sorted(told, key=lambda each: each.state != CANCELLED)}
    found = {each.on: by_day[each.on] for each in now_due if each.on in by_day}
    kept = {each.part for each in found.values()}
    free = [each for each in told if each.part not in kept and (each.state != CANCELLED or len(told) == 1)]
    next_part = max((each.part for each in told), default=-1) + 1
    changes = []
    for each in now_due:
        entry = found.get(each.on) or (free.pop(0) if free else None)
        part, sequence = (next_part, 0) if entry is None else (entry.part, entry.sequence + 1)
        next_part += entry is None
        if entry is None or (entry.due_on, entry.amount, entry.state) != each:
            changes.append(EntryChange(part, each.on, each.amount, each.state, sequence))
    gone = [each for each in free if each.state != CANCELLED]
    return changes + [EntryChange(each.part, each.due_on, each.amount, CANCELLED, each.sequence + 1) for each in gone]
