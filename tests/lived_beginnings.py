"""A beginning that many tests of a file have in common is lived through once; the others are given what it left behind:
the rows, the files of the home, the hour, and what its people hold in their hands.

All is then as it was when the beginning had just ended. One at another hour or with other settings is lived through,
too, and so is each before which somebody else has written.
"""

import copy
import shutil
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec
from sqlalchemy import Select, exists, or_, select

from config import Config
from store import Store
from store.base import Base
from tests.kept_rows import Rows

_T = TypeVar("_T")

#: Values that are the same in every test.
_PLAIN: Final = (type(None), bool, int, float, str, bytes, datetime, Path)


class _Clock(Protocol):
    now: datetime


class _Place:
    """Where a thing of each test's own goes."""


class _Left(NamedTuple):
    """What a beginning left behind. *memory*: what it returned, and what each who took part has known since; *places*:
    by the names of the things that go there."""

    rows: Any
    home: Path
    now: datetime
    memory: tuple[Any, list[dict[str, Any]]]
    places: Mapping[str, _Place]


class Beginnings:
    """What the beginnings of one file's tests left behind, by what each is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: Path | None = None
        self._left: dict[Hashable, _Left] = {}

    def of(self, file: Path) -> dict[Hashable, _Left]:
        """Those of *file*; another's are forgotten."""
        if file != self._file:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir()
            self._file, self._left = file, {}
        return self._left

    def new_home(self) -> Path:
        return self._folder / str(len(self._left))


class Living:
    """Lives through a test's beginnings, or gives it what they left behind for another test. *own*: what each test has
    anew, by name; among them are its store, its config and its clock."""

    def __init__(self, file: Path, beginnings: Beginnings, rows: Rows, own: Mapping[str, Any]) -> None:
        self._left, self._new_home, self._rows, self._own = beginnings.of(file), beginnings.new_home, rows, own
        self._config: Config = own["config"]
        self._clock: _Clock = own["clock"]
        store: Store = own["store"]
        with store.reading() as session:
            is_new = not session.scalar(_is_any_row()) and self._config.blobs_url.startswith("file:")
        # What has happened in this store so far; None where nobody knows.
        self._past: tuple[Hashable, ...] | None = () if is_new else None
        self._stamp = rows.stamp()

    def __call__(self, begin: Callable[..., _T], *people: Any) -> _T:
        """What *begin* returns. *people* are given to it; what they know by then, they know afterwards."""
        if self._past is None or self._rows.stamp() != self._stamp:
            self._past = None
            return begin(*people)
        parts = [part for each in people for part in (each, *_within(each))]
        things = self._own | {
            f"{n} {name}": thing for n, part in enumerate(parts) for name, thing in vars(part).items()
        }
        plain = tuple((name, thing) for name, thing in things.items() if isinstance(thing, _PLAIN))
        things = {name: thing for name, thing in things.items() if not isinstance(thing, _PLAIN)}
        things |= {str(n): each for n, each in enumerate(people)}
        self._past = (*self._past, (begin.__module__, begin.__qualname__, plain, self._clock.now))
        key = (self._past, _settings(self._config))
        left = self._left.get(key)
        result: _T = (
            self._lived(key, begin, people, parts, things) if left is None else self._given(left, parts, things)
        )
        self._stamp = self._rows.stamp()
        return result

    def _lived(
        self, key: Hashable, begin: Callable[..., _T], people: Sequence[Any], parts: list[Any], things: dict[str, Any]
    ) -> _T:
        before = [dict(vars(part)) for part in parts]
        result = begin(*people)
        learnt = [
            {name: known for name, known in vars(part).items() if name not in was or was[name] is not known}
            for part, was in zip(parts, before, strict=True)
        ]
        place_of = {id(thing): _Place() for thing in things.values()}
        memory = copy.deepcopy((result, learnt), dict(place_of))
        home = self._new_home()
        if self._config.home.exists():
            shutil.copytree(self._config.home, home)
        places = {name: place_of[id(thing)] for name, thing in things.items()}
        self._left[key] = _Left(self._rows.keep(), home, self._clock.now, memory, places)
        return result

    def _given(self, left: _Left, parts: list[Any], things: dict[str, Any]) -> Any:
        self._rows.put(left.rows)
        if left.home.exists():
            shutil.copytree(left.home, self._config.home, dirs_exist_ok=True)
        self._clock.now = left.now
        vars(self._own["store"]).pop("public_ids", None)
        result, learnt = copy.deepcopy(left.memory, {id(left.places[name]): things[name] for name in things})
        for part, known in zip(parts, learnt, strict=True):
            vars(part).update(known)
        return result


@cache
def _is_any_row() -> Select[tuple[bool]]:
    return select(or_(*(exists().select_from(each) for each in Base.metadata.sorted_tables)))


def _within(person: Any) -> list[Any]:
    """Those whom somebody has with them from the start, and who begin something, too."""
    return [each for each in vars(person).values() if hasattr(each, "begin")]


def _settings(config: Config) -> bytes:
    """All settings but those of places, which each test has of its own."""
    same = msgspec.structs.replace(config, home=Path(), database_url="", redis_url="", blobs_url="")
    return msgspec.json.encode(same)
