"""Lumière answers Monday to Friday and Saturday morning, in Paris; on public holidays nobody does."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from delivery.calendar.opening_moments import opening_at
from issuers.helpline import read_opening_hours

PARIS = "Europe/Paris"
HOURS = [read_opening_hours(each) for each in ("sat 9:00-12:30", "mon-fri 9:00-12:00", "mon-fri 13:00-18:00")]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS))


@pytest.mark.parametrize(
    ("now", "is_open", "at"),
    [
        ("2026-11-05T09:00", True, "2026-11-05T12:00"),
        ("2026-11-05T12:00", False, "2026-11-05T13:00"),
        ("2026-11-05T17:59", True, "2026-11-05T18:00"),
        ("2026-11-05T18:00", False, "2026-11-06T09:00"),
        ("2026-11-07T12:30", False, "2026-11-09T09:00"),
        ("2026-11-10T18:00", False, "2026-11-12T09:00"),  # Armistice Day between
        ("2026-10-24T12:30", False, "2026-10-26T09:00"),  # the clocks go back that night
    ],
)
def test_open_or_when(now: str, is_open: bool, at: str) -> None:
    assert opening_at(HOURS, local(now), PARIS) == (is_open, local(at))


def test_hours_that_follow_each_other_are_one() -> None:
    hours = [read_opening_hours(each) for each in ("mon 9:00-12:00", "mon 12:00-18:00")]
    assert opening_at(hours, local("2026-11-09T10:00"), PARIS) == (True, local("2026-11-09T18:00"))


def test_without_hours_nothing_is_said() -> None:
    assert opening_at([], local("2026-11-05T09:00"), PARIS) is None
