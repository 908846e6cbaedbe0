"""ZIP feeds: files of any other format, one level deep. Limits hold before anything is unpacked; a member's name is
only ever shown."""

import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from typing import IO, BinaryIO, Final, NamedTuple, cast

import msgspec

from bill import warning
from ingest.entry import Draft, FeedError
from ingest.reader import Desk

MOST_ENTRIES: Final = 10_000
MOST_BYTES: Final = 2_000_000_000
MOST_RATIO: Final = 100
#: Small members may shrink as they like: a page of blanks does.
_RATIO_COUNTS_FROM: Final = 1_000_000
_LARGEST_DIRECTORY: Final = MOST_ENTRIES * 400
_IN_MEMORY: Final = 8_000_000
_END, _END_64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
#: What `zipfile` raises at a file that is not what it says.
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, MemoryError, LookupError,
)  # fmt: skip


class Member(NamedTuple):
    """A file in an archive: its name, which is only ever shown, and a call that unpacks it (FeedError)."""

    name: str
    unpacked: Callable[[], BinaryIO]

    @property
    def place(self) -> str:
        return shown(self.name)


def read_archive(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The items of every member, in the archive's order. A member that cannot be read is one rejected item; one that
    breaks off after it has given items makes the whole feed untrue."""
    names: set[str] = set()
    for member in members_of(source, desk):
        if member.name in names:
            yield rejected(duplicate(), member.place, member.name.encode())
        else:
            names.add(member.name)
            yield from read_member(member, desk)


def members_of(source: BinaryIO, desk: Desk) -> list[Member]:
    """The files in the archive, in its order; FeedError when it is none, or goes beyond a limit."""
    _check_directory(source)
    try:
        archive = zipfile.ZipFile(source)
    except _BROKEN as error:
        raise _corrupt(error) from error
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _check_sizes(infos)
    members = []
    for info in infos:
        member = Member(info.filename, partial(_unpacked, archive, info))
        if _is_debris(info.filename):
            message = "the system that packed this left a file that is no feed"
            desk.said.append(warning("ZIP-DEBRIS", message, member.place))
        else:
            members.append(member)
    return members


def read_member(member: Member, desk: Desk) -> Iterator[Draft]:
    """The items of one member: when it cannot be read, one rejected item; FeedError when it breaks off."""
    given, body, place = 0, b"", member.place
    said, desk.said = desk.said, []
    try:
        with member.unpacked() as file:
            body = file.read(1 << 20)
            file.seek(0)
            for draft in _items(file, desk):
                draft.place = f"{place}: {draft.place}"
                given += 1
                yield draft
    except FeedError as refused:
        if given or refused.finding.rule == "ZIP-CORRUPT":
            raise FeedError(refused.finding.rule, str(refused), _within(place, refused.finding.place)) from refused
        yield rejected(refused, place, body or member.name.encode())
    finally:
        said.extend(msgspec.structs.replace(f, place=_within(place, f.place)) for f in desk.said)
        desk.said = said


def _items(member: BinaryIO, desk: Desk) -> Iterator[Draft]:
    name, reader = desk.recognise(member, desk.profile)
    if name == "ZIP":
        raise FeedError("ZIP-NESTED", "an archive inside an archive is not opened: pack the files themselves")
    return reader(member, desk)


def _check_directory(source: BinaryIO) -> None:
    """Refuse a table of contents that is too long before `zipfile` reads it, in either of its two forms."""
    size = source.seek(0, 2)
    source.seek(max(0, size - 66_000))
    tail = source.read()
    source.seek(0)
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise FeedError("ZIP-CORRUPT", "the archive has no end: it was cut off on the way, send it again")
    entries, length = struct.unpack_from("<HL", tail, end + 10)
    if tail[end - 20 : end - 16] == _LOCATOR:
        (at,) = struct.unpack_from("<Q", tail, end - 12)
        source.seek(min(at, size))
        record = source.read(56)
        source.seek(0)
        if len(record) == 56 and record.startswith(_END_64):
            entries, length = struct.unpack_from("<QQ", record, 32)
    if entries > MOST_ENTRIES or length > _LARGEST_DIRECTORY:
        raise FeedError("ZIP-TOO-MANY", f"more than {MOST_ENTRIES} files in one archive: send several")


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_ENTRIES:
        raise FeedError("ZIP-TOO-MANY", f"more than {MOST_ENTRIES} files in one archive: send several")
    if sum(info.file_size for info in members) > MOST_BYTES:
        raise FeedError("ZIP-TOO-LARGE", f"unpacked, this would be more than {MOST_BYTES} bytes")
    for info in members:
        if info.file_size > _RATIO_COUNTS_FROM and info.file_size > MOST_RATIO * max(1, info.compress_size):
            message = f"a member shrinks more than {MOST_RATIO} times: no feed does, a bomb would"
            raise FeedError("ZIP-RATIO", message, shown(info.filename))


def _check_member(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise FeedError("ZIP-ENCRYPTED", "this member is encrypted: send it without a password")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise FeedError("ZIP-LINK", "this member is a link or a device, not a file")


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """The member's bytes in a file without a name; never more of them than the archive declared."""
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
    return FeedError("ZIP-CORRUPT", f"the archive is damaged, send it again: {str(error)[:200]}")


def duplicate() -> FeedError:
    return FeedError("ZIP-DUPLICATE", "another member has the same name: only the first is read")


def rejected(refused: FeedError, place: str, body: bytes) -> Draft:
    """The item that a member is which cannot be read."""
    finding = msgspec.structs.replace(refused.finding, place=_within(place, refused.finding.place))
    return Draft(place, sha256(body).hexdigest(), findings=[finding])


def shown(name: str) -> str:
    """A member's name as it may be shown: printable, not too long."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)[:200]


def _within(place: str, inner: str) -> str:
    return f"{place}: {inner}" if inner else place


def _is_debris(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last in (".DS_Store", "Thumbs.db", "desktop.ini")
