"""Names and numbers as they are compared by the staff's search: names without accents, numbers without what parts them,
both without capitals. The same in Python and in SQL, where databases keep the index by themselves."""

from collections.abc import Iterable, Sequence
from typing import Final

#: Letters with what they are compared as; databases know the capitals of ASCII alone for certain.
_PLAIN: Final = {
    "a": "àáâãäÀÁÂÃÄ", "c": "çÇ", "e": "èéêëÈÉÊË", "i": "íîïÍÎÏ", "n": "ñÑ", "o": "óôõöÓÔÕÖ", "u": "ùúûüÙÚÛÜ",
    "y": "ÿŸ", "'": "’",
}  # fmt: skip
#: Letters of two.
_LONGER: Final = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"}
_FOLDED: Final = {letter: plain for plain, letters in _PLAIN.items() for letter in letters}
#: What parts a number.
_PARTING: Final = " -./_:"
_FOLD: Final = str.maketrans(_FOLDED | _LONGER)
_CLOSE: Final = str.maketrans("", "", _PARTING)
#: SQLite's parser takes some twenty-five calls into each other, and as many again in a query beneath.
_NESTED: Final = 18


def folded(text: str) -> str:
    """A name as it is compared."""
    return text.translate(_FOLD).lower()


def closed(text: str) -> str:
    """A number as it is compared: `LUM-2026/0042` is `lum20260042`."""
    return text.translate(_CLOSE).lower()


def folded_in_sql(column: str, *, is_sqlite: bool) -> str:
    """SQL for `folded`; on SQLite but for capitals, which FTS5 takes for small letters by itself."""
    if is_sqlite:
        return _replaced_by_turns(column, list((_FOLDED | _LONGER).items()))
    plain = "".join(_FOLDED.values()).replace("'", "''")
    return f"lower(translate({_replaced(column, _LONGER.items())}, '{''.join(_FOLDED)}', '{plain}'))"


def closed_in_sql(column: str, *, is_sqlite: bool) -> str:
    """SQL for `closed`, with the same exception."""
    if is_sqlite:
        return _replaced(column, ((letter, "") for letter in _PARTING))
    return f"lower(translate({column}, '{_PARTING}', ''))"


def _replaced_by_turns(column: str, letters: Sequence[tuple[str, str]]) -> str:
    query = f"SELECT {column} AS said"
    for at in range(0, len(letters), _NESTED):
        query = f"SELECT {_replaced('said', letters[at : at + _NESTED])} AS said FROM ({query})"  # noqa: S608
    return f"({query})"


def _replaced(expression: str, letters: Iterable[tuple[str, str]]) -> str:
    for letter, plain in letters:
        quoted = plain.replace("'", "''")
        expression = f"replace({expression}, '{letter}', '{quoted}')"
    return expression
