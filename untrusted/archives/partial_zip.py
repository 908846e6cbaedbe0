"""Opens a ZIP's central directory some hundreds of entries at a time, so that a million of them take no memory."""

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO, Final, NamedTuple, cast

from untrusted.feed_error import FeedError

_ENTRY: Final = struct.Struct("<4s4xH18xHHH12x")
#: The flag of an entry whose name is UTF-8, and the byte that it is in: of an entry, and of a file's own header.
UTF8_NAME: Final = 0x800
_FLAGS, _OWN_FLAGS, _UTF8_BIT = 9, 7, 0x08
_END: Final = struct.Struct("<4s4H2LH")
_END_SIGN, _ENTRY_SIGN = b"PK\x05\x06", b"PK\x01\x02"
_END_64, _LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_END_64_LENGTH, _LOCATOR_LENGTH = 56, 20
#: The end of the directory is at most so far from the end of the file: 22 bytes and a comment.
_LONGEST_END: Final = 66_000
#: How many entries, and how many bytes of them, are open at a time.
_MOST_ENTRIES, _MOST_BYTES = 200, 1 << 20
_LARGEST: Final = 0xFFFFFFFE


class ZipDirectory(NamedTuple):
    """A central directory: its offset in the file, its length, and the offset that the archive states for it (another
    one where something stands before the archive)."""

    at: int
    length: int
    said_at: int


def find_directory(source: BinaryIO) -> ZipDirectory:
    """Return the place of the central directory (ZIP or ZIP64); raises FeedError when there is no end of
    an archive, BadZipFile when the directory is elsewhere."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _LONGEST_END))
    tail = source.read()
    end = tail.rfind(_END_SIGN)
    if end < 0 or len(tail) < end + _END.size:
        raise FeedError("ZIP-CORRUPT", "the archive has no end: it was cut off on the way, send it again")
    _, _, _, _, _, length, said_at, comment = _END.unpack_from(tail, end)
    if end + _END.size + comment != len(tail):
        raise FeedError("ZIP-CORRUPT", "something follows the end of the archive: send it as it was made")
    record = end - _LOCATOR_LENGTH - _END_64_LENGTH
    if record >= 0 and tail[record : record + 4] == _END_64 and tail[end - _LOCATOR_LENGTH :].startswith(_LOCATOR):
        length, said_at = struct.unpack_from("<QQ", tail, record + 40)
        end = record
    at = size - len(tail) + end - length
    if not 0 <= said_at <= at <= _LARGEST:
        raise zipfile.BadZipFile("the list of files is not where the archive says")
    return ZipDirectory(at, length, said_at)


def partial_zips(source: BinaryIO, directory: ZipDirectory) -> Iterator[zipfile.ZipFile]:
    """Yield archives of some of the entries each, in their order; raises what `zipfile` raises."""
    at, end = directory.at, directory.at + directory.length
    while at < end:
        source.seek(at)
        content = bytearray(source.read(min(_MOST_BYTES, end - at)))
        length, count, misnamed = _whole_entries(content)
        if not length:
            raise zipfile.BadZipFile("the list of files is damaged")
        ending = _END.pack(_END_SIGN, 0, 0, count, count, length, directory.said_at, 0)
        file = _PartialFile(source, directory.at, bytes(content[:length] + ending))
        archive = zipfile.ZipFile(cast("IO[bytes]", file))
        file.misnamed = {archive.infolist()[n].header_offset for n in misnamed}
        yield archive
        at += length


def _whole_entries(content: bytearray) -> tuple[int, int, list[int]]:
    """Return the length and the number of the whole entries at the beginning of a piece of the directory, and which of
    them have a name that is said to be UTF-8 and is not. Of these the flag is taken back: `zipfile` would refuse the
    archive."""
    at = count = 0
    misnamed: list[int] = []
    while count < _MOST_ENTRIES and at + _ENTRY.size <= len(content):
        sign, flags, name, extra, comment = _ENTRY.unpack_from(content, at)
        following = at + _ENTRY.size + name + extra + comment
        if sign != _ENTRY_SIGN:
            raise zipfile.BadZipFile("the list of files is damaged")
        if following > len(content):
            break
        if flags & UTF8_NAME and not _is_utf8(content[at + _ENTRY.size : at + _ENTRY.size + name]):
            misnamed.append(count)
            content[at + _FLAGS] &= ~_UTF8_BIT
        at, count = following, count + 1
    return at, count, misnamed


def _is_utf8(name: bytearray) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


class _PartialFile(io.RawIOBase):
    """A file with the first *length* bytes of another one, and *tail* after them. The headers at the places *misnamed*
    are read without the flag that says UTF-8."""

    def __init__(self, source: BinaryIO, length: int, tail: bytes) -> None:
        self._source, self._length, self._tail, self._at = source, length, tail, 0
        self.misnamed: set[int] = set()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        at = offset + (0, self._at, self._length + len(self._tail))[whence]
        if at < 0:
            raise OSError("before the beginning")
        self._at = at
        return at

    def read(self, size: int = -1) -> bytes:
        end = self._length + len(self._tail)
        last = end if size < 0 else min(self._at + size, end)
        found = b""
        if self._at < self._length:
            self._source.seek(self._at)
            found = self._source.read(min(last, self._length) - self._at)
            if self._at in self.misnamed:
                found = found[:_OWN_FLAGS] + bytes([found[_OWN_FLAGS] & ~_UTF8_BIT]) + found[_OWN_FLAGS + 1 :]
        if last > self._length:
            found += self._tail[max(0, self._at - self._length) : last - self._length]
        self._at += len(found)
        return found
