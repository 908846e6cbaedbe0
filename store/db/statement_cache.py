"""Compiled statements, found by the identity of what they are known by (docs/fast-paths.md).

SQLAlchemy knows a compiled statement by a tuple that describes it whole, and hashes that tuple each time: some hundred
objects, which lie scattered in memory. A statement that is built once, as ours are, has one such tuple for ever.
"""

from collections.abc import Iterator, MutableMapping
from typing import Any, Final

from sqlalchemy import Engine

#: So many tuples are known by identity. What is built anew for each call has another each time, and must not fill this.
_MOST: Final = 1000

_Key = tuple[Any, ...]
_Near = tuple[int, tuple[str, ...], bool, bool]


class StatementCache(MutableMapping[_Key, Any]):
    """One engine's compiled statements: *behind* is the cache that SQLAlchemy has made for it, which is asked for those
    that are not known by identity."""

    def __init__(self, behind: MutableMapping[_Key, Any]) -> None:
        self._behind = behind
        self._known: dict[_Near, tuple[_Key, Any]] = {}  # the key stays alive, so that no other has its identity
        self._met: set[_Near] = set()

    def get(self, key: _Key, default: Any = None) -> Any:
        """The compiled statement; *default* if it is to be compiled. A key is SQLAlchemy's: dialect, what describes the
        statement, names of the values, whether schemas are translated, whether it runs for many rows."""
        _dialect, described, names, *how = key
        near = (id(described), names, *how)
        found = self._known.get(near)
        if found is not None:
            return found[1]
        compiled = self._behind.get(key)
        if compiled is None:
            return default
        if near in self._met:
            _make_room(self._known)
            self._known[near] = (key, compiled)
        else:
            _make_room(self._met)
            self._met.add(near)
        return compiled

    def __getitem__(self, key: _Key) -> Any:
        return self._behind[key]

    def __setitem__(self, key: _Key, compiled: Any) -> None:
        self._behind[key] = compiled

    def __delitem__(self, key: _Key) -> None:
        del self._behind[key]

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._behind)

    def __len__(self) -> int:
        return len(self._behind)


def _make_room(full: dict[_Near, Any] | set[_Near]) -> None:
    if len(full) >= _MOST:
        full.clear()


def know_statements(engine: Engine) -> None:
    """Let the engine find its compiled statements by identity."""
    behind: Any = engine._compiled_cache
    engine.update_execution_options(compiled_cache=StatementCache(behind))
