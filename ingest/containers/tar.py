"""Reads tar archives by their headers (POSIX ustar, pax, GNU). Names are only displayed: no path is made, no link
followed, no sparse file expanded."""

import tempfile
from collections.abc import Iterator
from functools import partial
from typing import IO, BinaryIO, Final, NamedTuple, cast

from untrusted.archives.archive_member import Member
from untrusted.archives.repeated_names import RepeatedNames
from untrusted.archives.unpacking_limits import MOST_ARCHIVE_BYTES
from untrusted.feed_error import FeedError

HEADER: Final = 512
_MAGIC: Final = slice(257, 262)
_IN_MEMORY: Final = 8_000_000
#: The largest header that only carries a long name, in bytes.
_LONGEST_NAME: Final = 64_000
_REGULAR: Final = b"0\x007"
_BROKEN_HEADER: Final = "an extended header of the archive is damaged: send it again"
_END: Final = bytes(HEADER)
_DIRECTORY, _LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL = b"5", b"L", b"K", b"x", b"g"


class _Entry(NamedTuple):
    name: str
    kind: bytes
    at: int
    size: int
    is_sparse: bool = False


def is_tar(head: bytes) -> bool:
    """Return whether a file with these first bytes is a tar (POSIX ustar, pax, GNU)."""
    header = head[:HEADER]
    return header[_MAGIC] == b"ustar" and len(header) == HEADER and _checksum(header) == _number(header[148:156])


class TarMembers:
    """The files in a tar, in its order. Each pass over them reads the headers again; none is kept.

    Raises FeedError when it is damaged, cut off or over a limit.
    """

    def __init__(self, source: BinaryIO) -> None:
        self.repeated = RepeatedNames()
        self._source = source
        unpacked = 0
        for entry in _entries(source):
            unpacked += entry.size
            self.repeated.add(entry.name)
        if unpacked > MOST_ARCHIVE_BYTES:
            raise FeedError("TAR-TOO-LARGE", "unpacked, this would be more than {most} bytes", most=MOST_ARCHIVE_BYTES)

    def __iter__(self) -> Iterator[Member]:
        for entry in _entries(self._source):
            yield Member(entry.name, partial(_unpacked, self._source, entry))


def _entries(source: BinaryIO) -> Iterator[_Entry]:
    """Yield what the headers list."""
    end = source.seek(0, 2)
    at = 0
    name, size, is_sparse = "", None, False
    while True:
        header = _block(source, at)
        if header == _END:
            at = _after_end(source, at)
            if at >= end:
                return
            header = _block(source, at)
        kind, length = header[156:157], _number(header[124:136])
        if length is None or _number(header[148:156]) != _checksum(header):
            raise FeedError("TAR-CORRUPT", "a header of the archive is damaged: send it again", f"byte {at}")
        entry = None
        if kind in (_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL):
            said = _said(source, at, length)
            if kind == _LONG_NAME:
                name = said.rstrip(b"\x00").decode("utf-8", "replace")
            elif kind == _PAX:
                name, size, is_sparse = _pax(said, name)
        else:
            length = length if size is None else size
            entry = _Entry(name or _name(header), kind, at + HEADER, length, is_sparse or kind == b"S")
            name, size, is_sparse = "", None, False
            length = length if kind in _REGULAR + b"S" else 0
        at += HEADER + -(-length // HEADER) * HEADER
        if at > end:
            raise FeedError("TAR-CORRUPT", "the archive was cut off on the way: send it again")
        if entry is not None and kind != _DIRECTORY:
            yield entry


def _after_end(source: BinaryIO, at: int) -> int:
    """Return where the next archive begins behind the end of one, where archives were joined; or the end of the
    file."""
    source.seek(at)
    while (block := source.read(HEADER)).strip(b"\x00") == b"" != block:
        at += len(block)
    return at


def _block(source: BinaryIO, at: int) -> bytes:
    source.seek(at)
    block = source.read(HEADER)
    if len(block) < HEADER:
        raise FeedError("TAR-CORRUPT", "the archive has no end: it was cut off on the way, send it again")
    return block


def _said(source: BinaryIO, at: int, length: int) -> bytes:
    if length > _LONGEST_NAME:
        raise FeedError("TAR-CORRUPT", "a header of {count} bytes carries no name", f"byte {at}", count=length)
    source.seek(at + HEADER)
    return source.read(length)


def _pax(said: bytes, name: str) -> tuple[str, int | None, bool]:
    """Return name, size and whether the file is sparse, from pax records `length key=value` (POSIX)."""
    size, is_sparse = None, False
    while said:
        figures, _, _ = said.partition(b" ")
        if not figures.isdigit() or not len(figures) < int(figures[:6]) <= len(said):
            raise FeedError("TAR-CORRUPT", _BROKEN_HEADER)
        record, said = said[len(figures) + 1 : int(figures)], said[int(figures) :]
        key, _, value = record.rstrip(b"\n").partition(b"=")
        if key == b"path":
            name = value.decode("utf-8", "replace")
        elif key == b"size":
            if not (value.isdigit() and len(value) < 16):
                raise FeedError("TAR-CORRUPT", _BROKEN_HEADER)
            size = int(value)
        is_sparse |= key.startswith(b"GNU.sparse")
    return name, size, is_sparse


def _name(header: bytes) -> str:
    name, prefix = (part.split(b"\x00", 1)[0].decode("utf-8", "replace") for part in (header[:100], header[345:500]))
    return f"{prefix}/{name}" if prefix and header[263:265] == b"00" else name


def _number(field: bytes) -> int | None:
    """Return a number in octal digits, or in GNU's binary form; None when it is neither."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    figures = field.strip(b" \x00")
    return int(figures or b"0", 8) if not figures.strip(b"01234567") else None


def _checksum(header: bytes) -> int:
    return sum(header) - sum(header[148:156]) + 8 * 32


def _unpacked(source: BinaryIO, entry: _Entry) -> BinaryIO:
    """Return a file's bytes as an unnamed temporary file; raises FeedError for a link, a device or a sparse file."""
    if entry.is_sparse or entry.kind not in (b"0", b"\x00", b"7"):
        raise FeedError("TAR-LINK", "this member is a link, a device or a sparse file: pack the file itself")
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    source.seek(entry.at)
    left = entry.size
    while left and (block := source.read(min(left, 1 << 20))):
        file.write(block)
        left -= len(block)
    file.seek(0)
    return cast("BinaryIO", file)
