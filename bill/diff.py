"""Compare two bills term by term and list the differences."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final, NamedTuple

import msgspec

from bill.bill import Bill
from bill.frozen_struct import FrozenStruct

#: The path of a term: field names; after a repeated group's name the position from 1, or a line's id.
Path = tuple[str | int, ...]

_ABSENT: Final = (None, "", ())


class TermDifference(NamedTuple):
    """A term that differs between two bills; None where one does not have it. A group that only one bill has (an extra
    line) is one difference."""

    path: Path
    first: Any
    second: Any


def diff_bills(first: Bill, second: Bill) -> list[TermDifference]:
    """All differences between two bills, in the order of the bill's fields. Lines are paired by their id (BT-126) if
    ids are unique."""
    return list(_of_nouns((), first, second))


def _of_nouns(path: Path, first: FrozenStruct, second: FrozenStruct) -> Iterator[TermDifference]:
    for field in msgspec.structs.fields(first):
        yield from _of_values((*path, field.name), getattr(first, field.name), getattr(second, field.name))


def _of_values(path: Path, first: Any, second: Any) -> Iterator[TermDifference]:
    if first == second:
        return
    if isinstance(first, FrozenStruct) and isinstance(second, FrozenStruct):
        yield from _of_nouns(path, first, second)
    elif isinstance(first, tuple) and isinstance(second, tuple):
        for key, one, other in _paired(first, second):
            yield from _of_values((*path, key), one, other)
    else:
        yield TermDifference(path, *(None if value in _ABSENT else value for value in (first, second)))


def _paired(first: tuple[Any, ...], second: tuple[Any, ...]) -> Iterator[tuple[str | int, Any, Any]]:
    """Pairs of members of a repeated group: by their id, else by position."""
    ours, theirs = _by_id(first), _by_id(second)
    if ours is None or theirs is None:
        for place, (one, other) in enumerate(zip_longest(first, second), 1):
            yield place, one, other
        return
    for key in dict.fromkeys([*ours, *theirs]):
        yield key, ours.get(key), theirs.get(key)


def _by_id(group: tuple[Any, ...]) -> dict[str, Any] | None:
    ids = [getattr(each, "id", "") for each in group]
    return dict(zip(ids, group, strict=True)) if all(ids) and len(set(ids)) == len(ids) else None
