"""JSON: bills a line each, in an array, or in an object around one; read as a stream, each bill within bounds.

Without a word in the profile the keys are the terms of `ingest.terms`, nested where the noun is:

    {"number": …, "buyer": {"name": …}, "lines": [{"name": …, "net_amount": …}], "vat": […], "totals": {"vat": …}}

Amounts may be numbers or text: a number is read by its figures, never as binary floating point. An object
`{"control": {"count": …, "sums": {"EUR": …}}}` declares what the feed holds.
"""

import codecs
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, BinaryIO, Final

from bill import ControlTotals, fatal
from ingest.clerk import Clerk, check_terms, currency_code
from ingest.entry import Draft, FeedError
from ingest.json_form import JsonForm
from ingest.reader import Desk
from ingest.spelling import Spelling
from ingest.values import NotAValueError

_BLOCK: Final = 1 << 16
#: Characters of one bill, and of an object around an array, which is taken in one piece.
LARGEST_BILL: Final = 8_000_000
LARGEST_OBJECT: Final = 32_000_000
MOST_MARKS: Final = 1_000_000
_BLANKS: Final = " \t\r\n"


class _BrokenError(ValueError):
    """A text that is no JSON value; *at* is how far it was one."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at


def read_json(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The bills of a JSON feed. A line that is no JSON is one item refused; an array that breaks off is untrue."""
    form = JsonForm(desk.profile.json)
    check_terms(form.terms, "json.columns")
    clerk = Clerk(desk.profile, desk.profile.json)
    text = _Text(source, desk.profile.json.encoding)
    if text.peek() == "[":
        values = _array(text)
    elif _is_lines(text, form.bills):
        values = _lines(text)
    else:
        values = _whole(text, form)
    for place, value, said in values:
        if isinstance(value, _BrokenError):
            finding = fatal("JSON-BROKEN", f"this is no JSON: {value}", place)
            yield Draft(place, sha256(said.encode()).hexdigest(), findings=[finding])
        elif isinstance(value, dict) and "control" in value and "number" not in value:
            desk.declared.append(_control(value["control"], place, clerk.spelling))
        else:
            yield _draft(value, place, form, clerk)


Values = Iterator[tuple[str, Any, str]]  # where, the value (or why there is none), its text


