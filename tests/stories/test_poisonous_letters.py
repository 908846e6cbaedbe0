"""One letter never stops another's: a batch with a poisonous letter of each kind is handed over in time without it, and
foreign pages are opened in the limited process alone."""

import errno
import io
import resource
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import pikepdf
import pytest
from sqlalchemy import select, update

import delivery.channels.paper.print_handover
import delivery.channels.paper.read_batch_letters
from audit.run_all_checks import check
from bill import PostalAddress, Reason
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from render.print.parse_archived_bill import NotOurs
from render.print.print_stream import PrintStream
from render.print.read_letter_pages import read_pages
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.print_batch import PrintBatch
from store.vault.pdf_segment import Archive, PDFChanged
from tests.render.print.test_foreign_pages import own_pdf
from tests.sample_feeds import batch, ubl
from tests.spelled_reasons import french

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
CUT_OFF = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)  # half past five in Paris


def edited(edit: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(own_pdf(1))) as pdf:
        edit(pdf)
        pdf.save(out)
    return out.getvalue()


def broken_contents() -> bytes:
    """Its page has a size, and is easily measured; what it shows is no stream."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Contents = pikepdf.Dictionary()

    return edited(edit)


def deep_fonts() -> bytes:
    """A font in a font in a font: whoever follows falls."""

    def edit(pdf: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font)
        for _ in range(1500):
            font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Next=font))
        pdf.pages[0].obj.Resources.Font = pikepdf.Dictionary(F9=font)

    return edited(edit)


@cache
def bomb() -> bytes:
    """A megabyte that unpacks to more than a gigabyte as soon as it is opened: its objects lie in an object stream."""
    pump, piece = zlib.compressobj(9), bytes(1 << 24)
    packed = b"".join(pump.compress(piece) for _ in range(80)) + pump.flush()
    objects = b"%%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 2/First 20/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    objects += packed + b"\nendstream\nendobj\n"
    entries = [(0, 0, 0), (1, 9, 0), (2, 1, 0), (2, 1, 1), (1, len(objects), 0)]
    rows = b"".join(struct.pack(">BIB", *entry) for entry in entries)
    table = b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 2 0 R/Length %d>>stream\n%b\nendstream\nendobj\n"
    return objects + table % (len(rows), rows) + b"startxref\n%d\n%%%%EOF\n" % len(objects)


def truncated() -> bytes:
    whole = own_pdf(1)
    return whole[: len(whole) // 3]


POISONS = {"contents": broken_contents, "fonts": deep_fonts, "bomb": bomb, "truncated": truncated}


@pytest.mark.parametrize("kind", POISONS)
def test_pages_that_cannot_be_printed_are_refused_by_the_worker(kind: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NotOurs):
        read_pages(b"", POISONS[kind]())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000, "in this process, in kB"
    assert read_pages(b"", own_pdf(2))[:2] == (2, 0), "the next one is printed"


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def letters(pipeline: Pipeline, count: int) -> None:
    """So many letters, F-0 to F-n, that have joined the open batch."""
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "alice-energie", "Alice Énergie", NOW)
    feed = batch(ubl(f"F-{n}", f"C-{n}") for n in range(count))
    drop_feed(pipeline.store, issuer, io.BytesIO(feed), "mars.xml", "cli", NOW)
    pipeline.work_until_idle(NOW)


def letter_states(store: Store) -> dict[str, str]:
    query = select(BillRow.number, Delivery.state).join(Delivery, Delivery.bill_id == BillRow.id)
    with store.reading() as session:
        return dict(row._tuple() for row in session.execute(query.where(Delivery.channel == "paper")))


def test_a_batch_goes_in_time_without_its_poisonous_letters(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(pipeline, 8)
    real_parts, real_overlay = Archive.parts, delivery.channels.paper.read_batch_letters.overlay_of
    poisons = dict(zip(("F-1", "F-2", "F-3", "F-4"), POISONS.values(), strict=True))

    def parts(self: Archive, row: BillRow) -> tuple[bytes, bytes]:
        if row.number == "F-5":
            raise PDFChanged(Reason.of("pdf_changed", bill="L-1"))
        return (b"", poisons[row.number]()) if row.number in poisons else real_parts(self, row)

    def overlay_of(letter: Any, *more: Any, **and_more: Any) -> Any:
        if letter.bill.number == "F-6":
            raise ZeroDivisionError("an overlay of ours is wrong")
        return real_overlay(letter, *more, **and_more)

    monkeypatch.setattr(Archive, "parts", parts)
    monkeypatch.setattr(delivery.channels.paper.read_batch_letters, "overlay_of", overlay_of)
    with store.writing() as session:  # its address was taken back after it joined
        seventh = select(BillRow.account_id).where(BillRow.number == "F-7").scalar_subquery()
        nowhere = msgspec.msgpack.encode(PostalAddress())
        session.execute(update(CustomerAccount).where(CustomerAccount.id == seventh).values(address=nowhere))
    pipeline.work_until_idle(CUT_OFF + timedelta(minutes=5))
    expected = {f"F-{n}": "failed" for n in range(1, 8)} | {"F-0": "sent"}
    assert letter_states(store) == expected
    with store.reading() as session:
        handed = session.scalars(select(PrintBatch)).one()
        assert (handed.state, handed.letters) == ("handed_over", 1)
        reasons = session.scalars(select(Delivery).where(Delivery.state == "failed")).all()
    assert len({french(letter.reason) for letter in reasons}) == 7


def test_a_press_that_is_jammed_sets_nobody_apart_at_once(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All letters fail of something that is none's own: it is raised; they are set apart when it does not end."""
    letters(pipeline, 2)

    def jams(*_: Any) -> int:
        raise RuntimeError("the press is jammed")

    monkeypatch.setattr(PrintStream, "add", jams)
    late = CUT_OFF + timedelta(minutes=5)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="jammed"):
            pipeline.work_until_idle(late)
        assert set(letter_states(store).values()) == {"attempting"}
    pipeline.work_until_idle(late)
    assert set(letter_states(store).values()) == {"failed"}


def test_a_batch_that_is_late_is_named_and_so_is_one_that_nobody_acknowledges(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(pipeline, 2)
    in_time, late = CUT_OFF + timedelta(minutes=50), CUT_OFF + timedelta(minutes=70)
    assert [row[0] for row in check(store, now=late).invariants["batches_late"]] == [1], "nobody works"
    with monkeypatch.context() as patch:
        patch.setattr(delivery.channels.paper.print_handover, "_write_runs", _full)
        pipeline.work_until_idle(in_time)
        assert check(store, now=in_time).invariants["batches_late"] == []
        assert [row[0] for row in check(store, now=late).invariants["batches_late"]] == [1], "nobody takes it"
    pipeline.work_until_idle(late)
    assert not any(check(store, now=late).invariants.values())
    assert [row[2] for row in check(store, now=late + timedelta(days=4)).invariants["letters_unacknowledged"]] == [2]


def _full(*_: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")
