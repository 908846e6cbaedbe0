"""Statements that one test has compiled serve the next: all stores of the tests share them, as those of one worker do.

SQLAlchemy keeps compiled statements by engine and dialect. Every test opens a store of its own, and to compile its
statements anew took a third of its time. And a server that nobody stops is not asked before each transaction whether it
is still there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import Engine, create_engine

#: The first engine of each kind of database that was connected, for each way in which statements are spelled.
_first: dict[tuple[str, str], Engine] = {}
_spelling = ""
#: Engines that do not ask their server before each use whether it is there.
_trusting: Final[WeakSet[Engine]] = WeakSet()


def make_sharing_engine(*arguments: Any, **settings: Any) -> Engine:
    """What `create_engine` makes, with the dialect and the compiled statements of the first of its kind."""
    asks = settings.pop("pool_pre_ping", False)
    engine = create_engine(*arguments, query_cache_size=5000, **settings)
    if asks:
        _trusting.add(engine)
    kind = (engine.dialect.name, _spelling)
    first = _first.get(kind)
    if first is None or first.dialect.server_version_info is None:  # it was never connected, and knows no server
        _first[kind] = engine
    else:
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


def ask_again() -> None:
    """A server goes away: all engines ask first, as they do outside of the tests."""
    for engine in _trusting:
        engine.pool._pre_ping = True


@contextmanager
def spelled(spelling: str) -> Iterator[None]:
    """Engines that are made while this lasts share with each other alone: statements are compiled otherwise there."""
    global _spelling
    before, _spelling = _spelling, spelling
    try:
        yield
    finally:
        _spelling = before
