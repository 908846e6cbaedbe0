"""How the items of one file inside an archive (a member) are read. Archives in archives stay closed."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, Final

import msgspec

from bill import warning
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from untrusted.archives.archive_member import Member
from untrusted.feed_error import FeedError

#: Container formats; inside another container they are not opened.
CONTAINERS: Final = frozenset({"ZIP", "gzip", "tar", "index + PDF"})
_MOST_DEBRIS_TOLD: Final = 100
_DEBRIS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


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
