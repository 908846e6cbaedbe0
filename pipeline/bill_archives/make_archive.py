"""The job "bill archive": writes a person's bills into one ZIP file, contract by contract, newest first.

Each part that is written is recorded with the bill that it ends with, so that whoever takes the job over goes on from
there. The indexes come last, made from what the parts know; so does the directory of the ZIP file. The same bills give
the same bytes. Memory does not grow with the number of bills.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import chain, takewhile
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bill import Reason
from pipeline.bill_archives.archive_entry import ArchiveEntry, archive_entry
from pipeline.bill_archives.archive_paths import DayPaths, account_folders
from pipeline.bill_archives.archive_readme import archive_readme
from pipeline.bill_archives.archive_summary import summary_of
from pipeline.bill_archives.files_of_bill import BillFile, files_of_bill
from pipeline.bill_archives.index_json import index_json
from pipeline.bill_archives.index_page import index_page
from pipeline.bill_archives.index_table import index_table
from pipeline.bill_archives.part_writer import ArchiveTakenOver, PartWriter, entries_of
from pipeline.bill_archives.zip_records import ArchivedFile, central_record, end_of_archive, pack_file, stream_file
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bill_archives.bill_archive import ARCHIVE_READY, KEPT, BillArchive, next_bills
from store.bills.bill import BillRow
from store.blobs.blob_store import BlobChanged, BlobMissing
from store.db.event import record
from store.issuer import Issuer
from store.job import Job, finish_job, request_job
from store.vault.encryption import DecryptionFailed, RootKeyMissing
from store.vault.pdf_segment import Archive
from words.catalogue import known_language, say

log = logging.getLogger(__name__)
#: Bills read at a time.
_GROUP: Final = 20
SUMS: Final = "SHA256SUMS"
_LAST: Final = ("last_account_id", "last_issue_date", "last_bill_id")


class _Contract(NamedTuple):
    """An account in the archive: its folder, and what it is called."""

    id: int
    issuer: str
    number: str
    folder: str


def making_archive(store: Store, job: Job, clock: Callable[[], datetime], zone: ZoneInfo) -> Iterator[None]:
    """Do a job that asks for an archive: yields between some bills. Raises what is an outage; an archive that nobody
    wants any more, or that another process makes, ends the job here."""
    with store.reading() as session:
        archive = session.get(BillArchive, job.particulars["archive_id"])
    if archive is None or archive.job_id != job.id or archive.ready_at is not None or archive.expires_at <= clock():
        _end(store, job)  # a database may give the number of a deleted archive to another
        return
    try:
        yield from _ArchiveMaker(store, job, archive, clock, zone).make()
    except ArchiveTakenOver:
        _end(store, job)


def _end(store: Store, job: Job) -> None:
    with store.writing() as session:
        finish_job(session, job.id, why=Reason("email_moot"))


class _ArchiveMaker:
    def __init__(
        self, store: Store, job: Job, archive: BillArchive, clock: Callable[[], datetime], zone: ZoneInfo
    ) -> None:
        self._store = store
        self._job = job
        self._archive = archive
        self._clock = clock
        self._language = known_language(archive.language)
        self._made_on = archive.asked_at.astimezone(zone).date()
        self._root = say("factures", self._language)
        self._done, self._left_out = archive.bills_done, archive.left_out

    def make(self) -> Iterator[None]:
        try:
            self._writer = PartWriter(self._store, self._job, self._archive)
            self._writer.drop_unfinished()
            yield from self._add_bills()
            yield from self._add_indexes()
        except RootKeyMissing:
            raise
        except (BlobMissing, BlobChanged, DecryptionFailed) as error:  # a part of ours is lost: nothing to go on from
            log.warning("archive %s cannot be made: %s", self._archive.id, error)
            with self._store.writing() as session:
                finish_job(session, self._job.id, why=Reason.of("job_failed", error=str(error)))

    # -- the bills -----------------------------------------------------------------------------------------------

    def _add_bills(self) -> Iterator[None]:
        contracts = self._contracts()
        last = self._archive.last_account_id
        begun = next((n for n, each in enumerate(contracts) if each.id == last), 0)
        for contract in contracts[begun:]:
            yield from self._add_contract(contract)
        self._write_part()

    def _contracts(self) -> list[_Contract]:
        with self._store.reading() as session:
            accounts = [session.get_one(CustomerAccount, each) for each in self._archive.account_ids]
            named = [(each, session.get_one(Issuer, each.issuer_id).name) for each in accounts]
        folders = account_folders([f"{issuer} {each.number}".strip() for each, issuer in named], self._root)
        return [
            _Contract(each.id, issuer, each.number, folder)
            for (each, issuer), folder in zip(named, folders, strict=True)
        ]

    def _add_contract(self, contract: _Contract) -> Iterator[None]:
        day, paths = self._archive.last_issue_date, self._paths_of_last_day(contract)
        while True:
            with self._store.reading() as session:
                rows = next_bills(session, self._archive, contract.id, _GROUP)
                reader = self._store.archive(session)
                for row in rows:
                    if row.issue_date != day:
                        day, paths = row.issue_date, DayPaths(contract.folder)
                    self._add_bill(row, contract, paths, reader)
            if not rows:
                return
            yield

    def _paths_of_last_day(self, contract: _Contract) -> DayPaths:
        """The paths that bills of the day where the archive goes on have already."""
        if self._archive.last_account_id != contract.id:
            return DayPaths(contract.folder)
        day = self._archive.last_issue_date
        earlier = entries_of(self._store, self._archive, newest_part_first=True)
        same = takewhile(lambda each: (each.account_id, each.issue_date) == (contract.id, day), earlier)
        return DayPaths(contract.folder, [file.path for each in same for file in each.files])

    def _add_bill(self, row: BillRow, contract: _Contract, paths: DayPaths, reader: Archive) -> None:
        files = files_of_bill(reader, row)
        endings, names = [each.name for each in files.documents], [each.name for each in files.attachments]
        given = chain(*paths.give(f"{row.issue_date} {row.number}", endings, names))
        kept: list[ArchivedFile] = []
        left_out: list[str] = []
        for path, file in zip(given, (*files.documents, *files.attachments), strict=True):
            if file.content is None:
                left_out.append(path.rpartition("/")[2])
            else:
                kept.append(self._add_file(path, file, file.content, row.issue_date))
        self._writer.add_bill(archive_entry(row, contract.issuer, contract.number, self._language, kept, left_out))
        self._done, self._left_out = self._done + 1, self._left_out + len(left_out)
        self._archive.last_account_id = contract.id
        self._archive.last_issue_date, self._archive.last_bill_id = row.issue_date, row.id
        if self._writer.is_full:
            self._write_part()

    def _add_file(self, path: str, file: BillFile, content: bytes, day: date) -> ArchivedFile:
        packed, written = pack_file(path, content, day, self._writer.at, is_text=file.is_text)
        self._writer.add(written)
        return packed

    def _write_part(self) -> None:
        """Write a part that ends with a bill: from there the archive can go on."""
        self._writer.write_part()
        last = {name: getattr(self._archive, name) for name in _LAST}
        with self._store.writing() as session:
            self._writer.record(session, self._clock(), bills_done=self._done, left_out=self._left_out, **last)
        self._archive.parts_done = self._writer.parts

    # -- what is made of them ------------------------------------------------------------------------------------

    def _bills(self) -> Iterator[ArchiveEntry]:
        return entries_of(self._store, self._archive)

    def _add_indexes(self) -> Iterator[None]:
        summary = summary_of(self._bills())
        yield
        readme = archive_readme(summary, self._made_on, self._root, self._language)
        files: list[ArchivedFile] = []
        for path, pieces in (
            ("index.html", index_page(self._bills(), summary, self._made_on, self._language)),
            ("index.csv", index_table(self._bills(), self._language)),
            ("index.json", index_json(self._bills(), summary, self._made_on)),
            ("README.txt", iter([readme])),
        ):
            yield from self._stream(path, pieces, files)
        every = chain((file for bill in self._bills() for file in bill.files), tuple(files))
        yield from self._stream(SUMS, (f"{file.sha256}  {file.path}\n".encode() for file in every), files)
        yield from self._add_directory(files)
        self._finish()

    def _stream(self, path: str, pieces: Iterable[bytes], files: list[ArchivedFile]) -> Iterator[None]:
        for piece in stream_file(path, pieces, self._made_on, self._writer.at):
            if isinstance(piece, ArchivedFile):
                files.append(piece)
            else:
                self._writer.add(piece)
            if self._writer.is_full:
                self._writer.write_part()
            yield

    def _add_directory(self, files: list[ArchivedFile]) -> Iterator[None]:
        begins, number = self._writer.at, 0
        for file in chain((file for bill in self._bills() for file in bill.files), files):
            self._writer.add(central_record(file))
            number += 1
            if self._writer.is_full:
                self._writer.write_part()
                yield
        self._writer.add(end_of_archive(number, self._writer.at - begins, begins))

    def _finish(self) -> None:
        self._writer.write_part()
        now, consumer_id = self._clock(), self._archive.consumer_id
        with self._store.writing() as session:
            self._writer.record(session, now, ready_at=now, expires_at=now + KEPT)
            record(session, "consumer", consumer_id, "archive ready", now)
            request_job(session, ARCHIVE_READY, {"consumer_id": consumer_id, "archive_id": self._archive.id}, now)
            finish_job(session, self._job.id)
