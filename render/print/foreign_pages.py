"""Copies the pages of an issuer's own PDF into the print stream, each as a form XObject (ISO 32000-1, 8.10).

Page contents and resources are copied unchanged. A page that is not A4 is rotated and scaled to fit, and counted as
scaled. The PDF is opened by a sandbox worker only (`sandbox/print_worker.py`); this module reads the worker's answer.
"""

import json
import math
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import sandbox
from render.print.parse_archived_bill import NotOurs

#: Seconds that one letter's PDF may take.
_PATIENCE: Final = 30.0
_REFERENCE: Final = re.compile(rb"\0(\d+)\0")


class PdfObjectWriter(Protocol):
    """Where objects are written to: the print stream."""

    def reserve(self) -> int:
        """Return a number for an object that is written later."""

    def write(self, number: int, body: bytes) -> None:
        """Write the object of a reserved number."""

    def shared(self, body: bytes) -> int:
        """Return the number of an object with these bytes, which is written the first time only."""


class Sent(NamedTuple):
    """An issuer's own PDF, as the worker read it: pages, scaled pages, seconds of CPU, and the worker's answer for
    `forms_of`."""

    pages: int
    scaled: int
    seconds: float
    answer: bytes


class PageForm(NamedTuple):
    """A page as a form XObject: its object number, and the operators that place it on A4."""

    number: int
    placing: bytes


def read(pdf: bytes) -> Sent:
    """Read all pages of a PDF in the sandbox. Raises NotOurs when it cannot be printed."""
    answer = _asked(pdf)
    index, _ = _index_of(answer)
    return Sent(len(index["forms"]), index["scaled"], index["seconds"], answer)


def forms_of(answer: bytes, writer: PdfObjectWriter) -> list[PageForm]:
    """Write the pages in a worker's *answer* as form XObjects. Returns them in order."""
    index, begin = _index_of(answer)
    bodies = _bodies(answer, begin, index["objects"])
    # Objects without references are shared; the others are numbered before they are written.
    numbers = [writer.shared(head + data) if shared else writer.reserve() for shared, head, data in bodies]
    for number, (shared, head, data) in zip(numbers, bodies, strict=True):
        if not shared:
            writer.write(number, _REFERENCE.sub(lambda match: b"%d 0 R" % numbers[int(match[1]) - 1], head) + data)
    return [PageForm(numbers[number - 1], placing.encode()) for number, placing in index["forms"]]


def _index_of(answer: bytes) -> tuple[dict[str, Any], int]:
    """Return the answer's JSON header, and the offset at which the objects' bodies begin."""
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
    """Return this process's sandbox client. Each PDF is opened by a fresh worker process: nothing is kept between
    two."""
    return sandbox.Client(Path(sandbox.__file__).with_name("print_worker.py"), b"xb")
