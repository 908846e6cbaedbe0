"""Enclosures: staging blobs on the stage, encrypted afterwards, and nothing left lying about."""

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from bill import Attachment, Bill, Party, Totals
from feeds.release import ReleaseTerms, release_items
from feeds.stage_items import Staged, stage_items
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.blobs.blob_store import BlobChanged, BlobMissing
from store.feeds.chunk import CHUNK_SIZE, CHUNK_WEIGHT, in_chunks
from store.feeds.feed import Feed, receive_feed
from store.feeds.item import Item, clear_stage
from store.issuer import Issuer
from store.vault.attachment_staging import (
    PAGES,
    StagedAttachment,
    StagingBlob,
    StoredAttachment,
    attachments_between,
    attachments_of,
    delete_staging_blobs,
    keep_staging_blob,
    move_attachments,
    put_staging_blob,
    unused_staging_blobs,
    without_attachments,
)
from store.vault.encryption import DecryptionFailed
from store.vault.pdf_segment import encrypt_attachments

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
METER = Attachment(id="releve", filename="releve.csv", media_type="text/csv", content=b"jour;kWh\n1;12\n")
PDF = b"%PDF-1.4 of Lumiere itself"


def a_bill(number: str = "L-1", attachments: tuple[Attachment, ...] = (METER,)) -> Bill:
    return Bill(
        number=number, issue_date=date(2026, 3, 2), currency="EUR", totals=Totals(payable=Decimal("84.00")),
        buyer=Party(name="Alice Martin"), attachments=attachments,
    )  # fmt: skip


def a_feed(store: Store, name: str, *entries: tuple[Bill, bytes | None]) -> int:
    """Bills with their attachments and the issuer's own pages, on the stage."""
    with store.writing() as session:
        issuer = session.scalar(select(Issuer))
        if issuer is None:
            issuer = Issuer(slug="lumiere", name="Lumière", profile="", added_at=NOW, changed_at=NOW)
            session.add(issuer)
            session.flush()
        feed, _ = receive_feed(session, issuer.id, sha256(name.encode()).hexdigest(), 10, name, "cli", NOW)
    enclosed = [
        each
        for seq, (bill, pages) in enumerate(entries, 1)
        for each in ([StagedAttachment(seq, PAGES, pages, "Relevé de mars")] if pages else [])
        + attachments_of(seq, bill)
    ]
    rows = put_staging_blob(store.blobs, feed.id, enclosed)
    with store.writing() as session:
        staged = (
            Staged(seq, "", sha256(f"{name} {seq}".encode()).hexdigest(), bill.number, bill, ())
            for seq, (bill, _) in enumerate(entries, 1)
        )
        stage_items(session, feed.id, staged)
        keep_staging_blob(session, rows)
    return feed.id


def released(store: Store, feed_id: int) -> list[BillRow]:
    with store.writing() as session:
        feed = session.get_one(Feed, feed_id)
        release_items(session, store.encryptor, feed, 1, 100, ReleaseTerms(), NOW)
        of_feed = select(BillRow).where(BillRow.feed_id == feed_id)
        return list(session.scalars(of_feed.order_by(BillRow.item_seq)))


def encrypt(store: Store, rows: list[BillRow]) -> list[dict[str, object]]:
    with store.writing() as session:
        keys = {row.account_id: session.get_one(CustomerAccount, row.account_id).encrypted_key for row in rows}
        enclosed = attachments_between(session, rows[0].feed_id, 1, 100)
        values, moved = encrypt_attachments(store.blobs, store.encryptor, rows, keys, enclosed, 7)
        move_attachments(session, moved)
    return values


def sweep(store: Store) -> int:
    with store.writing() as session:
        gone = unused_staging_blobs(session)
        for name in gone:
            store.blobs.delete(name)
        delete_staging_blobs(session, gone)
    return len(gone)


def test_the_row_keeps_of_an_attachment_what_it_is_and_not_its_bytes(store: Store) -> None:
    [row] = released(store, a_feed(store, "mars", (a_bill(), None)))
    with store.reading() as session:
        kept = session.get_one(BillRow, row.id).bill.attachments[0]
    assert (kept.content, kept.size, kept.is_kept) == (None, 14, True)
    assert kept.sha256 == sha256(METER.content or b"").hexdigest()
    assert kept.filename == "releve.csv"
    plain = a_bill(attachments=(Attachment(id="x", link="https://example.org/"),))
    assert without_attachments(plain) is plain
    assert not plain.attachments[0].is_kept


