"""Detects identifiers damaged by a spreadsheet: scientific notation, fifteen-digit rounding, lost leading zeros. Takes
off what guards them from it.

`1,23E+06` was once 1230001 or 1234567, so it identifies nobody. Damage that one cell cannot show (lost zeros, digits
turned into zeros) is detected over a whole column.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from bill import Finding, warning
from untrusted.feed_error import FeedError
from untrusted.value_parsing import NotAValueError

#: The digits that a double keeps; a spreadsheet writes zeros for the others.
_KEPT: Final = 15
#: When so many numbers all end in zeros, it is no coincidence.
_NO_CHANCE: Final = 3
#: `1,23E+06`, `1e+21`, `1.23E6`; `12E5`, without a mark or a sign, may well be somebody's number.
_rounded = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE][+-])[0-9]{1,4}").fullmatch
#: What a spreadsheet shows for an error, or in a cell that is too narrow.
_no_value = re.compile(
    r"#{2,}|#(?:REF|VALUE|NAME|DIV/0|NUM|NULL|N/A|VALEUR|NOM|NOMBRE|NUL|N/?[ABDV])[!?]?|#¡?[^\W\d_]+(?:/0)?[!?]|Err:[0-9]+"
).fullmatch
#: How a text is kept from becoming a number in a spreadsheet: `="0001234"`, or an apostrophe before its digits.
_guarded = re.compile(r"""\s*(?:="([^"]*)"|'([0-9][0-9 ./-]*))\s*""").fullmatch
#: `1001.0`: a program read the column as numbers. Without the point it would be another account's number.
_with_decimals = re.compile(r"[0-9]+[.,]0+").fullmatch


def unguarded(text: str) -> str:
    """Return the text without what keeps it from becoming a number in a spreadsheet."""
    guarded = _guarded(text) if "'" in text or '="' in text else None
    return (guarded[1] or guarded[2] or "") if guarded else text


def check_number(text: str) -> None:
    """Raise NotAValueError when the text is no whole number or identifier any more."""
    text = text.strip()
    if _rounded(text):
        sentence = "'{text}' is a number that a spreadsheet rounded: send the column as text"
        raise NotAValueError("NUMBER-ROUNDED", sentence, text=text[:40])
    if text.startswith(("#", "Err:")) and _no_value(text):
        raise NotAValueError("NUMBER-ROUNDED", "'{text}' is what a spreadsheet shows for no value", text=text[:40])


def check_whole(text: str) -> None:
    """Raise NotAValueError when the text has decimals, which no account number has."""
    if _with_decimals(text.strip()):
        raise NotAValueError("NUMBER-ROUNDED", "'{text}' has decimals: send the column as text", text=text.strip()[:40])


@dataclass(slots=True)
class _Column:
    """The values of one term seen so far: those of digits alone, grouped by notation."""

    long: int = 0  # of more than fifteen digits
    cut: int = 0  # of these, those whose further digits are all zeros
    padded: int = 0  # the longest that begins with a zero
    shortest: int = 0  # of those that do not
    example: str = ""
    short_example: str = ""


@dataclass(slots=True)
class Columns:
    """The columns of one feed that hold numbers and identifiers."""

    _seen: dict[str, _Column] = field(default_factory=dict)

    def see(self, term: str, text: str) -> None:
        """Record one more value of a term."""
        text = text.strip()
        if not text.isdecimal():
            return
        column = self._seen.get(term)
        if column is None:
            column = self._seen[term] = _Column()
        length = len(text)
        if text[0] == "0":
            column.padded = max(column.padded, length)
            return
        if not column.shortest or length < column.shortest:
            column.shortest, column.short_example = length, text
        if length > _KEPT:
            column.long += 1
            if not text[_KEPT:].strip("0"):
                column.cut += 1
                column.example = column.example or text

    def findings(self) -> list[Finding]:
        """Return the findings about whole columns, after the last row; raises FeedError when the numbers of one lost
        their digits."""
        said = []
        for term, column in self._seen.items():
            if column.cut and column.cut == column.long:
                sentence = (
                    "all {count} numbers of more than 15 digits end in zeros, such as {text}: a spreadsheet lost "
                    "their digits; send the column as text"
                )
                if column.cut >= _NO_CHANCE:
                    raise FeedError("NUMBER-ROUNDED", sentence, term, count=column.cut, text=column.example[:40])
                said.append(warning("NUMBER-ROUNDED", sentence, term, count=column.cut, text=column.example[:40]))
            if column.padded > column.shortest > 0:
                sentence = (
                    "some numbers begin with zeros and have {width} digits, others have fewer, such as {text}: a "
                    "spreadsheet may have dropped their zeros"
                )
                text = column.short_example[:40]
                said.append(warning("NUMBER-WIDTHS", sentence, term, width=column.padded, text=text))
        return said
