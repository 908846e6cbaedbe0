"""Alice takes all her bills away in one file: whole, in order, to be checked anywhere. A worker that is killed under
way leaves no half archive behind, and another goes on where it was."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import delete, func, select, update

from bill import Attachment
from config import Config
from consumers.leaving.close_space import close_space
from consumers.leaving.erase_person import erase_person
from delivery.channels.email.smtp.smtp_client import SmtpClient
from pipeline.bill_archives import part_writer
from pipeline.bill_archives.make_archive import making_archive
from pipeline.feed_pipeline import Pipeline
from store import Store, open_store
from store.accounts.consumer import Consumer, Enrolment
from store.bill_archives.bill_archive import (
    BILL_ARCHIVE,
    KEPT,
    ArchiveScope,
    BillArchivePart,
    archive_of,
    delete_archive,
)
from store.bill_archives.renew_archive_keys import renew_archive_keys
from store.bills.bill import BillRow
from store.job import Job, claim_job
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.pipeline.bill_archives.archives_made import archives, ask, blobs_of, opened, saved, work
from tests.portal.sample_town import World, a_bill, furnish

SCRIPT = Path(__file__).parents[3] / "docs" / "read_bill_archive.py"


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://localhost:9", config.sender))


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock())


@pytest.fixture
def alice(world: World) -> Consumer:
    numbers = furnish(world)
    holds = dict(zip(numbers.values(), ("C-1001", "R-1187", "0612345678", "00412"), strict=True))
    return world.consumer("Alice Martin", holds=holds)


def test_everything_is_in_it_and_opens_elsewhere(
    alice: Consumer, store: Store, pipeline: Pipeline, clock: Clock, tmp_path: Path
) -> None:
    ask(store, alice.id, clock)
    assert ask(store, alice.id, clock) is None, "one at a time"
    work(pipeline, clock)
    content = saved(store, alice.id, clock)
    with opened(content) as archive:
        assert archive.testzip() is None
        index = json.loads(archive.read("index.json"))
        names = archive.namelist()
        page, table = archive.read("index.html").decode(), archive.read("index.csv").decode("utf-8-sig")
        readme = archive.read("README.txt").decode()
        pdfs = [each for each in names if each.endswith(".pdf")]
    with store.reading() as session:
        rows = session.scalars(select(BillRow)).all()
    assert index["documents_count"] == len(rows) == len(pdfs)
    signed = [-row.gross if row.type_code == "381" else row.gross for row in rows if row.gross is not None]
    assert Decimal(index["totals"]["EUR"]) == sum(signed)
    sums = {each["files"][0]["sha256"] for each in index["documents"]}
    assert sums == {row.pdf_sha256 for row in rows}, "the PDFs are those that were archived, bit for bit"
    assert "factures/Banque des Deux Rives 00412/2026-01-19 B-2026.pdf" in names
    assert "factures/Lumière de l’Ouest C-1001/2026-02-28 LO-00 CII.xml" in names
    assert "factures/Lumière de l’Ouest C-1001/2026-02-28 LO-00 UBL.xml" in names
    assert "factures/Lumière de l’Ouest C-1001/2026-02-28 LO-00/1 relevé.csv" in names
    assert len({name.casefold() for name in names}) == len(names)
    assert page.count("<tr><td>") == len(rows)
    assert "://" not in page, "nothing outside is asked for"
    assert "<script" not in page
    read = list(csv.reader(StringIO(table), delimiter=";"))
    assert len(read) == len(rows) + 1
    assert "sha256sum -c SHA256SUMS" in readme

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.zip").write_bytes(content)
    shutil.copy(SCRIPT, elsewhere / "read.py")
    command = [sys.executable, "-I", "read.py", "a.zip"]
    told = subprocess.run(command, cwd=elsewhere, check=True, capture_output=True, text=True).stdout
    assert f"{len(rows)} documents, all as they were" in told
    broken = content.replace(b"% LO-00", b"% LO-99", 1)
    (elsewhere / "a.zip").write_bytes(broken)
    assert subprocess.run(
        [sys.executable, "-I", "read.py", "a.zip"], cwd=elsewhere, check=False, capture_output=True
    ).returncode
    assert len(SCRIPT.read_text().splitlines()) <= 36


@pytest.mark.skipif(shutil.which("unzip") is None or shutil.which("sha256sum") is None, reason="no unzip here")
def test_unzip_and_sha256sum_agree(
    alice: Consumer, store: Store, pipeline: Pipeline, clock: Clock, tmp_path: Path
) -> None:
    ask(store, alice.id, clock, ArchiveScope(year=2026))
    work(pipeline, clock)
    (tmp_path / "a.zip").write_bytes(saved(store, alice.id, clock))
    subprocess.run(["unzip", "-tq", "a.zip"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run(["unzip", "-q", "a.zip", "-d", "out"], cwd=tmp_path, check=True, capture_output=True)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path / "out", check=True, capture_output=True
    )
    assert checked.stdout.count(b": OK") == sum(each.is_file() for each in (tmp_path / "out").rglob("*")) - 1
    days = [each.name[:4] for each in (tmp_path / "out" / "factures").rglob("*.pdf")]
    assert set(days) == {"2026"}


def test_one_contract_and_nothing_of_others(
    alice: Consumer, world: World, store: Store, pipeline: Pipeline, clock: Clock
) -> None:
    """Bob holds no contract of Alice's; Alice takes one contract away, or none once she holds it no longer."""
    bob = world.consumer("Bob Durand")
    assert ask(store, bob.id, clock) is None
    with store.reading() as session:
        eaux = session.scalars(select(BillRow).where(BillRow.number == "EAU-2")).one().account_id
    assert ask(store, bob.id, clock, ArchiveScope(account_id=eaux)) is None
    ask(store, alice.id, clock, ArchiveScope(account_id=eaux))
    work(pipeline, clock)
    with opened(saved(store, alice.id, clock)) as archive:
        assert {each["issuer"] for each in json.loads(archive.read("index.json"))["documents"]} == {
            "Eaux du Pays de Retz"
        }
    with store.writing() as session:  # an earlier holder objects
        session.execute(update(Enrolment).where(Enrolment.account_id == eaux).values(suspended_at=clock()))
    with store.reading() as session:
        assert archive_of(session, alice.id, clock()) is None


