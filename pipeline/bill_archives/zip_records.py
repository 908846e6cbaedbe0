"""Writes the records of a ZIP file (APPNOTE.TXT 6.3.10), so that it can be made piece by piece by several processes,
one after the other: no record needs more than the numbers of its own file.

ZIP64 records are written where a file begins past 4 GB, or the archive has more than 65,535 files. No single file has
4 GB. Names are UTF-8 (bit 11).
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import Final

import msgspec

STORED: Final = 0
DEFLATED: Final = 8
_UTF8: Final = 0x0800
#: The sizes come behind the bytes: whoever writes does not know them before.
_STREAMED: Final = 0x0008
_PLAIN, _ZIP64 = 20, 45
_LARGE: Final = 0xFFFFFFFF
_MANY: Final = 0xFFFF
#: A plain file of UNIX that all may read and its owner write.
_MADE_BY, _MODE = 3 << 8, 0o100644 << 16
_LEVEL: Final = 6


class ArchivedFile(msgspec.Struct, frozen=True, array_like=True):
    """A file in the archive: where it begins, its day, how it is compressed, and its numbers."""

    path: str
    sha256: str
    crc: int
    size: int
    packed: int
    method: int
    at: int
    day: date
    is_streamed: bool = False


def pack_file(path: str, content: bytes, day: date, at: int, *, is_text: bool) -> tuple[ArchivedFile, bytes]:
    """A whole file to be written at this place: its numbers, and its record. Text is compressed; a PDF is already."""
    packed = _deflated(content) if is_text else content
    file = ArchivedFile(
        path, sha256(content).hexdigest(), zlib.crc32(content), len(content), len(packed),
        DEFLATED if is_text else STORED, at, day,
    )  # fmt: skip
    return file, _local_header(file) + packed


def stream_file(path: str, pieces: Iterable[bytes], day: date, at: int) -> Iterator[bytes | ArchivedFile]:
    """A file whose bytes are made one after the other: its record piece by piece, and its numbers last."""
    digest, crc, size, packed = sha256(), 0, 0, 0
    yield _local_header(ArchivedFile(path, "", 0, 0, 0, DEFLATED, at, day, is_streamed=True))
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    for piece in pieces:
        digest.update(piece)
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        if ready := packer.compress(piece):
            packed += len(ready)
            yield ready
    rest = packer.flush()
    packed += len(rest)
    yield rest + struct.pack("<IIII", 0x08074B50, crc, packed, size)
    yield ArchivedFile(path, digest.hexdigest(), crc, size, packed, DEFLATED, at, day, is_streamed=True)


def central_record(file: ArchivedFile) -> bytes:
    """The file's record in the directory at the archive's end."""
    name, is_far = file.path.encode(), file.at >= _LARGE
    extra = struct.pack("<HHQ", 1, 8, file.at) if is_far else b""
    return (
        struct.pack(
            "<IHHHHHHIIIHHHHHII",
            0x02014B50, _MADE_BY | _ZIP64, _ZIP64 if is_far else _PLAIN, _flags(file), file.method, 0,
            _dos_day(file.day), file.crc, file.packed, file.size, len(name), len(extra), 0, 0, 0, _MODE,
            _LARGE if is_far else file.at,
        )
        + name + extra
    )  # fmt: skip


def end_of_archive(files: int, directory: int, at: int) -> bytes:
    """The last record: how many files there are, and where their directory is (its bytes, and where it begins)."""
    end = b""
    if files >= _MANY or at >= _LARGE or directory >= _LARGE:
        end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, _MADE_BY | _ZIP64, _ZIP64, 0, 0, files, files, directory, at)
        end += struct.pack("<IIQI", 0x07064B50, 0, at + directory, 1)
    counted = min(files, _MANY)
    return end + struct.pack(
        "<IHHHHIIH", 0x06054B50, 0, 0, counted, counted, min(directory, _LARGE), min(at, _LARGE), 0
    )


def _local_header(file: ArchivedFile) -> bytes:
    name = file.path.encode()
    return struct.pack(
        "<IHHHHHIIIHH", 0x04034B50, _PLAIN, _flags(file), file.method, 0, _dos_day(file.day), file.crc, file.packed,
        file.size, len(name), 0,
    ) + name  # fmt: skip


def _flags(file: ArchivedFile) -> int:
    return _UTF8 | (_STREAMED if file.is_streamed else 0)


def _dos_day(day: date) -> int:
    return (min(max(day.year, 1980), 2107) - 1980) << 9 | day.month << 5 | day.day


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()
