"""Matches the bills of an index to their PDF pages: one PDF per bill, or a range of pages of a print stream."""

import shutil
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO, Final, NamedTuple, Protocol
from unicodedata import normalize

from ingest.items import BillDraft
from ingest.pdf.sandboxed_pdf import LARGEST_PAGES, SandboxedPdfReader
from issuers.profile import OwnPagesTable
from untrusted.archives.archive_member import Member
from untrusted.feed_error import FeedError

#: The most pages of one print stream; the sender splits a longer one.
MOST_PAGES: Final = 50_000
#: The most pages of one bill.
MOST_PAGES_A_BILL: Final = 1_000
#: The text of so many pages of a bill is kept, so that the bill can be found by it.
_READ_PAGES: Final = 20


class PageClaim(NamedTuple):
    """A range of pages of one PDF of the feed, counted from 0, both ends included. A PDF that is one bill counts as one
    page. *is_sure* is False where only the first page was found and the next pages were assumed to follow."""

    file: int
    first: int
    last: int
    is_sure: bool = True


class MatchedPages(NamedTuple):
    """A bill's own pages as a PDF, their text, and their archival defects (`ingest.pdf.feed_archival_defects`)."""

    pages: bytes
    text: str
    lacks: tuple[str, ...]


class PageSource(Protocol):
    """The PDFs of a feed, from which bills take their pages. *extents* is the number of pages of each PDF."""

    extents: list[int]

    def claim(self, draft: BillDraft) -> PageClaim | FeedError:
        """Return the pages that this entry of the index claims, or the error that says why it has none."""

    def take(self, claim: PageClaim) -> MatchedPages:
        """Return the pages as a PDF; raises FeedError when they may not be shown."""

    def shown(self, claim: PageClaim) -> tuple[str, str]:
        """Return the name of these pages for findings, and a digest of them."""


_NO_BOOKMARK: Final = "no bookmark bears this bill's number: it has no pages"
_NO_MARK: Final = "no mark on a page bears this bill's number: it has no pages"


class Files:
    """One PDF per bill, found by its file name: the term `pages.file`, or the profile's pattern with the bill's
    number."""

    def __init__(self, pages: OwnPagesTable, members: Sequence[Member], pdfs: SandboxedPdfReader) -> None:
        self._pattern = pages.file
        self._members = members
        self._pdfs = pdfs
        self._named = _by_name(members)
        self.extents = [1] * len(members)

    def claim(self, draft: BillDraft) -> PageClaim | FeedError:
        """Return the PDF with this entry's file name, as one page, or the error when no file or several have it."""
        name = draft.whereabouts.file or self._pattern.replace("{number}", draft.number or "")
        at = _find(self._named, name)
        if at is None:
            sentence = "no file, or more than one, is called '{name}' in the archive: this bill has no pages"
            return FeedError("INDEX-PAGES-MISSING", sentence, name=name[:200])
        return PageClaim(at, 0, 0)

    def take(self, claim: PageClaim) -> MatchedPages:
        """Return the whole PDF; raises FeedError when it has too many pages or may not be shown."""
        with self._members[claim.file].unpacked() as file:
            document = file.read(LARGEST_PAGES + 1)
        look = self._pdfs.look(document)
        if look.pages > MOST_PAGES_A_BILL:
            raise _too_many(look.pages)
        return MatchedPages(document, look.text, look.lacks)

    def shown(self, claim: PageClaim) -> tuple[str, str]:
        """Return the file's name and a digest of the name."""
        member = self._members[claim.file]
        return member.place, sha256(member.name.encode()).hexdigest()