class _Text:
    """The text of the feed, a piece at a time."""

    def __init__(self, source: BinaryIO, encoding: str) -> None:
        self._source, self._encoding = source, encoding
        known = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
        self._decoder = codecs.getincrementaldecoder(known)()
        self.held, self.ended = "", False

    def more(self, size: int = _BLOCK) -> bool:
        """Read on; False when there is nothing more."""
        if self.ended:
            return False
        block = self._source.read(size)
        self.ended = not block
        try:
            self.held += self._decoder.decode(block, final=self.ended)
        except UnicodeError as error:
            message = f"a byte here is no {self._encoding}: send UTF-8 ({error})"
            raise FeedError("JSON-ENCODING", message[:300]) from error
        return not self.ended

    def peek(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            self.held = self.held.lstrip(_BLANKS)
            if self.held or not self.more():
                return self.held[:1]

    def line(self) -> str | None:
        """The next line with its end, or None. FeedError when it is longer than any bill."""
        while "\n" not in self.held:
            if len(self.held) > LARGEST_BILL:
                raise _too_large()
            if not self.more(max(_BLOCK, len(self.held))):
                line, self.held = self.held, ""
                return line or None
        line, end, self.held = self.held.partition("\n")
        return line + end

    def everything(self, most: int) -> str:
        while self.more():
            if len(self.held) > most:
                raise _too_large()
        return self.held


def _is_lines(text: _Text, bills: str) -> bool:
    """Whether each line is a value of its own: the first one is, and not around an array; or the second begins so."""
    text.peek()
    while text.held.count("\n") < 2 and len(text.held) < LARGEST_BILL and text.more():
        pass
    first, _, rest = text.held.partition("\n")
    try:
        return bills not in _parse(first) or rest.lstrip(_BLANKS).startswith("{")
    except (_BrokenError, TypeError):
        return rest.startswith("{")


def _lines(text: _Text) -> Values:
    number = 0
    while (line := text.line()) is not None:
        number += 1
        if line.strip(_BLANKS):
            try:
                value = _parse(line)
            except _BrokenError as broken:
                if not line.endswith("\n"):
                    message = f"the last line is no JSON: the file was cut off, send it again ({broken})"
                    raise FeedError("JSON-TRUNCATED", message, f"line {number}") from broken
                yield f"line {number}", broken, line
            else:
                yield f"line {number}", value, line


def _array(text: _Text) -> Values:
    """The values of an array, one by one; anything after it, or a bill that does not end, is an error of the file."""
    text.held = text.held[1:]
    count = 0
    while (sign := text.peek()) != "]":
        if count and sign == ",":
            text.held = text.held[1:]
            text.peek()
        elif count or not sign:
            raise FeedError("JSON-TRUNCATED", "the array has no end: the file was cut off, send it again", _nth(count))
        count += 1
        yield _nth(count), _next(text, _nth(count)), ""
    text.held = text.held[1:]
    if text.peek():
        raise FeedError("JSON-BROKEN", "something follows the end of the array", _nth(count))


def _next(text: _Text, place: str) -> Any:
    """The value that begins here. Each try reads twice as far, so that long bills are not parsed again and again."""
    while True:
        try:
            value, end = _value(text.held)
        except _BrokenError as broken:
            if len(text.held) > LARGEST_BILL:
                raise _too_large() from broken
            if broken.at + 40 < len(text.held) or not text.more(max(_BLOCK, len(text.held))):
                rule = "JSON-TRUNCATED" if text.ended else "JSON-BROKEN"
                raise FeedError(rule, f"this is no JSON, or it was cut off: {broken}", place) from broken
        else:
            if end == len(text.held) and text.more():
                continue
            text.held = text.held[end:]
            return value


def _whole(text: _Text, form: JsonForm) -> Values:
    """One object over many lines: a bill, or what stands around an array of them."""
    said = text.everything(LARGEST_OBJECT)
    try:
        value = _parse(said)
    except _BrokenError as broken:
        raise FeedError("JSON-BROKEN", f"this is no JSON, or it was cut off: {broken}") from broken
    bills = value.get(form.bills) if isinstance(value, dict) else None
    if not isinstance(bills, list):
        yield "document", value, said
        return
    if "control" in value:
        yield "control", {"control": value["control"]}, ""
    for number, one in enumerate(bills, start=1):
        yield _nth(number), one, ""


def _parse(text: str) -> Any:
    """The one value that a text is."""
    value, end = _value(text.lstrip(_BLANKS))
    if text.lstrip(_BLANKS)[end:].strip(_BLANKS):
        raise _BrokenError("something follows the value", end)
    return value


def _value(text: str) -> tuple[Any, int]:
    if len(text) > MOST_MARKS and text.count(":") + text.count(",") + text.count("[") > MOST_MARKS:
        raise _too_large()
    try:
        return _decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        cut = error.msg.startswith("Unterminated string")  # its position is where the string began
        raise _BrokenError(str(error)[:200], len(text) if cut else error.pos) from error
    except (RecursionError, ValueError) as error:
        raise _BrokenError(str(error)[:200]) from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:40]!r} is there twice")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no amount")


#: Numbers stay the text they are.
_decoder: Final = json.JSONDecoder(
    parse_float=str, parse_int=str, parse_constant=_constant, object_pairs_hook=_pairs, strict=True
)


def _draft(value: Any, place: str, form: JsonForm, clerk: Clerk) -> Draft:
    """The draft of one value; the order of its keys does not make it another item."""
    try:
        said = json.dumps(value, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        return Draft(place, "", findings=[fatal("JSON-BROKEN", "this is nested deeper than any bill", place)])
    sha = sha256(said.encode()).hexdigest()
    if not isinstance(value, dict):
        return Draft(place, sha, findings=[fatal("JSON-NOT-A-BILL", "a bill is an object: { … }", place)])
    return clerk.draft(place, form.slips(value, place), sha)


def _control(said: Any, place: str, spelling: Spelling) -> ControlTotals:
    """The declared totals; FeedError when they are none."""
    sums = said.get("sums", {}) if isinstance(said, dict) else None
    if not isinstance(sums, dict):
        raise FeedError("TRAILER-BROKEN", 'control is {"count": …, "sums": {"EUR": …}}', place)
    try:
        amounts = {currency_code(currency): spelling.amount(str(amount)) for currency, amount in sums.items()}
        count = int(spelling.amount(str(said["count"]))) if "count" in said else None
    except NotAValueError as fault:
        raise FeedError("TRAILER-BROKEN", str(fault), place) from fault
    return ControlTotals(count=count, sums=amounts, source=f"control, {place}")


def _too_large() -> FeedError:
    return FeedError("JSON-TOO-LARGE", "this value is larger than any bill: send an array, or a bill a line")


def _nth(number: int) -> str:
    return f"bill {number}"
