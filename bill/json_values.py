"""Values of JSON objects as types: an amount, a day, a moment, one of some words. JSON Schemas are made from the types,
so that what is documented is what is told."""

import re
from collections.abc import Iterable
from typing import Annotated, Final

import msgspec

#: What a text of each pattern is, in words: people read them where a text does not match.
PATTERN_WORDS: Final[dict[str, str]] = {}
_VISIBLE: Final = r"\S"


def matching(pattern: str, words: str) -> msgspec.Meta:
    """Says that a text matches a regular expression, and in words what it then is."""
    PATTERN_WORDS[pattern] = words
    return msgspec.Meta(pattern=pattern)


def not_blank(longest: int) -> msgspec.Meta:
    """Says that a text has 1 to *longest* characters, and not blanks alone."""
    PATTERN_WORDS[_VISIBLE] = "a text that is not blank"
    return msgspec.Meta(min_length=1, max_length=longest, pattern=_VISIBLE)


#: An exact amount with the decimals of its currency.
Amount = Annotated[str, matching(r"^-?[0-9]+(\.[0-9]+)?$", "an amount, such as 12.50")]
#: A day of ISO 8601.
Day = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})]
#: A moment of RFC 3339, with its offset.
Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
#: A place in a sequence, such as that of events: as large as a row's number can be.
Position = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
#: How many.
Count = Annotated[int, msgspec.Meta(ge=0)]
#: A SHA-256 in hexadecimal.
Sha256 = Annotated[str, matching("^[0-9a-f]{64}$", "a SHA-256 in hexadecimal")]
#: Where something is, within this service.
Address = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri-reference"})]


def says(description: str) -> msgspec.Meta:
    """Says what a value means."""
    return msgspec.Meta(description=description)


def one_of(words: Iterable[str], description: str = "") -> msgspec.Meta:
    """Says that a text is one of these words. What is read is checked; what is told comes from a column that holds no
    other."""
    said = list(words)
    pattern = f"^({'|'.join(map(re.escape, said))})$"
    PATTERN_WORDS[pattern] = f"one of {', '.join(said)}"
    return msgspec.Meta(pattern=pattern, description=description or None, extra_json_schema={"enum": said})


def one_of_or_none(words: Iterable[str], description: str = "") -> msgspec.Meta:
    """The same of what is told, or null."""
    return msgspec.Meta(description=description or None, extra_json_schema={"enum": [*words, None]})