class PrintStreams:
    """Print streams (one PDF with the pages of many bills). Pages are found by page numbers in the index, by bookmarks,
    or by a text mark on the pages."""

    def __init__(self, pages: OwnPagesTable, members: Sequence[Member], pdfs: SandboxedPdfReader) -> None:
        self._pages = pages
        self._members = members
        self._pdfs = pdfs
        self._named = _by_name(members)
        self._files: list[IO[bytes]] = []
        self._texts = _Texts()
        self._marked: dict[str, list[PageClaim]] = {}
        self._unread: set[tuple[int, int]] = set()
        self.extents: list[int] = []

    def __enter__(self) -> "PrintStreams":
        try:
            for file, member in enumerate(self._members):
                self._open(file, member)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def claim(self, draft: BillDraft) -> PageClaim | FeedError:
        """Return the pages of this entry, or the error when they are missing or the index gives another count."""
        if self._pages.by == "index":
            return self._indexed(draft)
        claim, wanted = self._marked_for(draft.number or ""), draft.whereabouts.count
        if isinstance(claim, FeedError) or not wanted:
            return claim
        if (count := claim.last - claim.first + 1) != wanted:
            sentence = "the index says {said} pages, and {count} go from this bill's number to the next"
            return FeedError("INDEX-PAGES-COUNT", sentence, said=wanted, count=count)
        return claim._replace(is_sure=True)

    def take(self, claim: PageClaim) -> MatchedPages:
        """Return the pages cut out as a PDF; raises FeedError for too many pages or for one that cannot be read."""
        count = claim.last - claim.first + 1
        if count > MOST_PAGES_A_BILL:
            raise _too_many(count)
        if any((claim.file, n) in self._unread for n in range(claim.first, claim.last + 1)):
            message = "a page here cannot be read: it may bear another bill's number"
            raise FeedError("INDEX-PAGES-UNREAD", message, self.shown(claim)[0])
        path = self._files[claim.file].name
        document, seen = self._pdfs.cut(path, claim.first, claim.last, is_read=self._pages.by != "marks")
        few = range(claim.first, min(claim.last + 1, claim.first + _READ_PAGES))
        return MatchedPages(document, seen.text or "\f".join(self._texts.of(claim.file, n) for n in few), seen.lacks)

    def shown(self, claim: PageClaim) -> tuple[str, str]:
        """Return the file's name with the page numbers, and a digest of both."""
        member = self._members[claim.file]
        pages = f"page {claim.first + 1}" if claim.first == claim.last else f"pages {claim.first + 1}-{claim.last + 1}"
        place = f"{member.place}: {pages}"
        return place, sha256(f"{member.name}: {pages}".encode()).hexdigest()

    # -- finding pages -----------------------------------------------------------------------------------------

    def _indexed(self, draft: BillDraft) -> PageClaim | FeedError:
        where = draft.whereabouts
        file = _find(self._named, where.file) if where.file else (0 if len(self._members) == 1 else None)
        if file is None:
            message = "the print stream is not there, or not named: map pages.file where there are several"
            return FeedError("INDEX-PAGES-MISSING", message)
        claim = PageClaim(file, where.first - 1, where.first + where.count - 2)
        if not 0 <= claim.first <= claim.last < self.extents[file]:
            sentence, name = "{file} has {count} pages, not those that the index says", self._members[file].place
            return FeedError("INDEX-PAGES-MISSING", sentence, file=name, count=self.extents[file])
        return claim

    def _marked_for(self, number: str) -> PageClaim | FeedError:
        claims = self._marked.get(_plain(number), [])
        if len(claims) == 1:
            return claims[0]
        if claims:
            sentence = "pages of {bill} stand at {count} places: which are meant?"
            return FeedError("INDEX-PAGES-APART", sentence, bill=number[:100], count=len(claims))
        by_bookmarks = self._pages.by == "bookmarks"
        return FeedError("INDEX-PAGES-MISSING", _NO_BOOKMARK if by_bookmarks else _NO_MARK)

    def _open(self, file: int, member: Member) -> None:
        """Unpack a print stream to a temporary file for the sandbox worker, and find which bill each page belongs
        to."""
        named = tempfile.NamedTemporaryFile(suffix=".pdf")  # noqa: SIM115 - closed with the rest
        self._files.append(named)
        with member.unpacked() as unpacked:
            shutil.copyfileobj(unpacked, named)
        named.flush()
        try:
            self._find_bills(file, named.name)
        except FeedError as refused:
            raise refused.at(member.place) from refused

    def _find_bills(self, file: int, path: str) -> None:
        by, mark = self._pages.by, self._pages.mark
        outline = self._pdfs.outline(path, mark if by == "bookmarks" else "")
        if outline.pages > MOST_PAGES:
            raise FeedError(
                "PDF-TOO-LARGE", "more than {most} pages in one print stream: send several", most=MOST_PAGES
            )
        self.extents.append(outline.pages)
        marks = outline.bookmarks if by == "bookmarks" else self._marks(file, path) if by == "marks" else ()
        for number, claim in _runs(file, marks, outline.pages):
            self._marked.setdefault(_plain(number), []).append(claim)

    def _marks(self, file: int, path: str) -> Iterator[tuple[str, int]]:
        for n in range(self.extents[file]):
            page = self._pdfs.page(path, n, self._pages.mark)
            self._texts.keep(file, n, page.text)
            if not page.is_read:
                self._unread.add((file, n))
            if page.number:
                yield page.number, n

    def _close(self) -> None:
        self._texts.close()
        for file in self._files:
            file.close()


