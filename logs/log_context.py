"""What the work at hand is: its ids, which each line of the log bears. A context is of one thread, or of one long work
that is done in slices."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex
from typing import Final

#: The name of a request's id among the ids.
REQUEST: Final = "request"
_NOTHING: Final[dict[str, str | int]] = {}
_ids: ContextVar[dict[str, str | int]] = ContextVar("logged ids", default=_NOTHING)


def logged_ids() -> dict[str, str | int]:
    """Return the ids of the work at hand, by name."""
    return _ids.get()


@contextmanager
def logged_for(**ids: str | int) -> Iterator[None]:
    """Let the lines within the block bear these ids beside those around it. Empty ones are left out."""
    before = _ids.get()
    _ids.set(before | {name: value for name, value in ids.items() if value != ""})
    try:
        yield
    finally:
        _ids.set(before)


def begin_request() -> str:
    """Give the request that this thread answers an id of its own, in place of the one before. Returns it."""
    request_id = token_hex(8)
    _ids.set({REQUEST: request_id})
    return request_id


def request_id() -> str:
    """Return the id of the request that asked for the work at hand; "" if none did."""
    return str(_ids.get().get(REQUEST, ""))
