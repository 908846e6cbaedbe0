"""Pairs what two bills charge for: the same item in both, whatever the order and the number of its lines."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from bill.change.item_lines import ItemLine
from bill.matching.person_name import fold_name
from words.calendar_names import month_name

_LANGUAGES: Final = ("fr", "en", "de", "nl", "es")
_date: Final = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}(?:[./-](?:\d{4}|\d{2}))?|\d{4}-\d{2}(?:-\d{2})?|(?:19|20)\d\d)\b")

Key = tuple[str, ...]


class Pair(NamedTuple):
    """The lines of one item in the earlier bill and in the later one; one side is empty where only one bill has it."""

    before: tuple[ItemLine, ...]
    now: tuple[ItemLine, ...]


def pair_lines(before: Sequence[ItemLine], now: Sequence[ItemLine]) -> list[Pair]:
    """All lines of both bills in pairs, in the order of the later bill, then what only the earlier one has.

    Lines are paired by the first of these that both bills say: meter, item id and name; meter and item id; meter and
    standard id; meter and name; name; each with the same unit and sign; then name alone. All lines of one such key go
    into one pair, so that a price that changed in the middle of a month (two lines of one name) is one item. What is
    left is the same item under a new name where quantity, price and amount are the same, in as many lines.
    """
    pairs: list[Pair] = []
    left, right = list(before), list(now)
    for key_of in _KEYS:
        old, new = _gathered(left, key_of), _gathered(right, key_of)
        paired = {key for key in new if key and key in old and (key_of is not _by_terms or _as_many(old, new, key))}
        pairs += [Pair(tuple(old[key]), tuple(new[key])) for key in new if key in paired]
        left = [line for key, lines in old.items() if key not in paired for line in lines]
        right = [line for key, lines in new.items() if key not in paired for line in lines]
    alone = [Pair(tuple(lines), ()) for lines in _alone(left)] + [Pair((), tuple(lines)) for lines in _alone(right)]
    places = {id(line): place for place, line in enumerate([*now, *before])}
    return sorted([*pairs, *alone], key=lambda pair: min(places[id(line)] for line in pair.now or pair.before))


def _gathered(lines: Iterable[ItemLine], key_of: Callable[[ItemLine], Key]) -> dict[Key, list[ItemLine]]:
    """The lines by their key; () is the key of those that do not have what it is made of."""
    found: dict[Key, list[ItemLine]] = {}
    for line in lines:
        key = key_of(line)
        found.setdefault(key, []).append(line)
    return found


def _as_many(old: Mapping[Key, list[ItemLine]], new: Mapping[Key, list[ItemLine]], key: Key) -> bool:
    return len(old[key]) == len(new[key])


def _alone(lines: Iterable[ItemLine]) -> list[list[ItemLine]]:
    return list(_gathered(lines, lambda line: (*_alike(line), line.object_id, line.seller_id, _name(line))).values())


def _alike(line: ItemLine) -> Key:
    """What paired lines must have in common: kind, unit, and the signs of quantity and amount."""
    return line.kind, line.unit, "-" if (line.quantity or 0) < 0 else "+", "-" if line.amount < 0 else "+"


def _by_all(line: ItemLine) -> Key:
    name = _name(line)
    return (*_alike(line), line.object_id, line.seller_id, line.standard_id, name) if name or line.seller_id else ()


def _by_seller_id(line: ItemLine) -> Key:
    return (*_alike(line), line.object_id, line.seller_id) if line.seller_id else ()


def _by_standard_id(line: ItemLine) -> Key:
    return (*_alike(line), line.object_id, line.standard_id) if line.standard_id else ()


def _by_object_and_name(line: ItemLine) -> Key:
    name = _name(line)
    return (*_alike(line), line.object_id, name) if name else ()


def _by_name(line: ItemLine) -> Key:
    return (*_alike(line), _name(line))


def _by_name_alone(line: ItemLine) -> Key:
    return line.kind, _name(line)


def _by_terms(line: ItemLine) -> Key:
    """All but the name: two items of the same terms do not differ in what is paid for them."""
    terms = (line.rate, line.amount, line.quantity, line.price)
    return (*_alike(line), line.object_id, *("" if term is None else str(term.normalize()) for term in terms))


_KEYS: Final = (_by_all, _by_seller_id, _by_standard_id, _by_object_and_name, _by_name, _by_name_alone, _by_terms)


def _name(line: ItemLine) -> str:
    return name_key(line.name)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """An item's name without case, accents, dates, years and months: `abonnement du au` for `Abonnement du 01/02 au
    28/02`; the name itself where nothing else is in it."""
    months = _months()
    words = [word for word in fold_name(_date.sub(" ", name)) if word not in months]
    return " ".join(words or fold_name(name))


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    names = [month_name(month, language) for month in range(1, 13) for language in _LANGUAGES]
    return frozenset(word for name in names for word in fold_name(name))