class _Texts:
    """The text of pages, kept on disk until their bill is made, because a print stream can hold more text than memory
    should."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the print streams
        self._ends: list[array[int]] = []

    def keep(self, file: int, n: int, text: str) -> None:
        """Store the text of page *n* of a file."""
        while len(self._ends) <= file:
            self._ends.append(array("q", [self._file.seek(0, 2)]))
        assert len(self._ends[file]) == n + 1
        self._file.write(text.encode())
        self._ends[file].append(self._file.tell())

    def of(self, file: int, n: int) -> str:
        """Return the text of page *n* of a file."""
        if file >= len(self._ends):
            return ""
        start, end = self._ends[file][n : n + 2]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def close(self) -> None:
        """Delete the temporary file."""
        self._file.close()


def _runs(file: int, marks: Iterable[tuple[str, int]], pages: int) -> list[tuple[str, PageClaim]]:
    """Return the page range of each bill number from the marks in page order: a range ends before the next other
    number. Two numbers on one page both claim it."""
    groups = [(number, [n for _, n in group]) for number, group in groupby(marks, key=lambda mark: mark[0])]
    ends = [at[0] for _, at in groups[1:]] + [pages]
    found = []
    for (number, at), end in zip(groups, ends, strict=False):
        last = max(at[0], end - 1)
        found.append((number, PageClaim(file, at[0], last, is_sure=len(set(at)) == last - at[0] + 1)))
    return found


def _by_name(members: Sequence[Member]) -> dict[str, int | None]:
    """Return the members by full name, and by the last part of the path where only one member has it."""
    by_last: dict[str, int | None] = {}
    by_path: dict[str, int | None] = {}
    for at, member in enumerate(members):
        path = _plain(member.name)
        last = PurePosixPath(path).name
        by_last[last] = None if last in by_last else at
        by_path[path] = None if path in by_path else at
    return {**by_last, **by_path}


def _find(named: dict[str, int | None], name: str) -> int | None:
    plain = _plain(name)
    return named[plain] if plain in named else named.get(PurePosixPath(plain).name)


def _plain(name: str) -> str:
    """Return a name for comparison: composed letters (UAX 15, NFC), slashes forward."""
    return normalize("NFC", name.strip().replace("\\", "/"))


def _too_many(count: int) -> FeedError:
    sentence = "{count} pages for one bill: {most} are the most"
    return FeedError("PAGES-TOO-MANY", sentence, count=count, most=MOST_PAGES_A_BILL)
