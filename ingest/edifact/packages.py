"""Finds the packages of an EDIFACT file (UNO … object … UNP, ISO 9735-8) and the messages that they belong to: files
attached to bills (BT-125).

A package names its message by the message's reference (UNH), by the bill's number (BGM), or by a reference in the
message (RFF, DOC, EFI). One that names none belongs to the interchange's only message, or to nobody.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import PurePosixPath
from typing import BinaryIO, Final, NamedTuple

import msgspec

from bill import Attachment, Finding, warning
from ingest.edifact.segment_tokenizer import ObjectPlace, Segment, Segments
from ingest.items import BillDraft
from ingest.xml.supporting_document import MOST_ATTACHED
from untrusted.value_parsing import base_name, words

_BLOCK: Final = 1 << 20
#: First bytes of a file -> its media type and the ending of its name.
_KINDS: Final = (
    (b"%PDF-", "application/pdf", ".pdf"), (b"\x89PNG\r\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"), (b"GIF8", "image/gif", ".gif"),
    (b"II*\x00", "image/tiff", ".tif"), (b"MM\x00*", "image/tiff", ".tif"),
    (b"<?xml", "application/xml", ".xml"),
)  # fmt: skip
#: Where a segment names what its message refers to: element and component.
_REFERENCES: Final = {"RFF": (1, 1), "DOC": (2, 0), "EFI": (1, 0)}


class Package(NamedTuple):
    """A package: the interchange that it is in (from 1), what it refers to, its own name, and where its object is in
    the file."""

    interchange: int
    references: tuple[str, ...]
    name: str
    object: ObjectPlace
    place: str

    @property
    def shown(self) -> str:
        """What it refers to, or else its own name, for display."""
        return self.references[0] if self.references else self.name


class Packages:
    """The packages of one file, by the message they belong to. A file without any is only searched for their tag."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._by_message: dict[int, list[Package]] = {}
        self.unclaimed: list[Package] = []
        if _has_packages(source):
            self._find()

    def attach(self, draft: BillDraft, message: int) -> None:
        """Add the files of a message to its bill, up to the size that is kept of a bill's attachments. *message* is the
        number of its UNH in the file, whose position is left as it was."""
        packages = self._by_message.get(message, [])
        if draft.bill is None or not packages:
            return
        kept, size, at = [*draft.bill.attachments], 0, self._source.tell()
        for package in packages:
            size += package.object.length
            if size > MOST_ATTACHED:
                sentence = "more than {most} bytes are attached: the rest is not kept"
                draft.findings.append(warning("ATTACHMENT-TOO-LARGE", sentence, draft.place, most=MOST_ATTACHED))
                break
            self._source.seek(package.object.at)
            content = self._source.read(package.object.length)
            kept.append(_attachment(package, content))
            draft.body_sha = sha256(draft.body_sha.encode() + content).hexdigest()
        self._source.seek(at)
        draft.bill = msgspec.structs.replace(draft.bill, attachments=tuple(kept))

    def findings(self) -> list[Finding]:
        """Return a finding for each package that belongs to no message."""
        sentence = "the object {reference} names no message here: it is attached to no bill"
        return [
            warning(
                "EDI-PACKAGE", sentence, package.place, reference=", ".join(package.references or (package.name,))[:100]
            )
            for package in self.unclaimed
        ]

    def _find(self) -> None:
        found, only = _packages(self._source)
        named = _messages_named(self._source, {(each.interchange, name) for each in found for name in each.references})
        for package in found:
            keys = [(package.interchange, name) for name in package.references]
            messages = {n for key in keys for n in named.own.get(key, ())}
            messages = messages or {n for key in keys for n in named.referring.get(key, ())}
            if not messages and package.interchange in only:
                messages = {only[package.interchange]}
            if len(messages) == 1:
                self._by_message.setdefault(messages.pop(), []).append(package)
            else:
                self.unclaimed.append(package)


class _Named(NamedTuple):
    """Messages by interchange and name: their own names, and what they refer to."""

    own: dict[tuple[int, str], set[int]]
    referring: dict[tuple[int, str], set[int]]


def _has_packages(source: BinaryIO) -> bool:
    before, found = b"", False
    while not found and (block := source.read(_BLOCK)):
        found = b"UNO" in before + block
        before = block[-2:]
    source.seek(0)
    return found


def _segments(source: BinaryIO) -> Iterator[tuple[int, Segment, ObjectPlace | None]]:
    """Yield the segments with the number of their interchange, and the object of a package; *source* is left at its
    beginning."""
    stream, interchange = Segments(source), 0
    for segment in stream:
        interchange += segment.tag == "UNB"
        yield interchange, segment, stream.object
    source.seek(0)


def _packages(source: BinaryIO) -> tuple[list[Package], dict[int, int]]:
    """Return the packages, and the only message of each interchange that has one."""
    found: list[Package] = []
    last: dict[int, int] = {}
    counts: Counter[int] = Counter()
    for interchange, segment, place in _segments(source):
        if segment.tag == "UNO" and place is not None:
            said = [part for text in segment.rest(2) for part in text.split("*") if part]
            names = tuple(dict.fromkeys(said[1::2] or said))  # pairs of a qualifier and a reference (S020)
            found.append(Package(interchange, names, segment.get(1), place, segment.place))
        elif segment.tag == "UNH":
            last[interchange] = segment.number
            counts[interchange] += 1
    return found, {interchange: number for interchange, number in last.items() if counts[interchange] == 1}


def _messages_named(source: BinaryIO, wanted: set[tuple[int, str]]) -> _Named:
    """Return the messages that have, or refer to, one of the names."""
    named = _Named({}, {})
    message = 0
    for interchange, segment, _ in _segments(source):
        if segment.tag == "UNH":
            message = segment.number
        name = _own_name(segment)
        if (interchange, name) in wanted:
            named.own.setdefault((interchange, name), set()).add(message)
        elif segment.tag in _REFERENCES and (key := (interchange, segment.get(*_REFERENCES[segment.tag]))) in wanted:
            named.referring.setdefault(key, set()).add(message)
    return named


def _own_name(segment: Segment) -> str:
    return segment.get(1) if segment.tag == "UNH" else segment.get(2) if segment.tag == "BGM" else ""


def _attachment(package: Package, content: bytes) -> Attachment:
    name = words(package.shown[:200]) or ""
    media_type, ending = next(
        ((kind, ending) for sign, kind, ending in _KINDS if content.startswith(sign)), ("application/octet-stream", "")
    )
    filename = base_name(name)
    if ending and PurePosixPath(filename).suffix.lower() not in (ending, ".jpeg", ".tiff"):
        filename += ending
    return Attachment(id=name, filename=filename, media_type=media_type, content=content)
