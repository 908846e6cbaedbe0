"""Which entry of a calendar a due date is: found again by its day, moved, cancelled, or new."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from delivery.due_date_calendar.due_date_changes import DueDate, EntryChange, entry_changes

D1, D2, D3, D4 = (date(2026, month, 5) for month in (1, 2, 3, 4))
TEN = Decimal(10)


class Told(NamedTuple):
    part: int
    due_on: date
    amount: Decimal = TEN
    state: str = "asks"
    sequence: int = 0


def asked(*days: date) -> list[DueDate]:
    return [DueDate(day, TEN, "asks") for day in days]


def test_nothing_new_is_no_change() -> None:
    assert entry_changes(asked(D1, D2), [Told(0, D1), Told(1, D2)]) == []


def test_a_bill_that_moved_keeps_its_entry() -> None:
    assert entry_changes(asked(D2), [Told(0, D1)]) == [EntryChange(0, D2, TEN, "asks", 1)]


def test_a_bill_asked_again_on_another_day_keeps_its_entry() -> None:
    """As after a direct debit that came back."""
    assert entry_changes(asked(D3), [Told(0, D1, state="cancelled", sequence=4)]) == [
        EntryChange(0, D3, TEN, "asks", 5)
    ]


def test_a_plan_takes_the_place_of_the_due_date() -> None:
    assert entry_changes(asked(D2, D3), [Told(0, D1)]) == [
        EntryChange(0, D2, TEN, "asks", 1), EntryChange(1, D3, TEN, "asks", 0)
    ]  # fmt: skip


def test_a_paid_instalment_gives_its_entry_to_no_other() -> None:
    told = [Told(0, D1, state="cancelled", sequence=1), Told(1, D2)]
    assert entry_changes(asked(D2, D3), told) == [EntryChange(2, D3, TEN, "asks", 0)]


def test_nothing_asked_cancels_what_was_told() -> None:
    told = [Told(0, D1, state="cancelled", sequence=1), Told(1, D2, sequence=2)]
    assert entry_changes([], told) == [EntryChange(1, D2, TEN, "cancelled", 3)]


def test_of_two_entries_of_a_day_the_standing_one_is_it() -> None:
    told = [Told(0, D1, sequence=3), Told(1, D1, state="cancelled", sequence=1)]
    assert entry_changes(asked(D1), told) == []


def test_the_amount_changes_on_its_day() -> None:
    assert entry_changes([DueDate(D4, Decimal(5), "collected")], [Told(0, D4)]) == [
        EntryChange(0, D4, Decimal(5), "collected", 1)
    ]
