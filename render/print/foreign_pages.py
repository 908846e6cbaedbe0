"""An issuer's own pages, brought into the print stream: each becomes one form that a page places (ISO 32000-1, 8.10).

What a page shows is not touched: its content and what it uses are copied as they are. A page that is not A4 is turned
and scaled to fit A4, and counted as such. The PDF is opened once, by a sandbox worker (`sandbox/print_worker.py`): here
only its answer is read.
"""

import json
import math
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import sandbox
from render.print.archived_bill import NotOurs

#: Seconds that one letter's PDF may take.
_PATIENCE: Final = 30.0
_REFERENCE: Final = re.compile(rb"\0(\d+)\0")


class Writer(Protocol):
    """Where objects go."""

    def reserve(self) -> int:
        """A number for an object that is written later."""

    def write(self, number: int, body: bytes) -> None:
        """The object of that number."""

    def shared(self, body: bytes) -> int:
        """The number of an object of these bytes, which is written when it is first met."""


class Sent(NamedTuple):
    """An issuer's own PDF as the worker read it: how many pages there are, how many of them are scaled, the seconds of
    CPU it took, and the worker's answer, of which `forms_of` writes the pages."""

    pages: int
    scaled: int
    seconds: float
    answer: bytes


class PageForm(NamedTuple):
    """A page as a form: its number, and the operators that place it on A4."""

    number: int
    placing: bytes


def read(pdf: bytes) -> Sent:
    """All that the pages show. NotOurs when these bytes cannot be printed."""
    answer = _asked(pdf)
    index, _ = _index_of(answer)
    return Sent(len(index["forms"]), index["scaled"], index["seconds"], answer)


def forms_of(answer: bytes, writer: Writer) -> list[PageForm]:
    """Write what all pages show, as the worker answered; the forms, in order."""
    index, begin = _index_of(answer)
    bodies = _bodies(answer, begin, index["objects"])
    # What refers to nothing may be there already; the others are numbered before they are written.
    numbers = [writer.shared(head + data) if shared else writer.reserve() for shared, head, data in bodies]
    for number, (shared, head, data) in zip(numbers, bodies, strict=True):
        if not shared:
            writer.write(number, _REFERENCE.sub(lambda match: b"%d 0 R" % numbers[int(match[1]) - 1], head) + data)
    return [PageForm(numbers[number - 1], placing.encode()) for number, placing in index["forms"]]


def _index_of(answer: bytes) -> tuple[dict[str, Any], int]:
    """What the answer begins with, and where the objects' bodies begin."""
    begin = 8 + int.from_bytes(answer[:8], "big")
    return json.loads(answer[8:begin]), begin


def _bodies(answer: bytes, at: int, lengths: list[tuple[bool, int, int]]) -> list[tuple[bool, bytes, bytes]]:
    bodies = []
    for shared, head, length in lengths:
        bodies.append((shared, answer[at : at + head], answer[at + head : at + length]))
        at += length
    return bodies


def _asked(pdf: bytes) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        try:
            kind, answer = _worker().ask((file.name,), _PATIENCE)
        except sandbox.Died as error:
            raise NotOurs(f"this PDF cannot be printed: {error}", math.inf) from error
    if kind != b"x":
        refusal = json.loads(answer)
        raise NotOurs(f"this PDF cannot be printed: {refusal['why']}", refusal["seconds"])
    return answer


@cache
def _worker() -> sandbox.Client:
    """One for this process; it ends with it. Every PDF is opened by a fresh copy of it: nothing is kept between two."""
    return sandbox.Client(Path(sandbox.__file__).with_name("print_worker.py"), b"xb")
