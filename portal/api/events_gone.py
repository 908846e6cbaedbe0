"""410 Gone: a program asks for what came after a sequence, and some of that is no longer kept."""

from typing import NoReturn

from portal.problems import problem
from portal.problems.problem_types import EVENTS_GONE


def events_gone(after: int, oldest: int, what_next: str, following: str) -> NoReturn:
    """Refuse the request: *oldest* is the first sequence to go on from, *what_next* says what to do."""
    detail = f"the events {after + 1} to {oldest} are no longer kept: {what_next}"
    problem(EVENTS_GONE, detail, oldest=oldest, lost=oldest - after, next=following)
