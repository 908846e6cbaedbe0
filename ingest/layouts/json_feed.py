"""JSON: bills a line each, in an array, or in an object around one; read as a stream, each bill within bounds.

Without a word in the profile the keys are the terms of `ingest.layouts.terms`, nested where the noun is:

    {"number": …, "buyer": {"name": …}, "lines": [{"name": …, "net_amount": …}], "vat": […], "totals": {"vat": …}}

Amounts may be numbers or text: a number is read by its figures, never as binary floating point. An object
`{"control": {"count": …, "sums": {"EUR": …}}}` declares what the feed holds.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, BinaryIO

from bill import ControlTotals, fatal
from ingest.entry import Draft, FeedError
from ingest.layouts.clerk import Clerk, check_terms, currency_code
from ingest.layouts.json_form import JsonForm
from ingest.layouts.json_text import BrokenError, Text, parse
from ingest.layouts.spelling import Spelling
from ingest.reader import Desk
from ingest.values import NotAValueError

Values = Iterator[tuple[str, Any, str]]  # where, the value (or why there is none), its text


def read_json(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The bills of a JSON feed. A line that is no JSON is one item refused; an array that breaks off is untrue."""
    form = JsonForm(desk.profile.json)
    check_terms(form.terms, "json.columns")
    clerk = Clerk(desk, desk.profile.json)
    text = Text(source, desk.profile.json.encoding)
    if text.peek() == "[":
        values = _array(text)
    elif _is_lines(text, form.bills):
        values = _lines(text)
    else:
        values = _whole(text, form)
    for place, value, said in values:
        if isinstance(value, BrokenError):
            finding = fatal("JSON-BROKEN", "this is no JSON: {reason}", place, reason=str(value))
            yield Draft(place, sha256(said.encode()).hexdigest(), findings=[finding])
        elif isinstance(value, dict) and "control" in value and "number" not in value:
            desk.declared.append(_control(value["control"], place, clerk.spelling))
        else:
            yield _draft(value, place, form, clerk)
    clerk.finish()


def _is_lines(text: Text, bills: str) -> bool:
    """Whether each line is a value of its own: the first one is, and not around an array; or the second begins so."""
    first, rest = text.first_lines()
    try:
        return bills not in parse(first) or rest.lstrip().startswith("{")
    except (BrokenError, TypeError):
        return rest.startswith("{")


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
    """The values of an array, one by one; anything after it, or a bill that does not end, is an error of the file."""
    text.skip()
    count = 0
    while (sign := text.peek()) != "]":
        if count and sign == ",":
            text.skip()
            text.peek()
        elif count or not sign:
            raise FeedError("JSON-TRUNCATED", "the array has no end: the file was cut off, send it again", _nth(count))
        count += 1
        yield _nth(count), text.value(_nth(count)), ""
    text.skip()
    if text.peek():
        raise FeedError("JSON-BROKEN", "something follows the end of the array", _nth(count))


def _whole(text: Text, form: JsonForm) -> Values:
    """One object over many lines: a bill, or what stands around an array of them."""
    said = text.everything()
    try:
        value = parse(said)
    except BrokenError as broken:
        raise FeedError("JSON-BROKEN", "this is no JSON, or it was cut off: {reason}", reason=str(broken)) from broken
    bills = value.get(form.bills) if isinstance(value, dict) else None
    if not isinstance(bills, list):
        yield "document", value, said
        return
    if "control" in value:
        yield "control", {"control": value["control"]}, ""
    for number, one in enumerate(bills, start=1):
        yield _nth(number), one, ""


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
        raise FeedError("TRAILER-BROKEN", fault.sentence, place, **fault.values) from fault
    return ControlTotals(count=count, sums=amounts, source=f"control, {place}")


def _nth(number: int) -> str:
    return f"bill {number}"
