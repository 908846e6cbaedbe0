"""Reads ZIP archives with limits checked before anything is unpacked. Member names are only displayed."""

import stat
import struct
import tempfile
import zipfile
import zlib
from functools import partial
from itertools import pairwise
from typing import IO, BinaryIO, Final, cast

from ingest.containers.archive_member import MOST_BYTES, MOST_ENTRIES, MOST_RATIO, Member, is_debris, shown
from ingest.items import FeedError
from ingest.reader_interface import ReadContext

#: The ratio is not limited below this size: a page of blanks shrinks a lot.
_RATIO_COUNTS_FROM: Final = 1_000_000
_LARGEST_DIRECTORY: Final = MOST_ENTRIES * 400
_IN_MEMORY: Final = 8_000_000
_LOCAL_HEADER: Final = 30
_END, _END_64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
#: The errors that `zipfile` raises for a damaged file.
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, MemoryError, LookupError,
)  # fmt: skip


def zip_members(source: BinaryIO, read_context: ReadContext) -> list[Member]:
    """Return the files in the archive, in its order; raises FeedError when it is no ZIP or over a limit."""
    size = source.seek(0, 2)
    _check_directory(source)
    try:
        archive = zipfile.ZipFile(source)
    except _BROKEN as error:
        raise _corrupt(error) from error
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _check_sizes(infos, size)
    _check_overlaps(infos)
    members = [Member(info.filename, partial(_unpacked, archive, info)) for info in infos]
    return [member for member in members if not is_debris(member, read_context)]


def _check_directory(source: BinaryIO) -> None:
    """Raise FeedError for a central directory (ZIP or ZIP64) that is too long, before `zipfile` reads it."""
    size = source.seek(0, 2)
    source.seek(max(0, size - 66_000))
    tail = source.read()
    source.seek(0)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise FeedError("ZIP-CORRUPT", "the archive has no end: it was cut off on the way, send it again")
    entries, length, _, comment = struct.unpack_from("<HLLH", tail, end + 10)
    if end + 22 + comment != len(tail):
        raise FeedError("ZIP-CORRUPT", "something follows the end of the archive: send it as it was made")
    if tail[end - 20 : end - 16] == _LOCATOR:
        (at,) = struct.unpack_from("<Q", tail, end - 12)
        source.seek(min(at, size))
        record = source.read(56)
        source.seek(0)
        if len(record) == 56 and record.startswith(_END_64):
            entries, length = struct.unpack_from("<QQ", record, 32)
    if entries > MOST_ENTRIES or length > _LARGEST_DIRECTORY:
        raise FeedError("ZIP-TOO-MANY", "more than {most} files in one archive: send several", most=MOST_ENTRIES)


def _check_sizes(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MOST_ENTRIES:
        raise FeedError("ZIP-TOO-MANY", "more than {most} files in one archive: send several", most=MOST_ENTRIES)
    unpacked = sum(info.file_size for info in members)
    if unpacked > MOST_BYTES:
        raise FeedError("ZIP-TOO-LARGE", "unpacked, this would be more than {most} bytes", most=MOST_BYTES)
    if unpacked > 10 * _RATIO_COUNTS_FROM and unpacked > MOST_RATIO * size:
        sentence = "the files shrink more than {most} times: no feed does, a bomb would"
        raise FeedError("ZIP-RATIO", sentence, most=MOST_RATIO)
    for info in members:
        if info.file_size > _RATIO_COUNTS_FROM and info.file_size > MOST_RATIO * max(1, info.compress_size):
            sentence = "a member shrinks more than {most} times: no feed does, a bomb would"
            raise FeedError("ZIP-RATIO", sentence, shown(info.filename), most=MOST_RATIO)


def _check_overlaps(members: list[zipfile.ZipInfo]) -> None:
    """Raise FeedError when two members share bytes, as in a zip bomb."""
    in_order = sorted(members, key=lambda info: info.header_offset)
    for one, other in pairwise(in_order):
        if one.header_offset + _LOCAL_HEADER + one.compress_size > other.header_offset:
            raise FeedError(
                "ZIP-OVERLAP", "two members lie in the same bytes: no packer does that", shown(other.filename)
            )


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
    except _BROKEN as error:
        file.close()
        raise _corrupt(error) from error
    file.seek(0)
    return cast("BinaryIO", file)


def _corrupt(error: Exception) -> FeedError:
    return FeedError("ZIP-CORRUPT", "the archive is damaged, send it again: {reason}", reason=str(error)[:200])