def test_an_attachment_is_encrypted_with_its_account(store: Store) -> None:
    rows = released(store, a_feed(store, "mars", (a_bill(), None), (a_bill("L-2"), PDF)))
    assert [value["pdf_sha256"] for value in encrypt(store, rows)] == [sha256(PDF).hexdigest()]
    with store.writing() as session:
        archive = store.archive(session)
        assert archive.attachment(rows[0], 1) == METER.content
        place = session.get_one(StoredAttachment, (rows[0].feed_id, 1, 1))
        assert METER.content not in store.blobs.read(place.blob_sha256)
        with pytest.raises(BlobMissing):
            archive.attachment(rows[0], 2)
        other = session.get_one(StoredAttachment, (rows[0].feed_id, 2, 1))
        place.at, place.length = other.at, other.length  # somebody puts another's in its place
        session.flush()
        with pytest.raises(DecryptionFailed):
            archive.attachment(rows[0], 1)


def test_other_bytes_than_came_are_not_encrypted(store: Store) -> None:
    """A byte of Bob's attachment is another by now: his bill is not made of it, and Alice's is made all the same."""
    rows = released(store, a_feed(store, "mars", (a_bill(), None), (a_bill("L-2"), None)))
    parcel = place_of(store, rows[1]).blob_sha256
    path = next(store.blobs.folder.rglob(parcel))  # type: ignore[attr-defined]
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(BlobChanged, match="item 2 of feed"):
        encrypt(store, rows)
    encrypt(store, rows[:1])
    with store.reading() as session:
        assert store.archive(session).attachment(rows[0], 1) == METER.content


@pytest.mark.parametrize("swapped", [True, False])
def test_what_was_staged_before_digests_were_kept(store: Store, swapped: bool) -> None:
    """Its whole staging blob is checked."""
    rows = released(store, a_feed(store, "mars", (a_bill(), None)))
    with store.writing() as session:
        session.execute(update(StoredAttachment).values(sha256=None))
    if swapped:
        path = next(store.blobs.folder.rglob(place_of(store, rows[0]).blob_sha256))  # type: ignore[attr-defined]
        path.write_bytes(bytes(1000))
        with pytest.raises(BlobChanged):
            encrypt(store, rows)
        return
    encrypt(store, rows)
    with store.reading() as session:
        assert store.archive(session).attachment(rows[0], 1) == METER.content
    assert place_of(store, rows[0]).sha256 is None


def place_of(store: Store, row: BillRow) -> StoredAttachment:
    with store.reading() as session:
        return session.get_one(StoredAttachment, (row.feed_id, row.item_seq, 1))


def test_other_bytes_attached_are_another_bill(store: Store) -> None:
    released(store, a_feed(store, "mars", (a_bill(), None)))
    changed = a_bill(attachments=(Attachment(id="releve", filename="releve.csv", media_type="text/csv", content=b"?"),))
    again = a_feed(store, "encore", (a_bill(), None), (changed, None))
    assert released(store, again) == []
    with store.reading() as session:
        outcomes = session.scalars(select(Item.outcome).where(Item.feed_id == again).order_by(Item.seq)).all()
    assert outcomes == ["duplicate", "conflict"]


def test_a_parcel_is_swept_when_nobody_needs_it(store: Store) -> None:
    first = a_feed(store, "mars", (a_bill(), PDF))
    with store.reading() as session:
        [parcel] = session.scalars(select(StagingBlob.sha256))
    assert sweep(store) == 0
    encrypt(store, released(store, first))
    assert sweep(store) == 1
    assert not store.blobs.exists(parcel)

    second = a_feed(store, "avril", (a_bill("L-2"), PDF))
    with store.writing() as session:
        clear_stage(session, second)
    assert sweep(store) == 1
    third = a_feed(store, "encore", (a_bill("L-1"), PDF))
    assert released(store, third) == []
    assert sweep(store) == 1  # a duplicate brings nothing
    with store.reading() as session:
        assert store.archive(session).attachment(session.scalars(select(BillRow)).one(), 1) == METER.content


def test_the_same_bytes_twice_are_two_parcels(store: Store) -> None:
    one = put_staging_blob(store.blobs, 1, [StagedAttachment(1, 0, PDF)])
    two = put_staging_blob(store.blobs, 1, [StagedAttachment(1, 0, PDF)])
    assert one[0]["blob_sha256"] != two[0]["blob_sha256"]
    assert put_staging_blob(store.blobs, 1, []) == []


def test_what_is_held_at_a_time_is_bounded_by_number_and_by_weight() -> None:
    assert [len(some) for some in in_chunks(range(600), lambda _: 1)] == [CHUNK_SIZE, CHUNK_SIZE, 100]
    assert [len(some) for some in in_chunks(range(5), lambda _: CHUNK_WEIGHT // 2)] == [2, 2, 1]
    assert list(in_chunks([], len)) == []