def test_names_that_senders_chose_are_plain_names(world: World, store: Store, pipeline: Pipeline, clock: Clock) -> None:
    """Paths, devices of Windows, formulas, twins but for their capitals, accents composed in two ways."""
    issuer = world.issuer("mal", "../../Évil: \u202egnp.exe", "")
    numbers = [
        "../../etc/passwd",
        "a/1",
        "A-1",
        "a\\1",
        "=HYPERLINK(1)",
        "é",
        "e\u0301",
        "x" * 190,
        "CON",
        "<b onload=x>",
        "{n}",
    ]
    bills = [a_bill(number, "NUL", world.today - timedelta(days=3)) for number in numbers]
    mean = Attachment(id="1", filename="..\\..\\con.pdf.exe", media_type="application/pdf", content=b"%PDF-1.4")
    bills[0] = msgspec.structs.replace(bills[0], attachments=(mean, mean))
    world.drop(issuer, bills)
    charlie = world.consumer("Charlie Petit", holds={issuer: "NUL"})
    ask(store, charlie.id, clock)
    work(pipeline, clock)
    with opened(saved(store, charlie.id, clock)) as archive:
        names, table = archive.namelist(), archive.read("index.csv").decode()
        page = archive.read("index.html").decode()
        assert {each["number"] for each in json.loads(archive.read("index.json"))["documents"]} == set(numbers)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert not name.startswith("/")
        for part in name.split("/"):
            assert part not in {"", ".", ".."}
            assert part == part.strip(". ")
            assert not set(part) & set('\\:*?"<>|\u202e')
        assert len(name) < 200
    assert "'=HYPERLINK(1)" in table
    assert "<b onload" not in page
    assert "\u202e" not in page + table
    assert sum(name.count("/") == 3 for name in names) == 2, "the attachments, in the bill's folder"


def test_what_cannot_be_read_is_named_and_stops_nothing(
    alice: Consumer, store: Store, pipeline: Pipeline, clock: Clock
) -> None:
    with store.writing() as session:
        row = session.scalars(select(BillRow).where(BillRow.number == "LO-00")).one()
        row.pdf_sha256 = "0" * 64
    ask(store, alice.id, clock)
    work(pipeline, clock)
    with opened(saved(store, alice.id, clock)) as archive:
        names = archive.namelist()
        said = archive.read("README.txt").decode() + archive.read("index.html").decode()
    assert "factures/Lumière de l’Ouest C-1001/2026-02-28 LO-00.pdf" not in names
    assert "factures/Lumière de l’Ouest C-1001/2026-02-28 LO-00 CII.xml" in names
    assert said.count("2026-02-28 LO-00.pdf") == 2
    assert archives(store)[0].left_out == 1


