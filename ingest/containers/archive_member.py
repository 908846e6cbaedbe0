"""One file inside an archive (a member): its name, limits on unpacking, and how its items are read. Archives in
archives stay closed."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import BinaryIO, Final, NamedTuple, Protocol

import msgspec

from bill import warning
from ingest.containers.repeated_names import RepeatedNames
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from untrusted.feed_error import FeedError

#: The most bytes that all members of an archive together may unpack to. There may be any number of them.
MOST_ARCHIVE_BYTES: Final = 20_000_000_000
#: Container formats; inside another container they are not opened.
CONTAINERS: Final = frozenset({"ZIP", "gzip", "tar", "index + PDF"})
_MOST_DEBRIS_TOLD: Final = 100
_DEBRIS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


class Member(NamedTuple):
    """A file in an archive: its name, used for display only, and a call that unpacks it (may raise FeedError)."""

    name: str
    unpacked: Callable[[], BinaryIO]

    @property
    def place(self) -> str:
        """The member's name for findings."""
        return shown(self.name)


class ArchiveMembers(Protocol):
    """The members of an archive in its order, and which of their names come again. It can be gone through several
    times; no member is kept."""

    repeated: RepeatedNames

    def __iter__(self) -> Iterator[Member]: ...


def read_member(member: Member, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the items of one member. When it cannot be read at all it is one rejected item; raises FeedError when it
    breaks off."""
    given, body, place = 0, b"", member.place
    said, read_context.findings = read_context.findings, []
    try:
        with member.unpacked() as file:
            body = file.read(1 << 20)
            file.seek(0)
            for draft in _items(file, read_context):
                draft.place = f"{place}: {draft.place}"
                given += 1
                yield draft
    except FeedError as refused:
        if given or refused.finding.rule == "ZIP-CORRUPT":
            raise refused.at(_within(place, refused.finding.place)) from refused
        yield rejected(refused, place, body or member.name.encode())
    finally:
        said.extend(msgspec.structs.replace(f, place=_within(place, f.place)) for f in read_context.findings)
        read_context.findings = said


def _items(member: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    name, reader = read_context.recognise(member, read_context.profile)
    if name in CONTAINERS:
        raise FeedError("ZIP-NESTED", "an archive inside an archive is not opened: pack the files themselves")
    return reader(member, read_context)


def duplicate() -> FeedError:
    """Return the error for a second member of the same name."""
    return FeedError("ZIP-DUPLICATE", "another member has the same name: only the first is read")


def rejected(refused: FeedError, place: str, body: bytes) -> BillDraft:
    """Return the rejected item for a member that cannot be read."""
    finding = msgspec.structs.replace(refused.finding, place=_within(place, refused.finding.place))
    return BillDraft(place, sha256(body).hexdigest(), findings=[finding])


def shown(name: str) -> str:
    """Return a member's name for display: printable characters, limited length."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)[:200]


def _within(place: str, inner: str) -> str:
    return f"{place}: {inner}" if inner else place


class Debris:
    """Counts the files that an operating system left in an archive (`.DS_Store`, `Thumbs.db`)."""

    def __init__(self) -> None:
        self._count = 0

    def has(self, member: Member, read_context: ReadContext) -> bool:
        """Return whether a member is such a file; adds a finding for each of the first ones."""
        last = member.name.rsplit("/", 1)[-1]
        found = member.name.startswith("__MACOSX/") or last.startswith("._") or last in _DEBRIS
        if found:
            self._count += 1
            if self._count <= _MOST_DEBRIS_TOLD:
                message = "the system that packed this left a file that is no feed"
                read_context.findings.append(warning("ZIP-DEBRIS", message, member.place))
        return found

    def finish(self, read_context: ReadContext) -> None:
        """Add a finding that counts the others."""
        if self._count > _MOST_DEBRIS_TOLD:
            sentence = "the system that packed this left {count} files that are no feeds"
            read_context.findings.append(warning("ZIP-DEBRIS", sentence, count=self._count))
