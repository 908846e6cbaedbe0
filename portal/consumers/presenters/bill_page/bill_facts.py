"""The form of a bill's facts on its page: groups of labelled texts."""

from collections.abc import Iterable
from typing import NamedTuple


class BillFact(NamedTuple):
    """A label, and its texts, one a line; markup is taken as it is."""

    label: str
    texts: tuple[str, ...]


class FactGroup(NamedTuple):
    """Facts under one heading, after *lines* that need no label: a name, an address."""

    title: str
    lines: tuple[str, ...]
    facts: tuple[BillFact, ...]


def facts_of(found: Iterable[tuple[str, str]]) -> tuple[BillFact, ...]:
    """Returns the facts that have a text. What a label says twice, it says once, with both texts."""
    texts: dict[str, dict[str, None]] = {}
    for label, text in found:
        if text:
            texts.setdefault(label, {})[text] = None
    return tuple(BillFact(label, tuple(said)) for label, said in texts.items())


def group_of(title: str, lines: Iterable[str], found: Iterable[tuple[str, str]]) -> list[FactGroup]:
    """Returns the group; none where there is nothing to say."""
    group = FactGroup(title, tuple(dict.fromkeys(filter(None, lines))), facts_of(found))
    return [group] if group.lines or group.facts else []