@pytest.mark.parametrize("fatal", [1, 4, 8, 9])
def test_a_worker_killed_at_any_part_leaves_no_half_archive(
    alice: Consumer, store: Store, pipeline: Pipeline, config: Config, clock: Clock, fatal: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """At its worst moment: a part's blob is written, and that is not recorded. Another goes on, and the bytes are those
    of an archive that nobody disturbed."""
    monkeypatch.setattr(part_writer, "PART_BILLS", 4)
    monkeypatch.setattr(part_writer, "PART_BYTES", 20_000)
    put, written = store.blobs.put, list[str]()

    def put_and_die(content: bytes) -> str:
        written.append(put(content))
        if len(written) == fatal:
            raise KeyboardInterrupt
        return written[-1]

    ask(store, alice.id, clock)
    with store.writing() as session:
        job = claim_job(session, clock(), Job.kind == BILL_ARCHIVE)
    assert job is not None
    with monkeypatch.context() as patched:
        patched.setattr(store.blobs, "put", put_and_die)
        with pytest.raises(KeyboardInterrupt):
            list(making_archive(store, job, clock, ZoneInfo(config.time_zone)))
    with store.reading() as session:
        archive = archive_of(session, alice.id, clock())
    assert archive is not None
    assert archive.state == "making"
    assert archive.row.parts_done == min(fatal - 1, 8)
    with store.writing() as session:
        session.execute(update(Job).values(lease_owner=None, lease_until=0.0))
    work(pipeline, clock)
    again = saved(store, alice.id, clock)
    assert not store.blobs.exists(written[-1])
    with opened(again) as resumed:
        assert resumed.testzip() is None
    first = archives(store)[0]

    clock.forward(seconds=1)
    with store.writing() as session:  # the same again, in one go
        session.execute(update(Job).where(Job.kind == BILL_ARCHIVE).values(state="done"))
    ask(store, alice.id, clock)
    work(pipeline, clock)
    assert hashlib.sha256(saved(store, alice.id, clock)).digest() == hashlib.sha256(again).digest()
    assert len(archives(store)) == 2
    assert first.bills_done == archives(store)[1].bills_done


def test_a_worker_that_was_overtaken_writes_no_more(
    alice: Consumer, store: Store, config: Config, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_writer, "PART_BILLS", 4)
    ask(store, alice.id, clock)
    with store.writing() as session:
        job = claim_job(session, clock(), Job.kind == BILL_ARCHIVE)
    assert job is not None
    making = making_archive(store, job, clock, ZoneInfo(config.time_zone))
    next(making)
    with store.writing() as session:
        session.execute(update(Job).values(lease_owner="another", lease_until=0.0))
        parts = session.scalar(select(func.count()).select_from(BillArchivePart))
    list(making)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(BillArchivePart)) == parts
        assert session.get_one(Job, job.id).state == "todo"


def test_it_lies_encrypted_and_goes_after_some_days(
    alice: Consumer, store: Store, pipeline: Pipeline, clock: Clock
) -> None:
    ask(store, alice.id, clock)
    work(pipeline, clock)
    with store.reading() as session:
        blobs = session.scalars(select(BillArchivePart.blob_sha256)).all()
    assert all(b"LO-00" not in store.blobs.read(each) for each in blobs)
    pipeline.sweep(clock() + KEPT - timedelta(minutes=1))
    assert all(store.blobs.exists(each) for each in blobs)
    pipeline.sweep(clock() + KEPT)
    assert not any(store.blobs.exists(each) for each in blobs)
    assert archives(store) == []


def test_nothing_of_it_is_left_of_whom_we_erase(
    alice: Consumer, store: Store, pipeline: Pipeline, clock: Clock
) -> None:
    """Erased before the sweep came by: its rows are gone, and its blobs go with the next."""
    ask(store, alice.id, clock)
    work(pipeline, clock)
    blobs = list(blobs_of(store))
    with store.writing() as session:
        close_space(session, alice.id, clock(), at_once=True)
        erase_person(session, alice.id, clock())
    assert archives(store) == []
    assert all(store.blobs.exists(each) for each in blobs)
    pipeline.sweep(clock())
    assert not any(store.blobs.exists(each) for each in blobs)


def test_one_that_nobody_wants_any_more_is_not_made(
    alice: Consumer, store: Store, pipeline: Pipeline, clock: Clock
) -> None:
    ask(store, alice.id, clock)
    with store.writing() as session:
        session.execute(update(Enrolment).values(ended_at=clock()))
        session.execute(delete(BillArchivePart))
    pipeline.sweep(clock() + timedelta(days=4))
    work(pipeline, clock)
    assert archives(store) == []


def test_the_job_of_a_deleted_archive_makes_no_other_of_its_number(
    alice: Consumer, store: Store, pipeline: Pipeline, clock: Clock
) -> None:
    ask(store, alice.id, clock)
    with store.writing() as session:
        delete_archive(session, archives(store)[0].id)
    ask(store, alice.id, clock)
    [again] = archives(store)
    work(pipeline, clock)
    [made] = archives(store)
    assert (made.id, made.job_id) == (again.id, again.job_id)
    assert made.ready_at is not None
    with store.reading() as session:
        first, second = session.scalars(select(Job).where(Job.kind == BILL_ARCHIVE).order_by(Job.id))
    assert (first.reason.code, second.reason.code) == ("email_moot", "")


def test_an_archive_outlasts_the_root_that_it_was_made_under(
    alice: Consumer, store: Store, pipeline: Pipeline, config: Config, clock: Clock
) -> None:
    ask(store, alice.id, clock)
    work(pipeline, clock)
    before = saved(store, alice.id, clock)
    root = b"another root, long enough to be one"
    keys = (KeyRing(root, [config.secret]), KeyRing(root))
    both, alone = (open_store(config.database_url, config.blobs_url, ring, config.home / "incoming") for ring in keys)
    assert renew_archive_keys(both) == 1
    assert renew_archive_keys(both) == 0
    assert saved(alone, alice.id, clock) == before
    both.close()
    alone.close()
