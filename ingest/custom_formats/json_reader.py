"""Reads JSON feeds as a stream: JSON Lines, an array of bills, or an object around such an array; each bill has a size
limit.

Without a mapping in the profile, the keys are the field names of `ingest.custom_formats.field_names`, nested:

    {"number": …, "buyer": {"name": …}, "lines": [{"name": …, "net_amount": …}], "vat": […], "totals": {"vat": …}}

Amounts may be numbers or strings; a number is read by its digits, never as binary floating point. An object
`{"control": {"count": …, "sums": {"EUR": …}}}` declares what the feed holds.
"""

import json
from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import Any, BinaryIO

from bill import ControlTotals, fatal
from ingest.custom_formats.json_field_mapping import JsonForm
from ingest.custom_formats.number_and_date_formats import AmountAndDateParser
from ingest.custom_formats.record_mapper import RecordMapper, check_terms, currency_code
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from untrusted.feed_error import FeedError
from untrusted.json_stream_parser import LARGEST_BILL, MOST_MARKS, BrokenError, Text, parse, too_large
from untrusted.value_parsing import NotAValueError

Values = Iterator[tuple[str, Any, str]]  # where, the value (or why there is none), its text


def read_json(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the bills of a JSON feed. A line that is no JSON is one rejected item; an array that breaks off raises
    FeedError."""
    form = JsonForm(read_context.profile.json)
    check_terms(form.terms, "json.columns")
    record_mapper = RecordMapper(read_context, read_context.profile.json)
    text = Text(source, read_context.profile.json.encoding)
    for place, value, said in json_values(text, form.bills):
        if isinstance(value, BrokenError):
            finding = fatal("JSON-BROKEN", "this is no JSON: {reason}", place, reason=str(value))
            yield BillDraft(place, sha256(said.encode()).hexdigest(), findings=[finding])
        elif isinstance(value, dict) and "control" in value and "number" not in value:
            read_context.declared.append(_control(value["control"], place, record_mapper.value_parser))
        else:
            yield _draft(value, place, form, record_mapper)
    record_mapper.finish()
    read_context.findings.extend(text.findings())


def json_values(text: Text, key: str) -> Values:
    """Yield the values of JSON lines, of an array, or of the array under *key* of an object. A line that is no JSON is
    a BrokenError; raises FeedError when the text breaks off."""
    if text.peek() == "[":
        return _array(text)
    return _lines(text) if _is_lines(text, key) else _object(text, key)


def _is_lines(text: Text, bills: str) -> bool:
    """Return whether the text is JSON Lines: the first line is a complete value other than an array, or the second line
    begins like the first."""
    first, rest = text.first_lines()
    try:
        return bills not in parse(first) or rest.lstrip().startswith("{")
    except BrokenError:
        return rest.startswith("{") and not _goes_on(first, rest)
    except (TypeError, FeedError):
        return rest.startswith("{")


def _goes_on(first: str, rest: str) -> bool:
    """Return whether a value that is incomplete on the first line continues on the next lines, rather than being a
    broken line of JSON Lines."""
    try:
        parse(f"{first}\n{rest}")
    except BrokenError as broken:
        is_another = f"\n{rest}"[: broken.at - len(first) + 1].endswith("\n{")
        return broken.at > len(first) and not is_another
    except FeedError:
        return False
    return True


def _lines(text: Text) -> Values:
    number = 0
    while (line := text.line()) is not None:
        number += 1
        if not line.isspace():
            try:
                yield f"line {number}", parse(line), line
            except BrokenError as broken:
                if not line.endswith("\n"):
                    sentence = "the last line is no JSON: the file was cut off, send it again"
                    raise FeedError("JSON-TRUNCATED", sentence, f"line {number}") from broken
                yield f"line {number}", broken, line


def _array(text: Text) -> Values:
    """Yield the values of a top-level array, one by one; anything after it is an error of the file."""
    yield from _members(text)
    _end(text)


def _members(text: Text) -> Values:
    """Yield the values of the array that begins here; raises FeedError when a value, or the array, does not end."""
    count = 0
    while _has_next(text, "]", count):
        count += 1
        yield _nth(count), text.value(_nth(count)), ""


def _object(text: Text, bills: str) -> Values:
    """Yield the bills of one object over many lines: a bill itself, or an object around an array of bills, which is
    streamed."""
    around: dict[str, Any] = {}
    is_around, inside = False, 0
    while _has_next(text, "}", len(around)):
        key = _key(text, around)
        if key == bills and text.peek() == "[":
            is_around, before = True, text.taken
            yield from _members(text)
            inside += text.taken - before
            around[key] = None
        else:
            around[key] = text.value(key[:40])
        if len(around) > MOST_MARKS or text.taken - inside > LARGEST_BILL:
            raise too_large()
    _end(text)
    if not is_around:
        yield "document", around, ""
    elif "control" in around:
        yield "control", {"control": around["control"]}, ""


def _has_next(text: Text, closing: str, count: int) -> bool:
    """Return whether another member of an array (or object, by *closing*) follows the *count* members read, and go to
    its beginning. Brackets are consumed."""
    if not count:
        text.skip()
    sign = text.peek()
    if sign == closing:
        text.skip()
        return False
    if count and sign == ",":
        text.skip()
        text.peek()
    elif count or not sign:
        raise _cut_off(closing, count)
    return True


def _cut_off(closing: str, count: int) -> FeedError:
    if closing == "]":
        sentence = "the array has no end: the file was cut off, send it again"
        return FeedError("JSON-TRUNCATED", sentence, _nth(count))
    return FeedError("JSON-TRUNCATED", "the object has no end: the file was cut off, send it again", "document")


def _key(text: Text, seen: Collection[str]) -> str:
    """Return the next key, and consume the colon after it; raises FeedError when it is no key or a duplicate."""
    is_text = text.peek() == '"'
    key: str = text.value("document")
    if not is_text or text.peek() != ":":
        raise FeedError("JSON-BROKEN", "this is no JSON: a key and a colon are missing", "document")
    if key in seen:
        raise FeedError("JSON-BROKEN", "the key '{key}' is there twice", "document", key=key[:40])
    text.skip()
    text.peek()
    return key


def _end(text: Text) -> None:
    """Check that the feed ends here; raises FeedError where something follows."""
    if text.peek():
        raise FeedError("JSON-BROKEN", "something follows the end of the JSON", "document")


def _draft(value: Any, place: str, form: JsonForm, record_mapper: RecordMapper) -> BillDraft:
    """Return the draft of one bill. Its sha256 does not depend on the order of keys."""
    try:
        said = json.dumps(value, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        return BillDraft(place, "", findings=[fatal("JSON-BROKEN", "this is nested deeper than any bill", place)])
    sha = sha256(said.encode()).hexdigest()
    if not isinstance(value, dict):
        return BillDraft(place, sha, findings=[fatal("JSON-NOT-A-BILL", "a bill is an object: { … }", place)])
    return record_mapper.draft(place, form.mapped_records(value, place), sha)


def _control(said: Any, place: str, value_parser: AmountAndDateParser) -> ControlTotals:
    """Return the declared control totals; raises FeedError when they are not valid."""
    sums = said.get("sums", {}) if isinstance(said, dict) else None
    if not isinstance(sums, dict):
        raise FeedError("TRAILER-BROKEN", 'control is {"count": …, "sums": {"EUR": …}}', place)
    try:
        amounts = {currency_code(currency): value_parser.amount(str(amount)) for currency, amount in sums.items()}
        count = int(value_parser.amount(str(said["count"]))) if "count" in said else None
    except NotAValueError as fault:
        raise FeedError("TRAILER-BROKEN", fault.sentence, place, **fault.values) from fault
    return ControlTotals(count=count, sums=amounts, source=f"control, {place}")


def _nth(number: int) -> str:
    return f"bill {number}"
