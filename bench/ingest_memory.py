"""Measures the peak memory of reading a feed, for feeds of any length and for hostile ones.

    python -m bench.ingest_memory [megabytes] [case …]

Writes feeds of this size (1000 MB by default) into a temporary folder, reads each in a separate process, and prints
that process's peak memory after a third of the file and at its end. Promised: less than 256 MB, and no growth with the
length.
"""

import io
import json
import re
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bench.ingest import document
from ingest import open_feed
from issuers.profile import Profile

MEGABYTE = 1_000_000
PROMISED = 256
_MEMBERS = 2_000  # invoices a member of an archive


def invoices() -> Iterator[bytes]:
    """Yield different bills without end."""
    n = 0
    while True:
        yield document(n).partition(b"?>")[2]
        n += 1


def batch(between: bytes = b"\n") -> Iterator[bytes]:
    """Yield the pieces of a batch without end."""
    yield b"<batch>"
    for invoice in invoices():
        yield invoice + between
    # `write` adds the end: the pieces themselves never end.


def repeated(start: bytes, piece: bytes) -> Iterator[bytes]:
    """Yield *start*, then *piece* without end."""
    yield start
    while True:
        yield piece


def json_bills() -> Iterator[bytes]:
    """Yield different JSON bills without end, separated by commas."""
    lines = [{"name": f"Gaz {n}", "net_amount": "12.00", "vat_category": "S", "vat_rate": "20"} for n in range(6)]
    bill = {"issue_date": "2026-11-03", "currency": "EUR", "payable": "86.40", "buyer": {"name": "Bob"}, "lines": lines}
    n = 0
    while True:
        yield (b",\n" if n else b"") + json.dumps({"number": f"G-{n}", **bill}).encode()
        n += 1


def json_lines() -> Iterator[bytes]:
    """Yield lines of JSON bills without end."""
    for bill in json_bills():
        yield bill.removeprefix(b",\n") + b"\n"


def led_by(start: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield *start*, then *pieces*."""
    yield start
    yield from pieces


_invoice = document(0).partition(b"?>")[2].strip()
_unclosed = _invoice.removesuffix(b"</Invoice>")
#: Case name -> endless pieces of the file, and its end.
FEEDS: dict[str, tuple[Callable[[], Iterator[bytes]], bytes]] = {
    "one XML of many invoices": (batch, b"</batch>"),
    "strangers between invoices": (lambda: batch(b"<stranger a='1'><b/>text</stranger>" * 300), b"</batch>"),
    "a text without end": (lambda: repeated(b"<batch>" + _invoice + b"<note>", b"words " * 10_000), b""),
    "text inside an invoice": (lambda: repeated(b"<batch>" + _unclosed + b"<note>", b"words " * 10_000), b""),
    "an element never closed": (lambda: repeated(b"<batch>" + _invoice, b"<open>" * 100 + b"\n"), b""),
    "tiny elements": (lambda: repeated(b"<batch>" + _invoice, b"<a/>" * 10_000), b"</batch>"),
    "tiny elements in an invoice": (lambda: repeated(b"<batch>" + _unclosed, b"<a/>" * 10_000), b""),
    "comments": (lambda: repeated(b"<batch>" + _invoice, b"<!-- nothing to see -->" * 1_000), b"</batch>"),
    "blanks": (lambda: repeated(b"<batch>" + _invoice, b" \n" * 30_000), b"</batch>"),
    "attributes": (lambda: repeated(b"<batch>" + _invoice + b"<a ", b"x='1' " * 10_000), b"/></batch>"),
    "JSON, a bill a line": (json_lines, b""),
    "JSON, an array": (lambda: led_by(b"[", json_bills()), b"]"),
    "JSON, around an array": (lambda: led_by(b'{"sender": "Gaz", "bills": [', json_bills()), b"]}"),
    "JSON, keys without end": (lambda: led_by(b'{"bills": []', (b', "%d": 1' % n for n in count())), b"}"),
    "JSON, a text without end": (lambda: repeated(b'{"bills": [{"note": "', b"words " * 10_000), b""),
    "JSON, deep without end": (lambda: repeated(b'{"bills": [', b"[" * 60_000), b""),
}  # fmt: skip
ARCHIVES = ("ZIP of XML batches", "ZIP of single invoices")


def write(case: str, path: Path, size: int) -> None:
    """Write the feed of this case, of about *size* bytes."""
    if case in ARCHIVES:
        _write_archive(path, size, _MEMBERS if case == ARCHIVES[0] else 1)
        return
    make, end = FEEDS[case]
    with path.open("wb", buffering=1 << 20) as file:
        for piece in make():
            file.write(piece)
            if file.tell() >= size:
                break
        file.write(end)


def _write_archive(path: Path, size: int, together: int) -> None:
    """Write a ZIP of about *size* bytes unpacked, *together* invoices a member, with no more members than the product
    accepts."""
    written, member, bills = 0, 0, invoices()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while written < size and member < 9_900:
            content = b"".join(next(bills) for _ in range(together))
            archive.writestr(
                f"{member:05}.xml", b"<batch>" + content + b"</batch>" if together > 1 else content.strip()
            )
            written, member = written + len(content), member + 1


class Read(NamedTuple):
    """The result of reading a feed: number of items, peak megabytes after a third of its bytes and at its end, and the
    outcome."""

    items: int
    first_third: float
    peak: float
    whole: bool
    rules: list[str]


class _Watched(io.FileIO):
    """A file that records the peak memory when a third of it has been read."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._third = Path(path).stat().st_size / 3
        self.first_third = 0.0

    def read(self, size: int | None = -1) -> bytes:  # type: ignore[override]
        """Read, and record the peak memory at a third."""
        content = super().read(-1 if size is None else size)
        if not self.first_third and self.tell() > self._third:
            self.first_third = peak()
        return content or b""


def peak() -> float:
    """Return this process's peak memory in megabytes. On Linux `ru_maxrss` includes the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000


def read_here(path: str) -> Read:
    """Read a feed in this process."""
    source = _Watched(path)
    reading = open_feed(source, "feed", Profile())  # type: ignore[arg-type]
    items = sum(1 for _ in reading)
    return Read(items, source.first_third or peak(), peak(), reading.whole, [f.rule for f in reading.findings])


def read_apart(path: Path) -> Read:
    """Read a feed in a separate process, so that only the reading counts."""
    command = [sys.executable, "-m", "bench.ingest_memory", "--read", str(path)]
    said = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).resolve().parents[1])
    return Read(*json.loads(said.stdout))


def measure(case: str, size: int) -> Read:
    """Write and read the feed of a case."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed"
        write(case, path, size)
        return read_apart(path)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--read"]:
        print(json.dumps(read_here(arguments[1])))
        return
    size = int(arguments[0]) if arguments else 1000
    print(f"feeds of {size} MB: memory of the reading process in MB, at most {PROMISED}")
    for case in arguments[1:] or [*FEEDS, *ARCHIVES]:
        read = measure(case, size * MEGABYTE)
        outcome = "whole" if read.whole else ", ".join(read.rules[-1:])
        memory = f"{read.first_third:6.0f} after a third {read.peak:6.0f} at most"
        print(f"  {case:28} {memory}  {read.items:7} items, {outcome}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
