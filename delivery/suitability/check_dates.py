"""Computes when the yearly question of an account is due, and when it is announced. Pure."""

from datetime import date, timedelta
from typing import NamedTuple


class CheckDates(NamedTuple):
    """*asked_on*: the day from which it is announced. *due_on*: the last day for an answer."""

    asked_on: date
    due_on: date


def next_check(paperless_since: date, last_due_on: date | None, today: date, announced_days: int) -> CheckDates:
    """Return the dates of the next question: a year after the account gave up paper, or after the last one since. A
    question that should have been asked already is asked today, and due no sooner than it can be announced."""
    since = paperless_since if last_due_on is None else max(paperless_since, last_due_on)
    due_on = max(a_year_after(since), today + timedelta(days=announced_days))
    return CheckDates(due_on - timedelta(days=announced_days), due_on)


def a_year_after(day: date) -> date:
    """Return the same day of the next year; 29 February gives the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def a_year_before(day: date) -> date:
    """Return the same day of the year before; 29 February gives the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
