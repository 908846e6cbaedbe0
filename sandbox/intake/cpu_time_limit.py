"""Ends one step of the worker when its CPU time (ITIMER_PROF) is used up; the worker itself goes on."""

from typing import NoReturn


class Enough(BaseException):
    """The CPU time of a step is used up. No Exception, because pypdf swallows those."""


def raise_enough(_number: int, _frame: object) -> NoReturn:
    """Handle SIGPROF."""
    raise Enough
