"""An issuer's own pages, from its feed to the person who reads them: not a byte is another."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pypdf
import pytest
from sqlalchemy import select

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from feeds.feed_report import feed_report
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.blobs.blob_store import BlobChanged, Blobs
from store.feeds.chunk import CHUNK_SIZE
from store.feeds.feed import Feed
from store.feeds.item import findings_of
from store.issuer import Issuer, TemplateRow
from store.search.search_entry import SearchEntry, searched_texts
from store.vault.attachment_staging import PAGES, StagedAttachment, StagingBlob, StoredAttachment, put_staging_blob
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl
from tests.sample_print_streams import index, printed, profile, stream

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
THREE = [("EV-1", "Alice"), ("EV-2", "Bob"), ("EV-3", "Charlie")]


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def send(pipeline: Pipeline, name: str, text: str, *members: tuple[str, bytes]) -> int:
    """Eaux du Val drops an archive, and the pipeline works until nothing is due."""
    with pipeline.store.writing() as session:
        issuer = session.scalar(select(Issuer)) or add_issuer(session, "eaux", "Eaux du Val", NOW, text)
    feed_id = drop_feed(pipeline.store, issuer, io.BytesIO(zipped(*members)), name, "cli", NOW).feed_id
    pipeline.work_until_idle(NOW)
    return feed_id


def zipped(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member, content in members:
            archive.writestr(zipfile.ZipInfo(member), content)
    return file.getvalue()


def shown(store: Store, number: str, issuer_id: int = 1) -> bytes:
    with store.reading() as session:
        row = bill_by_number(session, issuer_id, number)
        assert row is not None
        content = store.archive(session).pdf(row)
        assert (row.pdf_sha256, row.pdf_size) == (sha256(content).hexdigest(), len(content))
        return content


def test_what_was_sent_is_what_is_shown(pipeline: Pipeline, store: Store) -> None:
    files = {number: printed(number, person, 2) for number, person in THREE}
    members = [(f"{number}.pdf", content) for number, content in files.items()]
    send(pipeline, "mars.zip", profile('by = "file"'), ("index.csv", index(THREE)), *members)
    for number, content in files.items():
        assert shown(store, number) == content
    with store.reading() as session:
        row = bill_by_number(session, 1, "EV-2")
        assert row is not None
        assert row.state == "chosen"
        assert row.segment_sha256 is not None
        assert b"%PDF" not in store.blobs.read(row.segment_sha256)  # encrypted with Bob's key
        assert "bob" in session.scalars(select(SearchEntry.tokens).where(SearchEntry.bill_id == row.id)).one().split()
        said = searched_texts(session, [row.id])[row.id][PAGES]
        assert len(said.split("\f")) == 2
        [template] = session.scalars(select(TemplateRow).where(TemplateRow.version == "own pages"))
        assert (row.template_id, store.blobs.read(template.prefix_sha256)) == (template.id, b"")
        assert session.scalars(select(StoredAttachment)).all() == []
        assert session.scalars(select(StagingBlob)).all() == []
    assert not any(check(store).invariants.values())


def test_the_report_says_once_what_they_lack(pipeline: Pipeline, store: Store) -> None:
    """They are shown all the same; nobody has to release them."""
    files = [(f"{number}.pdf", printed(number, person)) for number, person in THREE]
    feed_id = send(pipeline, "mars.zip", profile('by = "file"'), ("index.csv", index(THREE)), *files)
    with store.reading() as session:
        feed = session.get_one(Feed, feed_id)
        report = feed_report(session, feed)
    assert report["counts"]["bill"] == 3
    found = [each for each in report["findings"] if each["rule"] == "PAGES-NOT-ARCHIVAL"]
    assert feed.state in ("released", "settled")
    assert [(each["severity"], each["number"]) for each in found] == [("warning", None)] * 6
    assert any("3 of 3 bills are not tagged" in each["message"] for each in found)
    assert any("a font that is not inside" in each["message"] for each in found)


def test_a_print_stream_is_shown_to_each_their_own(pipeline: Pipeline, store: Store) -> None:
    lot = stream(("EV-1", "Alice", 1), ("EV-2", "Bob", 2), ("EV-9", "Dominique", 1))
    marks = profile("by = 'marks'\nmark = 'Facture n° *([A-Z0-9-]+)'")
    feed_id = send(pipeline, "mars.zip", marks, ("index.csv", index(THREE)), ("lot.pdf", lot))
    with store.reading() as session:
        counts = outcome_counts(session, feed_id)
        rules = {finding.rule for finding in findings_of(session, feed_id) if finding.severity == "fatal"}
    assert (counts["bill"], counts["rejected"]) == (2, 2)
    assert rules == {"INDEX-PAGES-MISSING", "INDEX-ENTRY-MISSING"}
    assert shown(store, "EV-1") != shown(store, "EV-2")
    assert not any(check(store).invariants.values())


def test_on_paper_the_pages_follow_a_page_with_the_address(pipeline: Pipeline, store: Store, config: Config) -> None:
    """Nobody has a space yet: all three are printed, each with a carrier page in front and nothing of another's."""
    send(pipeline, "mars.zip", profile('by = "file"'), ("index.csv", index(THREE)),
         *((f"{number}.pdf", printed(number, person, 2)) for number, person in THREE))  # fmt: skip
    pipeline.close_batch(NOW)
    texts = [
        page.extract_text()
        for path in sorted(config.outbox.rglob("*.pdf"))
        for page in pypdf.PdfReader(path).pages
    ]  # fmt: skip
    for person in ("Alice", "Bob", "Charlie"):
        [first] = [n for n, text in enumerate(texts) if f"{person}, page 1" in text]
        assert f"{person}, page 2" in texts[first + 1]
        assert person.upper() in texts[first - 1].upper()
        assert "ANGERS" in texts[first - 1]
    with store.reading() as session:
        row = bill_by_number(session, 1, "EV-1")
        assert row is not None
        assert store.archive(session).pdf(row) == printed("EV-1", "Alice", 2)  # what is archived has no carrier


