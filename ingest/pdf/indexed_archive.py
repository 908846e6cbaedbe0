"""Reads archives of ready-made PDFs: an index file that lists the bills, and PDFs with their pages.

The index is a file of any format that we read; `[pages]` in the profile says how its entries find their pages. Pages
claimed by two bills, or by none, go to no bill.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from typing import BinaryIO, Final

import msgspec

from bill import fatal
from ingest.containers.archive_member import Debris, duplicate, read_member, rejected
from ingest.containers.manifest import read_manifest
from ingest.containers.tar import HEADER, TarMembers, is_tar
from ingest.items import BillDraft
from ingest.pdf.page_matching import Files, PageClaim, PageSource, PrintStreams
from ingest.reader_interface import ReadContext
from untrusted.archives.archive_member import ArchiveMembers, Member
from untrusted.archives.gzip import GZIP, unpacked
from untrusted.archives.zip import ZIP, ZipMembers
from untrusted.feed_error import FeedError

_HEAD: Final = 1024


def read_index(source: BinaryIO, read_context: ReadContext) -> Iterator[BillDraft]:
    """Yield the bills of the index, each with its PDF pages; then pages that no entry claims, as rejected items."""
    pages = read_context.profile.pages
    assert pages is not None
    inner = replace(read_context, profile=msgspec.structs.replace(read_context.profile, pages=None))
    with ExitStack() as open_files:
        is_gzip = source.read(len(GZIP)) == GZIP
        source.seek(0)
        if is_gzip:
            source = open_files.enter_context(unpacked(source))
        indexes, printed, spoiled = _sorted_out(_members(source, read_context))
        yield from spoiled
        if not indexes:
            message = "there is no index beside these PDFs: send a file that lists the bills, with its terms by profile"
            raise FeedError("INDEX-MISSING", message)
        page_source: PageSource
        if pages.by == "file":
            page_source = Files(pages, printed, read_context.pdfs)
        else:
            page_source = open_files.enter_context(PrintStreams(pages, printed, read_context.pdfs))
        claims = _Claims(page_source, _entries(indexes, replace(inner, findings=[], declared=[])))
        for n, draft in enumerate(_entries(indexes, inner)):
            if draft.bill is not None:
                _put_pages(draft, claims.of(n), page_source)
            yield draft
        yield from claims.left_over()


def _members(source: BinaryIO, read_context: ReadContext) -> list[Member]:
    """Return the archive's members without its manifest, and add findings where they disagree with the manifest."""
    head = source.read(HEADER)
    archive = _archive(source, head)
    debris = Debris()
    members = [member for member in archive if not debris.has(member, read_context)]
    debris.finish(read_context)
    manifest = read_manifest(members)
    if manifest is None:
        return members
    read_context.declared += [] if manifest.whole is None else [manifest.whole]
    others = [member for member in members if member.name != manifest.name]
    for missing in manifest.missing({member.name for member in others}):
        read_context.findings.append(
            fatal("MANIFEST-MISSING", "the manifest lists this file, and it is not here", missing)
        )
    for member in others:
        try:
            manifest.check(member)
        except FeedError as refused:
            read_context.findings.append(refused.finding)
    return others


def _archive(source: BinaryIO, head: bytes) -> ArchiveMembers:
    if is_tar(head):
        return TarMembers(source)
    if head.startswith(ZIP):
        return ZipMembers(source)
    raise pages_missing()


def pages_missing() -> FeedError:
    """Return the error for bills that come without the archive of their pages."""
    return FeedError("INDEX-ALONE", "the profile says that bills come with their pages: send both in one ZIP or tar")


def _sorted_out(members: Sequence[Member]) -> tuple[list[Member], list[Member], list[BillDraft]]:
    """Return the index files, the PDFs, and rejected items for members that cannot be opened."""
    indexes: list[Member] = []
    printed: list[Member] = []
    spoiled: list[BillDraft] = []
    names: set[str] = set()
    for member in members:
        try:
            if member.name in names:
                raise duplicate()
            names.add(member.name)
            with member.unpacked() as file:
                (printed if b"%PDF-" in file.read(_HEAD) else indexes).append(member)
        except FeedError as refused:
            if refused.finding.rule == "ZIP-CORRUPT":
                raise
            spoiled.append(rejected(refused, member.place, member.name.encode()))
    return indexes, printed, spoiled


