"""Parses JSON as a stream: the text is read a piece at a time, each value has a size limit, numbers stay as written."""

import json
import re
from typing import Any, BinaryIO, Final

from bill import Finding
from untrusted.encodings.text_decoder import TextDecoder
from untrusted.feed_error import FeedError

_BLOCK: Final = 1 << 16
#: The most characters of one bill.
LARGEST_BILL: Final = 8_000_000
#: The most marks of one bill (`:`, `,`, `[`): each means an object in memory.
MOST_MARKS: Final = 400_000
_unsigned: Final = re.compile(r"[eE](?=[0-9])")
_blanks: Final = re.compile(r"[ \t\r\n]*").match


class BrokenError(ValueError):
    """The text is no JSON value; *at* is the index of the error."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


class Text:
    """The text of a feed: the part in memory, and how far it was consumed."""

    def __init__(self, source: BinaryIO, encoding: str) -> None:
        self._source, self._encoding = source, encoding
        self._decoder = TextDecoder(encoding)
        self._held, self._at, self._ended = "", 0, False
        self._before = 0  # characters before those that are held

    @property
    def taken(self) -> int:
        """How many characters were consumed so far."""
        return self._before + self._at

    def findings(self) -> list[Finding]:
        """Return what is to be said of the encoding, at the end of the feed."""
        return self._decoder.findings()

    def peek(self) -> str:
        """Return the next non-blank character without consuming it; "" at the end."""
        while True:
            self._at = _after_blanks(self._held, self._at)
            if self._at < len(self._held) or not self._more(_BLOCK):
                return self._held[self._at : self._at + 1]

    def skip(self) -> None:
        """Consume the character that `peek` returned."""
        self._at += 1

    def first_lines(self) -> tuple[str, str]:
        """Return the next line and the lines in memory after it; nothing is consumed."""
        while self._held.count("\n", self._at) < 2 and self._length < LARGEST_BILL and self._more(_BLOCK):
            pass
        first, _, rest = self._held[self._at :].partition("\n")
        return first, rest

    def line(self) -> str | None:
        """Return the next line with its line end, or None; raises FeedError when it is longer than any bill."""
        while (end := self._held.find("\n", self._at)) < 0:
            if self._length > LARGEST_BILL:
                raise too_large()
            if not self._more(max(_BLOCK, self._length)):
                end = len(self._held) - 1
                break
        line = self._held[self._at : end + 1]
        self._at = end + 1
        return line or None

    def value(self, place: str) -> Any:
        """Return the value that begins here; raises FeedError when it is none or has no end. Each attempt doubles the
        text read, so that a long value is parsed few times."""
        while True:
            try:
                found, end = _value(self._held, self._at)
            except BrokenError as broken:
                if self._length > LARGEST_BILL or _is_flood(self._held, self._at):
                    raise too_large() from broken
                is_inside = broken.at + 40 < len(self._held)
                if is_inside or not self._more(max(_BLOCK, self._length)):
                    rule = "JSON-BROKEN" if is_inside else "JSON-TRUNCATED"
                    sentence = "this is no JSON, or it was cut off: {reason}"
                    raise FeedError(rule, sentence, place, reason=str(broken)) from broken
            else:
                if end < len(self._held) or not self._more(_BLOCK):
                    self._at = min(end, len(self._held))
                    return found

    @property
    def _length(self) -> int:
        return len(self._held) - self._at

    def _more(self, size: int) -> bool:
        """Read *size* more characters and drop those consumed; False at the end of the file."""
        if self._ended:
            return False
        block = self._source.read(size)
        self._ended = not block
        try:
            text = self._decoder.decode(block, final=self._ended)
        except UnicodeError as error:
            sentence = "a byte here is no {encoding}: send UTF-8"
            raise FeedError("JSON-ENCODING", sentence, encoding=self._encoding) from error
        if not self._ended:
            self._before += self._at
            self._held, self._at = self._held[self._at :] + text, 0
        return not self._ended


def parse(text: str) -> Any:
    """Return the only value in a text; raises BrokenError when there is none, or more than one."""
    if _is_flood(text, 0):
        raise too_large()
    value, end = _value(text, _after_blanks(text, 0))
    if _after_blanks(text, end) < len(text):
        raise BrokenError("something follows the value", end)
    return value


def too_large() -> FeedError:
    """Return the error for a value over the size limit."""
    return FeedError("JSON-TOO-LARGE", "this value is larger than any bill: send an array, or a bill a line")


def _is_flood(text: str, at: int) -> bool:
    """Return whether a value has too many colons, commas and brackets: each of them means one more object in memory."""
    return len(text) - at > MOST_MARKS and sum(text.count(mark, at) for mark in ":,[") > MOST_MARKS


def _after_blanks(text: str, at: int) -> int:
    match = _blanks(text, at)
    return match.end() if match else at


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        cut = error.msg.startswith("Unterminated string")  # its position is where the string began
        raise BrokenError(str(error)[:200], len(text) if cut else error.pos) from error
    except (RecursionError, ValueError) as error:
        raise BrokenError(str(error)[:200]) from error


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object from its pairs, for `json`'s `object_pairs_hook`; raises ValueError for a duplicate key."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:40]!r} is there twice")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no amount")


def _number(text: str) -> str:
    """Return a number as it is written, except `1e6` as `1e+6`, which later checks take for scientific notation."""
    return _unsigned.sub("e+", text)


#: A decoder that keeps numbers as text.
_decoder: Final = json.JSONDecoder(
    parse_float=_number, parse_int=str, parse_constant=_constant, object_pairs_hook=unique_keys, strict=True
)