def test_other_pages_under_a_used_number_are_a_conflict(pipeline: Pipeline, store: Store) -> None:
    """The same terms on other pages are another bill: the first stays, a person decides."""
    by_file = profile('by = "file"')
    rows = ("index.csv", index(THREE[:1]))
    first = printed("EV-1", "Alice")
    send(pipeline, "mars.zip", by_file, rows, ("EV-1.pdf", first))
    again = send(pipeline, "encore.zip", by_file, rows, ("EV-1.pdf", first), ("LISEZMOI.pdf", printed("-", "-")))
    other = send(pipeline, "autre.zip", by_file, rows, ("EV-1.pdf", printed("EV-1", "Alice", 2)))
    with store.reading() as session:
        assert outcome_counts(session, again)["duplicate"] == 1
        assert outcome_counts(session, other)["conflict"] == 1
    assert shown(store, "EV-1") == first
    pipeline.sweep(NOW)
    with store.reading() as session:
        assert len(session.scalars(select(StagingBlob)).all()) == 1  # the conflict's, for whoever decides


def test_a_truncated_feed_leaves_no_parcel(pipeline: Pipeline, store: Store) -> None:
    rows = index([(f"EV-{n}", "Alice") for n in range(3)])[:-30]
    feed_id = send(
        pipeline,
        "mars.zip",
        profile('by = "file"'),
        ("i.csv", rows),
        *((f"EV-{n}.pdf", printed("x", "x")) for n in range(3)),
    )
    with store.reading() as session:
        assert session.get_one(Feed, feed_id).state == "rejected"
        assert session.scalars(select(StagingBlob)).all() == []