def _entries(indexes: Sequence[Member], read_context: ReadContext) -> Iterator[BillDraft]:
    for member in indexes:
        yield from read_member(member, read_context)


def _put_pages(draft: BillDraft, claim: PageClaim | FeedError, page_source: PageSource) -> None:
    """Give a draft its pages; without pages, or with pages that may not be shown, it loses its bill."""
    try:
        if isinstance(claim, FeedError):
            raise claim
        draft.pages, draft.text, draft.lacks = page_source.take(claim)
    except FeedError as refused:
        draft.findings.append(refused.at(refused.finding.place or draft.place).finding)
        draft.bill = None
    else:
        draft.body_sha = sha256(draft.body_sha.encode() + draft.pages).hexdigest()


class _Claims:
    """Which entry of the index claims which pages. All claims are collected before the first entry gets its pages."""

    def __init__(self, page_source: PageSource, entries: Iterator[BillDraft]) -> None:
        self._page_source = page_source
        self._claims: list[PageClaim | FeedError] = []
        self._numbers: list[str | None] = []
        for draft in entries:
            self._claims.append(page_source.claim(draft))
            self._numbers.append(draft.number)
        self._shared = self._overlaps()
        self._some_missing = any(isinstance(claim, FeedError) for claim in self._claims)

    def of(self, n: int) -> PageClaim | FeedError:
        """Return the pages that the n-th entry gets, or the error that says why it gets none."""
        if (number := self._numbers[n]) in self._shared:
            sentence = "bill {bill} claims these pages too: whose they are cannot be told"
            return FeedError("INDEX-PAGES-SHARED", sentence, bill=self._shared[number] or "?")
        claim = self._claims[n]
        if isinstance(claim, PageClaim) and not claim.is_sure and self._some_missing:
            message = (
                "an entry of the index has no pages, and they may be among these: put the number on every page, or "
                "map pages.count"
            )
            return FeedError("INDEX-PAGES-DOUBTFUL", message, self._page_source.shown(claim)[0])
        return claim

    def left_over(self) -> Iterator[BillDraft]:
        """Yield a rejected item for each range of pages that no entry claims: an index entry may be missing."""
        taken: dict[int, list[PageClaim]] = {}
        for _, claim in self._standing():
            taken.setdefault(claim.file, []).append(claim)
        for file, count in enumerate(self._page_source.extents):
            at = 0
            for claim in (*taken.get(file, ()), PageClaim(file, count, count)):
                if claim.first > at:
                    place, sha = self._page_source.shown(PageClaim(file, at, claim.first - 1))
                    message = "no entry of the index claims these pages: add it to the index, or leave them out"
                    yield BillDraft(place, sha, findings=[fatal("INDEX-ENTRY-MISSING", message, place)])
                at = max(at, claim.last + 1)

    def _standing(self) -> list[tuple[int, PageClaim]]:
        """Return the valid claims in page order, each with its entry's place in the index."""
        found = [(n, claim) for n, claim in enumerate(self._claims) if isinstance(claim, PageClaim)]
        return sorted(found, key=lambda each: (each[1].file, each[1].first, each[1].last))

    def _overlaps(self) -> dict[str | None, str | None]:
        """Return the bill numbers whose pages another number claims too, with that other number."""
        shared: dict[str | None, str | None] = {}
        furthest = PageClaim(-1, 0, 0)
        whose: str | None = None
        for n, claim in self._standing():
            number, is_same_file = self._numbers[n], claim.file == furthest.file
            if is_same_file and claim.first <= furthest.last and number != whose:
                shared[number], shared[whose] = whose, number
            if not is_same_file or claim.last > furthest.last:
                furthest, whose = claim, number
        return shared
