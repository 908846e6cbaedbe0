"""Garbage is collected between tests, and what outlives a test is not looked through again.

Every test leaves a portal's or a store's objects behind, which refer to each other. Python collects them whenever a
quarter more has gathered, and looks through all that it knows each time, thousands of collected tests and what all
modules hold among it: a fifth of what the suite cost.
"""

import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

#: Objects that may gather within a test, and until it ends.
_WITHIN: Final = 400_000
_BETWEEN: Final = 200_000

gc.set_threshold(_WITHIN, 10, 10)


def pytest_collection_finish() -> None:
    _collect()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    result = yield
    young, older, _ = gc.get_count()
    if older or young > _BETWEEN:
        _collect()
    return result


@contextmanager
def often() -> Iterator[None]:
    """Garbage is collected almost at once: for who measures memory."""
    gc.collect()
    gc.set_threshold(100, 2, 2)
    try:
        yield
    finally:
        gc.set_threshold(_WITHIN, 10, 10)


def _collect() -> None:
    gc.collect()
    gc.freeze()