def test_bills_with_and_without_pages_in_one_feed(pipeline: Pipeline, store: Store) -> None:
    """Factur-X shows the issuer's pages where its profile says so, and XML beside it is drawn by us."""
    from tests.ingest.sample_files import ALICE, BOB, pdf

    document = pdf(ALICE)
    send(pipeline, "mars.zip", 'facturx_pages = "theirs"', ("alice.pdf", document), ("bob.xml", BOB))
    assert shown(store, "E-2026-0001") == document
    drawn = shown(store, "A-2026-0002")
    assert b"factur-x.xml" in drawn
    with store.reading() as session:
        alice = bill_by_number(session, 1, "E-2026-0001")
        assert alice is not None
        [attached] = alice.bill.attachments
        assert attached.content is None
        assert sha256(store.archive(session).attachment(alice, 1)).hexdigest() == attached.sha256


def test_an_attachment_that_is_gone_is_noticed(pipeline: Pipeline, store: Store) -> None:
    from tests.ingest.sample_files import ALICE

    send(pipeline, "mars.zip", "", ("alice.xml", ALICE))
    assert not any(check(store).invariants.values())
    with store.reading() as session:
        [place] = session.scalars(select(StoredAttachment))
    store.blobs.delete(place.blob_sha256)
    assert [row[1:3] for row in check(store).invariants["attachments_lost"]] == [("E-2026-0001", 1)]


def test_pages_that_were_changed_on_the_stage_reach_nobody(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte of Bob's pages is another by the time they are encrypted: his bill is set apart, the others go out."""

    def damaged(blobs: Blobs, feed_id: int, enclosed: Sequence[StagedAttachment]) -> list[dict[str, Any]]:
        rows = put_staging_blob(blobs, feed_id, enclosed)
        path = next(blobs.folder.rglob(rows[1]["blob_sha256"]))  # type: ignore[attr-defined]
        parcel = bytearray(path.read_bytes())
        parcel[rows[1]["at"] + 100] ^= 1
        path.write_bytes(parcel)
        return rows

    monkeypatch.setattr("pipeline.steps.read_bills.put_staging_blob", damaged)
    members = [(f"{number}.pdf", printed(number, person)) for number, person in THREE]
    for _ in range(10):
        try:
            send(pipeline, "mars.zip", profile('by = "file"'), ("index.csv", index(THREE)), *members)
            break
        except BlobChanged:
            continue
    with store.reading() as session:
        rows = [bill_by_number(session, 1, number) for number, _ in THREE]
    assert [row.state for row in rows if row is not None] == ["chosen", "failed", "chosen"]


def test_a_worker_that_dies_while_it_encrypts_loses_nothing(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = printed("EV-1", "Alice")
    died = []

    def die(*args: object) -> None:
        died.append(args)
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.steps.render_bills.move_attachments", die)
        with pytest.raises(OSError, match="the disk is gone"):
            send(pipeline, "mars.zip", profile('by = "file"'), ("i.csv", index(THREE[:1])), ("EV-1.pdf", content))
    assert died
    with store.writing() as session:
        session.connection().exec_driver_sql("UPDATE chunk SET lease_until = 0, lease_owner = NULL")
    pipeline.work_until_idle(NOW)
    assert shown(store, "EV-1") == content
    assert not any(check(store).invariants.values())


def test_bills_drawn_by_us_are_as_they_were(pipeline: Pipeline, store: Store) -> None:
    """More than a chunk of them: nothing is enclosed, and each is found by its words."""
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)
    count = CHUNK_SIZE + 5
    feed = batch(ubl(f"L-{n}", f"C-{n}") for n in range(count))
    drop_feed(store, issuer, io.BytesIO(feed), "mars.xml", "cli", NOW)
    pipeline.work_until_idle(NOW)
    with store.reading() as session:
        rows = session.scalars(select(BillRow)).all()
        assert len(rows) == count
        entries = session.scalars(select(SearchEntry.tokens)).all()
        assert len(entries) == count
        assert all("electricite" in tokens.split() for tokens in entries)
        assert session.scalars(select(StagingBlob)).all() == []
