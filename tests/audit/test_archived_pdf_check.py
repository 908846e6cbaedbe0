"""The archive is looked through a share a day, and what is wrong with it stays said until it is mended."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import audit.archived_pdf_check
from audit.archived_pdf_check import DAYS, ArchiveCheck, ArchiveCheckResult
from bench.million_bill_store import fill
from store import Store
from store.bills.bill import BillRow

DAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BILLS = 60


class Watch:
    """Looks through the archive day by day, and remembers which bills were read."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        self.read: list[int] = []
        parts = audit.archived_pdf_check.Archive.parts

        def reading(archive: audit.archived_pdf_check.Archive, row: BillRow) -> tuple[bytes, bytes]:
            self.read.append(row.id)
            return parts(archive, row)

        monkeypatch.setattr(audit.archived_pdf_check.Archive, "parts", reading)
        monkeypatch.setattr(audit.archived_pdf_check, "LEAST", 1)
        monkeypatch.setattr(audit.archived_pdf_check, "_PAGE", 3)

    def look(self, day: int, *, everything: bool = False) -> tuple[ArchiveCheckResult, list[int]]:
        self.read.clear()
        check = ArchiveCheck(self.store, DAY + timedelta(days=day), lambda _: None)
        return check.everything() if everything else check.share(), list(self.read)

    def path_of(self, bill_id: int) -> Path:
        with self.store.reading() as session:
            name = session.get_one(BillRow, bill_id).segment_sha256
        return next(self.store.blobs.folder.rglob(str(name)))  # type: ignore[attr-defined]

    def flip(self, bill_id: int) -> bytes:
        """Change a byte of a bill's record; the file as it was."""
        path = self.path_of(bill_id)
        before = path.read_bytes()
        with self.store.reading() as session:
            row = session.get_one(BillRow, bill_id)
        assert row.segment_at is not None
        at = row.segment_at + 40
        path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
        return before


@pytest.fixture
def watch(store: Store, monkeypatch: pytest.MonkeyPatch) -> Watch:
    fill(store, BILLS, DAY)
    return Watch(store, monkeypatch)


def test_all_is_read_within_a_month_a_share_a_day(watch: Watch) -> None:
    days = [watch.look(day) for day in range(DAYS + 1)]
    assert [read for _, read in days[:3]] == [[1, 2], [3, 4], [5, 6]]
    assert {looked.bills for looked, _ in days} == {2}
    assert sorted(each for _, read in days[:DAYS] for each in read) == list(range(1, BILLS + 1))
    assert days[DAYS][1] == [1, 2], "and round again"
    assert days[0][0].of == BILLS


def test_a_day_has_one_share_however_often_it_is_asked_for(watch: Watch) -> None:
    assert [watch.look(0)[1], watch.look(0)[1], watch.look(1)[1]] == [[1, 2], [1, 2], [3, 4]]


def test_a_share_of_a_small_archive_is_all_of_it(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit.archived_pdf_check, "LEAST", 1000)
    watch.look(0)
    for day in (1, 2):
        looked, read = watch.look(day)
        assert (looked.bills, sorted(read)) == (BILLS, list(range(1, BILLS + 1)))


def test_what_is_wrong_stays_said_until_it_is_mended(watch: Watch) -> None:
    before = watch.flip(2)
    looked, _ = watch.look(0)
    assert [row[0] for row in looked.pdfs] == [2], "its neighbour in the same blob is sound"
    looked, read = watch.look(1)
    assert [row[0] for row in looked.pdfs] == [2]
    assert read == [3, 4, 2], "it is looked at again"
    watch.path_of(2).write_bytes(before)
    looked, _ = watch.look(2)
    assert looked.pdfs.number == 0


def test_everything_is_read_when_asked_for(watch: Watch) -> None:
    for bill_id in (7, 44):
        watch.flip(bill_id)
    assert watch.look(0)[0].pdfs.number == 0, "not in this day's share"
    looked, read = watch.look(0, everything=True)
    assert (looked.bills, len(read)) == (BILLS, BILLS)
    assert [row[0] for row in looked.pdfs] == [7, 44]
    assert watch.look(0)[1][:2] == [1, 2], "the share stands where it stood"
    watch.path_of(7).unlink()
    looked, _ = watch.look(0, everything=True)
    assert looked.pdfs.number > 1, "all that lay in that blob"


def test_a_prefix_that_was_changed_is_wrong_for_all_that_begin_with_it(watch: Watch) -> None:
    with watch.store.reading() as session:
        row = session.get_one(BillRow, 1)
    sha256 = next(iter(_prefixes(watch.store)))
    path = next(watch.store.blobs.folder.rglob(sha256))  # type: ignore[attr-defined]
    path.write_bytes(path.read_bytes().replace(b"all PDFs", b"ALL PDFs", 1))
    looked, _ = watch.look(0)
    assert [bill[0] for bill in looked.pdfs] == [1, 2]
    assert all(bill[2].code == "template_changed" for bill in looked.pdfs)
    assert row.number in looked.pdfs[0]


def _prefixes(store: Store) -> set[str]:
    from sqlalchemy import select

    from store.issuer import TemplateRow

    with store.reading() as session:
        return set(session.scalars(select(TemplateRow.prefix_sha256)))
