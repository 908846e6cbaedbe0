"""What two profiles say differently, key by key."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from issuers.profile_studio.toml_text import toml_key, toml_value


class ProfileDifference(NamedTuple):
    """A key with its value before and after, as TOML; "" where it is not there."""

    key: str
    before: str
    after: str


def profile_differences(before: str, after: str) -> list[ProfileDifference]:
    """The keys in which two TOML texts differ, in the order of the later one; comments and order say nothing."""
    was, is_ = dict(_flat(tomllib.loads(before))), dict(_flat(tomllib.loads(after)))
    return [
        ProfileDifference(key, was.get(key, ""), is_.get(key, ""))
        for key in {**is_, **was}
        if was.get(key) != is_.get(key)
    ]


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        path = above + toml_key(key)
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{path}.")
        else:
            yield path, toml_value(value)
