"""What holds files: its members one by one, against the manifest among them, where there is one.

A file that the manifest does not list, or lists otherwise, is not what its sender meant to send: nor is the feed.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from bill import fatal
from ingest.containers.gzip import unpacked
from ingest.containers.manifest import Manifest, read_manifest
from ingest.containers.member import CONTAINERS, Member, duplicate, rejected
from ingest.containers.tally import Tally
from ingest.containers.tar import HEADER, is_tar, tar_members
from ingest.containers.zip import zip_members
from ingest.entry import Draft, FeedError
from ingest.reader import Desk


def read_zip(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The items of a ZIP."""
    yield from _read(zip_members(source, desk), desk)


def read_tar(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The items of a tar."""
    yield from _read(tar_members(source, desk), desk)


def read_gzip(source: BinaryIO, desk: Desk) -> Iterator[Draft]:
    """The items of a gzip file: of the one file that it is, or of a tar, which counts as one container with it."""
    with unpacked(source) as inner:
        head = inner.read(HEADER)
        inner.seek(0)
        if is_tar(head):
            yield from _read(tar_members(inner, desk), desk)
            return
        name, reader = desk.recognise(inner, desk.profile)
        if name in CONTAINERS:
            raise FeedError("GZIP-NESTED", "an archive inside a gzip file is not opened: send the archive itself")
        yield from reader(inner, desk)


def _read(members: Sequence[Member], desk: Desk) -> Iterator[Draft]:
    """The items of every member, in the container's order. A member that cannot be read is one rejected item; one that
    breaks off after it has given items makes the whole feed untrue."""
    manifest = read_manifest(members)
    tally = Tally()
    names: set[str] = set()
    for member in members:
        if member.name in names:
            yield rejected(duplicate(), member.place, member.name.encode())
            continue
        names.add(member.name)
        if manifest is None:
            yield from tally.member(member, None, desk)
        elif member.name != manifest.name:
            yield from _listed(member, manifest, tally, desk)
    if manifest is not None:
        for missing in manifest.missing(names):
            message = "the manifest lists this file, and it is not here: send the container again"
            desk.said.append(fatal("MANIFEST-MISSING", message, missing))
        if manifest.whole is not None:
            desk.declared.append(manifest.whole)
    desk.declared.extend(tally.declared())


def _listed(member: Member, manifest: Manifest, tally: Tally, desk: Desk) -> Iterator[Draft]:
    """A member that the manifest lists as it is; any other is not read."""
    try:
        said = manifest.check(member)
    except FeedError as refused:
        desk.said.append(refused.finding)
        yield rejected(refused, member.place, member.name.encode())
    else:
        yield from tally.member(member, said, desk)
