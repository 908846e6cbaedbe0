"""Reads feeds packed in ZIP, tar or gzip: the items of each member, checked against the manifest where the archive has
one.

A member that the manifest does not list, or lists with another sha256, is rejected, and the feed is not whole.
"""

from collections.abc import Iterator
from typing import BinaryIO

from bill import fatal
from ingest.containers.archive_member import CONTAINERS, Debris, duplicate, rejected
from ingest.containers.manifest import Manifest, read_manifest
from ingest.containers.sum_of_control_totals import ArchiveControlTotals
from ingest.containers.tar import HEADER, TarMembers, is_tar
from ingest.items import BillDraft
from ingest.reader_interface import ReadContext
from untrusted.archives.archive_member import ArchiveMembers, Member
from untrusted.archives.gzip import unpacked
from untrusted.archives.zip import ZipMembers
from untrusted.feed_error import FeedError


def read_zip(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the items of the members of a ZIP."""
    yield from _read(ZipMembers(source), read_context)


def read_tar(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the items of the members of a tar."""
    yield from _read(TarMembers(source), read_context)


def read_gzip(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the items of a gzip file: of the single file inside, or of the members when that file is a tar."""
    with unpacked(source) as inner:
        head = inner.read(HEADER)
        inner.seek(0)
        if is_tar(head):
            yield from _read(TarMembers(inner), read_context)
            return
        name, reader = read_context.recognise(inner, read_context.profile)
        if name in CONTAINERS:
            raise FeedError("GZIP-NESTED", "an archive inside a gzip file is not opened: send the archive itself")
        yield from reader(inner, read_context)


def _read(members: ArchiveMembers, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the items of every member, in the archive's order.

    A member that cannot be read is one rejected item. One that breaks off after it has given items raises FeedError for
    the whole feed.
    """
    manifest = read_manifest(members)
    comparison = ArchiveControlTotals()
    debris = Debris()
    names: set[str] = set()  # of the members, where a manifest lists them
    for member in members:
        if debris.has(member, read_context):
            continue
        if members.repeated.is_met_again(member.name):
            yield rejected(duplicate(), member.place, member.name.encode())
        elif manifest is None:
            yield from comparison.member(member, None, read_context)
        elif member.name != manifest.name:
            names.add(member.name)
            yield from _listed(member, manifest, comparison, read_context)
    debris.finish(read_context)
    if manifest is not None:
        for missing in manifest.missing(names):
            message = "the manifest lists this file, and it is not here: send the container again"
            read_context.findings.append(fatal("MANIFEST-MISSING", message, missing))
        if manifest.whole is not None:
            read_context.declared.append(manifest.whole)
    read_context.declared.extend(comparison.declared())


def _listed(
    member: Member, manifest: Manifest, comparison: ArchiveControlTotals, read_context: ReadContext
) -> Iterator[BillDraft]:
    """Yield the items of a member that agrees with the manifest, or one rejected item when it does not."""
    try:
        said = manifest.check(member)
    except FeedError as refused:
        read_context.findings.append(refused.finding)
        yield rejected(refused, member.place, member.name.encode())
    else:
        yield from comparison.member(member, said, read_context)
