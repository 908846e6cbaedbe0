"""Compare two texts word by word (names, streets): same, close or other. Pure; prefers OTHER when in doubt."""

import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Final

#: Letters that Unicode does not decompose, and their plain spelling.
_PLAIN: Final = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n",
        "ĳ": "ij", "'": " ", "’": " ",
    }
)  # fmt: skip
#: Cyrillic (ICAO 9303, as passports write it) and Greek (ELOT 743), letter by letter.
_LATIN: Final = str.maketrans(
    dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
            [
                "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t",
                "u", "f", "kh", "ts", "ch", "sh", "shch", "ie", "y", "", "e", "iu", "ia", "i", "i", "ie", "g",
            ],
            strict=True,
        )
    )
    | dict(
        zip(
            "αβγδεζηθικλμνξοπρσςτυφχψω",
            [
                "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t",
                "y", "f", "ch", "ps", "o",
            ],
            strict=True,
        )
    )
)  # fmt: skip
#: Two-letter spellings of an umlaut: `mueller` is `muller`.
_UMLAUTS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
#: The least length of a word in which a typing error is accepted.
_LONG_ENOUGH: Final = 5


class MatchResult(IntEnum):
    """`CLOSE`: may be the same; it cannot be excluded."""

    OTHER = 0
    CLOSE = 1
    SAME = 2


def fold_words(text: str) -> list[str]:
    """The words of a text in lower case Latin letters without accents; anything but letters and digits separates
    words."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    plain = "".join(c for c in folded if not unicodedata.combining(c)).translate(_LATIN)
    return "".join(c if c.isalnum() else " " for c in plain).split()


def compare_words(first: Sequence[str], second: Sequence[str]) -> MatchResult:
    """`SAME`: the same words in any order, joined or not. `CLOSE`: each word of one has a partner in the other (itself,
    its initial, or with one typing error), or one has no words."""
    if not first or not second:
        return MatchResult.CLOSE
    ours, theirs = sorted(_without_umlauts(first)), sorted(_without_umlauts(second))
    if ours == theirs or _joined(first) == _joined(second):
        return MatchResult.SAME
    fewer, more = sorted((ours, theirs), key=len)
    return MatchResult.CLOSE if _partners(fewer, more) == len(fewer) else MatchResult.OTHER


def are_alike(first: str, second: str) -> bool:
    """Whether two words may be one: equal, an initial, or one typing error in a long word."""
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if len(short) == 1:
        return short.isalpha() and long.startswith(short)
    return _is_a_slip(short, long)


def _without_umlauts(words: Iterable[str]) -> list[str]:
    plain = []
    for word in words:
        for two, one in _UMLAUTS:
            word = word.replace(two, one)
        plain.append(word)
    return plain


def _joined(words: Iterable[str]) -> str:
    return "".join(_without_umlauts(words))


def _partners(fewer: Sequence[str], more: Sequence[str]) -> int:
    """How many of the words have a partner of their own in the others: whole words before initials and typing errors,
    of which one at most is accepted."""
    left, without = list(more), []
    for word in fewer:
        if word in left:
            left.remove(word)
        else:
            without.append(word)
    found, slips = len(fewer) - len(without), 0
    for word in without:
        partner = next((each for each in left if are_alike(word, each)), None)
        if partner is None:
            continue
        if min(len(word), len(partner)) > 1:
            slips += 1
            if slips > 1:
                continue
        left.remove(partner)
        found += 1
    return found


def _is_a_slip(short: str, long: str) -> bool:
    """Whether the words differ by one typing error: a letter wrong, missing, added, or two swapped. An added last
    letter is none (Martin and Martine are two people), and numbers have none."""
    if len(short) < _LONG_ENOUGH or len(long) - len(short) > 1 or not (short.isalpha() and long.isalpha()):
        return False
    if long.startswith(short):
        return False
    start = next(n for n, (one, other) in enumerate(zip(short, long, strict=False)) if one != other)
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    return swapped or short[start + 1 :] == long[start + 1 :]
