"""A temporary file of letters that were read and wait to be printed in sorted order.

The file has no name: it disappears when the spool is closed or the process ends.
"""

import tempfile
from pathlib import Path
from types import TracebackType

import msgspec

from bill import Overlay


class ReadyLetter(msgspec.Struct, frozen=True, array_like=True):
    """A letter ready to print, except for its set number: the number of its *prefix* in the spool, its pages as the
    printer read them, its overlay, the issuer and bill number for the manifest, and the pages of its large-print
    edition, if it has one; the codes of the message on its envelope and of its insert, if a campaign has one."""

    prefix: int
    body: bytes
    overlay: Overlay
    issuer: str
    bill: str
    large_print: tuple[bytes, ...] = ()
    envelope_message: str = ""
    insert: str = ""


class Spool:
    """Letters by delivery id, on disk in *folder*. The few different prefixes are kept once each, in memory."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the spool
        self._lies: dict[int, tuple[int, int]] = {}
        self._end = 0
        self._numbers: dict[bytes, int] = {}
        self._prefixes: list[bytes] = []

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def number_of(self, prefix: bytes) -> int:
        """Return the number of a prefix; a new one is added."""
        if prefix not in self._numbers:
            self._numbers[prefix] = len(self._prefixes)
            self._prefixes.append(prefix)
        return self._numbers[prefix]

    def prefix(self, letter: ReadyLetter) -> bytes:
        """Return the prefix of a letter's bill; empty when its pages are the issuer's own."""
        return self._prefixes[letter.prefix]

    def put(self, delivery_id: int, letter: ReadyLetter) -> None:
        """Store a letter."""
        written = msgspec.msgpack.encode(letter)
        self._file.seek(self._end)
        self._file.write(written)
        self._lies[delivery_id] = (self._end, len(written))
        self._end += len(written)

    def get(self, delivery_id: int) -> ReadyLetter:
        """Return the letter of this delivery. Raises KeyError when it was not stored."""
        at, length = self._lies[delivery_id]
        self._file.seek(at)
        return msgspec.msgpack.decode(self._file.read(length), type=ReadyLetter)
