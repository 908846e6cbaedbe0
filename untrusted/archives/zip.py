"""Reads ZIP archives with limits checked before anything is unpacked. Member names are only displayed."""

import stat
import struct
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from functools import partial
from typing import IO, BinaryIO, Final, cast

from untrusted.archives.archive_member import Member, shown
from untrusted.archives.partial_zip import UTF8_NAME, find_directory, partial_zips
from untrusted.archives.repeated_names import RepeatedNames
from untrusted.archives.unpacking_limits import MOST_ARCHIVE_BYTES, MOST_BYTES, MOST_RATIO
from untrusted.feed_error import FeedError

#: The first bytes of a ZIP: of its first member, or of the end of an empty one.
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
#: The ratio is not limited below this size: a page of blanks shrinks a lot.
_RATIO_COUNTS_FROM: Final = 1_000_000
_IN_MEMORY: Final = 8_000_000
_LOCAL_HEADER: Final = 30
#: The errors that `zipfile` raises for a damaged file.
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, MemoryError, LookupError,
)  # fmt: skip


class ZipMembers:
    """The files in a ZIP, in its order. Each pass over them reads the list of files again; none is kept.

    Raises FeedError when it is no ZIP, or over a limit.
    """

    def __init__(self, source: BinaryIO) -> None:
        self.repeated = RepeatedNames()
        self._source = source
        try:
            self._directory = find_directory(source)
        except BROKEN as error:
            raise _corrupt(error) from error
        self._check()

    def __iter__(self) -> Iterator[Member]:
        for archive, info in self._entries():
            yield Member(_name(info), partial(_unpacked, archive, info))

    def _entries(self) -> Iterator[tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
        try:
            for archive in partial_zips(self._source, self._directory):
                for info in archive.infolist():
                    if not info.is_dir():
                        yield archive, info
        except BROKEN as error:
            raise _corrupt(error) from error

    def _check(self) -> None:
        """Raise FeedError for an archive over a limit, and for members that share bytes, as in a bomb."""
        packed, unpacked = self._source.seek(0, 2), 0
        first, last = array("Q"), array("Q")
        for _, info in self._entries():
            unpacked += info.file_size
            _check_size(info)
            first.append(info.header_offset)
            last.append(info.header_offset + _LOCAL_HEADER + info.compress_size)
            self.repeated.add(_name(info))
        if unpacked > MOST_ARCHIVE_BYTES:
            raise FeedError("ZIP-TOO-LARGE", "unpacked, this would be more than {most} bytes", most=MOST_ARCHIVE_BYTES)
        if unpacked > 10 * _RATIO_COUNTS_FROM and unpacked > MOST_RATIO * packed:
            sentence = "the files shrink more than {most} times: no feed does, a bomb would"
            raise FeedError("ZIP-RATIO", sentence, most=MOST_RATIO)
        overlapping = _overlapping(first, last)
        if overlapping is not None:
            name = next(_name(info) for n, (_, info) in enumerate(self._entries()) if n == overlapping)
            raise FeedError("ZIP-OVERLAP", "two members lie in the same bytes: no packer does that", shown(name))


def _check_size(info: zipfile.ZipInfo) -> None:
    if info.file_size > MOST_BYTES:
        sentence = "unpacked, this would be more than {most} bytes"
        raise FeedError("ZIP-TOO-LARGE", sentence, shown(info.filename), most=MOST_BYTES)
    if info.file_size > _RATIO_COUNTS_FROM and info.file_size > MOST_RATIO * max(1, info.compress_size):
        sentence = "a member shrinks more than {most} times: no feed does, a bomb would"
        raise FeedError("ZIP-RATIO", sentence, shown(info.filename), most=MOST_RATIO)


def _overlapping(first: "array[int]", last: "array[int]") -> int | None:
    """Return the place in the list of a member that begins before another one ends; None when there is none."""
    order = range(len(first))
    if any(first[n] > first[n + 1] for n in order[:-1]):
        return _overlap_in(sorted(order, key=first.__getitem__), first, last)
    return _overlap_in(order, first, last)


def _overlap_in(order: "range | list[int]", first: "array[int]", last: "array[int]") -> int | None:
    return next((order[n + 1] for n in range(len(order) - 1) if last[order[n]] > first[order[n + 1]]), None)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Without the flag that says UTF-8 it is UTF-8 all the same where it can be, else of the
    DOS code page 850."""
    if info.flag_bits & UTF8_NAME or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")


def _check_member(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise FeedError("ZIP-ENCRYPTED", "this member is encrypted: send it without a password")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise FeedError("ZIP-LINK", "this member is a link or a device, not a file")


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """Return the member's bytes as an unnamed temporary file, never more of them than the archive declared."""
    _check_member(info)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with archive.open(info) as member:
            while block := member.read(1 << 20):
                file.write(block)
    except BROKEN as error:
        file.close()
        raise _corrupt(error) from error
    file.seek(0)
    return cast("BinaryIO", file)


def _corrupt(error: Exception) -> FeedError:
    return FeedError("ZIP-CORRUPT", "the archive is damaged, send it again: {reason}", reason=str(error)[:200])
