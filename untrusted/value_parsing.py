"""Parses text to values: exact decimals, dates without time zones, one-line strings, IBANs, booleans, base64.

Text that does not fit raises NotAValueError, which carries the rule; the caller knows the place.
"""

import binascii
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from bill import Value, closed_iban, fill_in, looks_like_iban

#: The store keeps amounts as ten-thousandths in 64 bits.
LARGEST_AMOUNT: Final = Decimal(2**63 - 1).scaleb(-4)
MOST_DIGITS: Final = 15
LONGEST_WORDS: Final = 5_000
LONGEST_PROSE: Final = 50_000
_LONGEST_REMEMBERED: Final = 100
_MOST_REMEMBERED: Final = 4096

_number = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})").fullmatch
_any_number = re.compile(r"[+-]?[0-9]*\.?[0-9]*").fullmatch
_iso_day = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]*)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?").fullmatch
_basic_day = re.compile(r"[0-9]{8}(?:[0-9]{4,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?").fullmatch
#: Characters that change the writing direction; in a name they only deceive.
_CONTROLS: Final = "\u0000-\u0008\u000e-\u001f\u007f"
_unseen = re.compile(f"[{_CONTROLS}\u00ad\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
#: Control characters that were letters of Windows-1252, read as browsers do (WHATWG HTML, numeric character
#: references): `&#140;` is Œ. Five bytes are no letter there; their place is shown.
_LETTERS: Final = {0x80 + n: bytes([0x80 + n]).decode("cp1252", "replace") for n in range(32)}

Kept = TypeVar("Kept")


class NotAValueError(ValueError):
    """The text is not a value of the expected kind; carries the rule and the sentence for a finding."""

    def __init__(self, rule: str, sentence: str, **values: Value) -> None:
        super().__init__(fill_in(sentence, values))
        self.rule, self.sentence, self.values = rule, sentence, values


class _Memory(dict[str, Kept]):
    """A cache of parsed texts. Sellers repeat the same words in every bill, and a look-up costs a third of parsing."""

    def __init__(self, read: Callable[[str], Kept]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Kept:
        value = self._read(text)
        if len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[text] = value
        return value


def remembered(read: Callable[[str], Kept]) -> Callable[[str], Kept]:
    """Return *read* with a cache for short texts."""
    return _Memory(read).__getitem__


def decimal(text: str) -> Decimal:
    """Return the exact number of an xs:decimal: no exponent, no NaN, at most 15 digits before the point."""
    if len(text) <= MOST_DIGITS and not text.strip("0123456789.-"):
        try:
            return Decimal(text) or _ZERO
        except InvalidOperation as error:
            raise _no_number(text) from error
    if not _number(text):
        text = text.strip()
        if not _number(text):
            raise _no_number(text)
    return Decimal(text) or _ZERO


_ZERO: Final = Decimal(0)


def _no_number(text: str) -> NotAValueError:
    if text and _any_number(text):
        return NotAValueError("AMOUNT-RANGE", "'{text}' has more digits than any amount needs", text=_shorten(text))
    return NotAValueError("AMOUNT-INVALID", "'{text}' is not a decimal number such as 84.20", text=_shorten(text))


@remembered
def day(text: str) -> date:
    """Return the day of an xs:date or xs:dateTime, or of UNTDID 2379's 102, 203 and 204; a time zone is dropped."""
    text = text.strip()
    if match := _iso_day(text):
        written = match[1]
    elif _basic_day(text):
        written = f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    else:
        raise NotAValueError("DATE-INVALID", "'{text}' is not a date such as 2026-11-22", text=_shorten(text))
    try:
        return sensible(date.fromisoformat(written))
    except ValueError as error:
        raise NotAValueError("DATE-INVALID", "'{text}' is not in the calendar", text=_shorten(text)) from error


def sensible(found: date) -> date:
    """Return the day unchanged; raises ValueError for years that no bill has (such as 1 or 9999) and that would break
    date arithmetic."""
    if not 1900 <= found.year <= 2199:
        raise ValueError(f"the year {found.year} is out of range")
    return found


@remembered
def words(text: str) -> str | None:
    """Return a name, number or code on one line: single spaces, no invisible characters; None when nothing is left."""
    if not text.isprintable():
        text = _unseen.sub("", " ".join(text.translate(_LETTERS).split()))
    else:
        text = " ".join(text.split())
    if len(text) > LONGEST_WORDS:
        raise _too_long(text, LONGEST_WORDS)
    return text or None


@remembered
def code(text: str) -> str | None:
    """Return a code or unit, cached because codes repeat in every bill. One longer than any code is cut."""
    return words(text[:200])


def language_code(text: str) -> str | None:
    """Return the language of a tag in small letters (ISO 639-1): `nl` of `nl-BE`; None when it is no such tag."""
    said = text.strip()[:2].lower()
    return said if len(said) == 2 and said.isascii() and said.isalpha() else None


def prose(text: str) -> str | None:
    """Return a note with its line breaks: outer blanks and invisible characters dropped; None when nothing is left."""
    if not text.isprintable():
        text = _unseen.sub("", text.translate(_LETTERS).replace("\r\n", "\n").replace("\r", "\n"))
    text = text.strip()
    if len(text) > LONGEST_PROSE:
        raise _too_long(text, LONGEST_PROSE)
    return text or None


def _too_long(text: str, most: int) -> NotAValueError:
    sentence = "'{text}' has {count} characters, at most {most} fit"
    return NotAValueError("TEXT-TOO-LONG", sentence, text=_shorten(text), count=len(text), most=most)


def account_number(text: str) -> str | None:
    """Return an IBAN without separators; another account number unchanged."""
    return words(closed_iban(text) if looks_like_iban(text) else text)


def truth(text: str) -> bool:
    """Return the value of an xs:boolean."""
    return text.strip() in ("true", "1")


def base64_bytes(text: str) -> bytes:
    """Return the bytes of an xs:base64Binary."""
    try:
        return binascii.a2b_base64(text)
    except (binascii.Error, ValueError) as error:
        raise NotAValueError("ATTACHMENT-BROKEN", "the embedded document is no base64") from error


def base_name(path: str) -> str:
    """Return the last part of a name that may be a path. It is only displayed, never used as a path on disk."""
    name = re.split(r"[/\\]", path)[-1].strip(". ")
    return "".join(c for c in name if c.isprintable())[:120]


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
