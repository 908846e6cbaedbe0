"""The spool: a lot's letters, ready to print, between the order in which they are read and that in which they lie.

A file without a name beside the lot's own: it is gone when the lot is written, and when the process ends.
"""

import tempfile
from pathlib import Path
from types import TracebackType

import msgspec

from bill import Overlay


class ReadyLetter(msgspec.Struct, frozen=True, array_like=True):
    """A letter, but for its number and what shares its file: its bill's *prefix* (one of the spool's), its pages as
    the press read them, what is laid over them, and what the manifest says of it."""

    prefix: int
    body: bytes
    overlay: Overlay
    issuer: str
    bill: str


class Spool:
    """Letters by their deliveries. Prefixes are kept in memory, each once: they are few."""

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
        """The number of a prefix."""
        if prefix not in self._numbers:
            self._numbers[prefix] = len(self._prefixes)
            self._prefixes.append(prefix)
        return self._numbers[prefix]

    def prefix(self, letter: ReadyLetter) -> bytes:
        """The prefix of a letter's bill; none where its pages are the issuer's own."""
        return self._prefixes[letter.prefix]

    def put(self, delivery_id: int, letter: ReadyLetter) -> None:
        """Keep a letter."""
        written = msgspec.msgpack.encode(letter)
        self._file.seek(self._end)
        self._file.write(written)
        self._lies[delivery_id] = (self._end, len(written))
        self._end += len(written)

    def get(self, delivery_id: int) -> ReadyLetter:
        """The letter of this delivery."""
        at, length = self._lies[delivery_id]
        self._file.seek(at)
        return msgspec.msgpack.decode(self._file.read(length), type=ReadyLetter)
