"""A beginning that many tests of a file have in common is lived through once; the others are given what it left behind:
the rows, the files of the home, the hour, and what its people hold in their hands.

All is then as it was when the beginning had just ended. One at another hour or with other settings is lived through,
too, and so is each before which somebody else has written.
"""

import copy
import inspect
import shutil
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec
import pytest
from sqlalchemy import Select, exists, or_, select

from config import Config
from store import Store
from store.base import Base
from store.public_id import PublicIdKey
from tests.kept_rows import Rows

_T = TypeVar("_T")

#: Values that are the same in every test.
_PLAIN: Final = (type(None), bool, int, float, Decimal, str, bytes, date, datetime, Path)
#: What a beginning may be given many of them in.
_MANY: Final = (tuple, list, set, frozenset, dict)


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

    def __call__(self, begin: Callable[..., _T], *people: Any, **also: Any) -> _T:
        """What *begin* returns. All others are given to it; what people of ours know by then, they know afterwards."""
        assert "<locals>" not in begin.__qualname__, "what a beginning is about, it is given: it is known by its name"
        if self._past is None or self._rows.stamp() != self._stamp:
            self._past = None
            return begin(*people, **also)
        call = _Call(partial(begin, *people, **also), self._own)
        self._past = (*self._past, (begin.__module__, begin.__qualname__, call.plain, self._clock.now))
        key = (self._past, _settings(self._config))
        result: _T = self._lived(call, key) if (left := self._left.get(key)) is None else self._given(call, left)
        self._stamp = self._rows.stamp()
        return result

    def _lived(self, call: "_Call", key: Hashable) -> Any:
        before = [{name: _as_it_is(known) for name, known in vars(person).items()} for person in call.people]
        result = call.begin()
        learnt = [
            {name: known for name, known in vars(person).items() if name not in was or not _is_still(known, was[name])}
            for person, was in zip(call.people, before, strict=True)
        ]
        grown = {id(known) for each in learnt for known in each.values() if isinstance(known, _MANY)}
        place_of = {id(thing): _Place() for thing in call.things.values() if id(thing) not in grown}
        memory = copy.deepcopy((result, learnt), dict(place_of))
        home = self._new_home()
        if self._config.home.exists():
            shutil.copytree(self._config.home, home)
        places = {name: place_of[id(thing)] for name, thing in call.things.items() if id(thing) in place_of}
        self._left[key] = _Left(self._rows.keep(), home, self._clock.now, memory, places)
        return result

    def _given(self, call: "_Call", left: _Left) -> Any:
        self._rows.put(left.rows)
        if left.home.exists():
            shutil.copytree(left.home, self._config.home, dirs_exist_ok=True)
        self._clock.now = left.now
        things = {id(place): call.things[name] for name, place in left.places.items() if name in call.things}
        result, learnt = copy.deepcopy(left.memory, things)
        for person, known in zip(call.people, learnt, strict=True):
            vars(person).update(known)
        return result


class _Call:
    """A beginning about to be called: *people* of ours who take part, and whom they have with them; *things* that each
    test has of its own, by name; and what is *plain*."""

    def __init__(self, begin: partial[Any], own: Mapping[str, Any]) -> None:
        given = {str(n): thing for n, thing in enumerate(begin.args)} | begin.keywords
        ours = {name: thing for name, thing in given.items() if type(thing).__module__.startswith("tests.")}
        with_them = {
            f"{name}.{its}": each
            for name, person in ours.items()
            for its, each in vars(person).items()
            if hasattr(each, "begin")
        }
        people = ours | with_them
        theirs = {f"{name}.{its}": each for name, person in people.items() for its, each in vars(person).items()}
        known = dict(own) | given | theirs
        self.begin = begin
        self.people = list(people.values())
        self.things = {name: thing for name, thing in known.items() if not isinstance(thing, _PLAIN)}
        self.plain = tuple((name, thing) for name, thing in known.items() if isinstance(thing, _PLAIN))
        self.plain += tuple((name, repr(many)) for name, many in given.items() if isinstance(many, _MANY))


def lived_once(begin: Callable[..., Any]) -> Any:
    """A fixture that is lived through once a file."""
    asked = inspect.signature(begin)
    lived = inspect.Parameter("lived", inspect.Parameter.POSITIONAL_OR_KEYWORD)

    @wraps(begin)
    def given(lived: Living, **things: Any) -> Any:
        return lived(begin, **things)

    given.__signature__ = asked.replace(parameters=[lived, *asked.parameters.values()])  # type: ignore[attr-defined]
    return pytest.fixture(given)


def _as_it_is(known: Any) -> Any:
    return copy.copy(known) if isinstance(known, _MANY) else known


def _is_still(known: Any, was: Any) -> bool:
    """Whether it is the same, and many are as many as they were."""
    return bool(known == was) if isinstance(known, _MANY) else known is was


@cache
def _is_any_row() -> Select[tuple[bool]]:
    """But the key of public ids, which each test's store has from the start."""
    tables = (each for each in Base.metadata.sorted_tables if each.name != PublicIdKey.__tablename__)
    return select(or_(*(exists().select_from(each) for each in tables)))


def _settings(config: Config) -> str:
    """All settings but those of places, which each test has of its own."""
    return repr(msgspec.structs.replace(config, home=Path(), database_url="", redis_url="", blobs_url=""))
