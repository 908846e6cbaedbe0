"""Segments: what the bills of a chunk share stands once at the head, and every PDF comes out bit for bit."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, update

from bill import Bill, Party, Totals
from feeds.release import ReleaseTerms, release_items
from feeds.stage_items import Staged, stage_items
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.blobs.blob_store import Blobs
from store.feeds.feed import receive_feed
from store.issuer import Issuer, TemplateRow
from store.vault.encryption import DecryptionFailed
from store.vault.pdf_segment import PDFChanged, archived, write_segment
from store.vault.shared_parts import SharedParts, join_parts

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
PREFIX = b"%PDF-1.7 of Lumiere, with its fonts"
METADATA, TREE, OTHER_TREE = b"metadata " * 90, b"a tree of twelve lines " * 60, b"a tree of forty lines " * 90
PEOPLE = ["Alice Martin", "Bob Durand", "Charlie Nguyen"]


def parts_of(name: str, tree: bytes = TREE) -> list[bytes]:
    return [b"1 0 obj", METADATA, f"for {name}".encode(), tree, f"end of {name}".encode()]


@pytest.fixture
def rows(store: Store) -> list[BillRow]:
    """A bill each for Alice, Bob and Charlie, released and not yet archived."""
    with store.writing() as session:
        issuer = Issuer(slug="lumiere", name="Lumière", profile="", added_at=NOW, changed_at=NOW)
        session.add(issuer)
        session.flush()
        prefix_sha256 = store.blobs.put(PREFIX)
        session.add(TemplateRow(id=1, issuer_id=issuer.id, version="1", prefix_sha256=prefix_sha256, made_at=NOW))
        feed, _ = receive_feed(session, issuer.id, "0" * 64, 10, "mars", "cli", NOW)
        staged = [
            Staged(seq, "", sha256(name.encode()).hexdigest(), f"L-{seq}", a_bill(f"L-{seq}", name), ())
            for seq, name in enumerate(PEOPLE, 1)
        ]
        stage_items(session, feed.id, staged)
        release_items(session, store.encryptor, feed, 1, 100, ReleaseTerms(), NOW)
        return list(session.scalars(select(BillRow).order_by(BillRow.item_seq)))


def a_bill(number: str, name: str) -> Bill:
    return Bill(
        number=number, issue_date=date(2026, 3, 2), currency="EUR", totals=Totals(payable=Decimal("84.00")),
        buyer=Party(name=name),
    )  # fmt: skip


def archive(store: Store, rows: list[BillRow], parts: list[list[bytes]]) -> str:
    """Archive the bills as one segment; gives the segment's name."""
    own = {row.id: each for row, each in zip(rows, parts, strict=True)}
    with store.writing() as session:
        keys = {row.id: session.get_one(CustomerAccount, row.account_id).encrypted_key for row in rows}
        records = [(row.id, row.account_id, keys[row.id], own[row.id]) for row in rows]
        places = write_segment(store.blobs, store.encryptor, records)
        session.execute(update(BillRow), archived(1, PREFIX, own, places))
    return next(iter(places.values())).sha256


def read(store: Store) -> list[bytes]:
    with store.reading() as session:
        reader = store.archive(session)
        return [reader.pdf(row) for row in session.scalars(select(BillRow).order_by(BillRow.item_seq))]


def test_every_pdf_comes_out_as_it_was(store: Store, rows: list[BillRow]) -> None:
    parts = [parts_of("Alice"), parts_of("Bob"), parts_of("Charlie", OTHER_TREE)]
    archive(store, rows, parts)
    assert read(store) == [PREFIX + b"".join(each) for each in parts]
    with store.reading() as session:
        alices = session.get_one(BillRow, rows[0].id)
        assert alices.pdf_sha256 == sha256(PREFIX + b"".join(parts[0])).hexdigest()
        assert alices.pdf_size == len(PREFIX + b"".join(parts[0]))


def test_what_bills_share_is_kept_once_and_the_rest_is_encrypted(store: Store, rows: list[BillRow]) -> None:
    name = archive(store, rows, [parts_of("Alice"), parts_of("Bob"), parts_of("Charlie", OTHER_TREE)])
    blob = store.blobs.read(name)
    assert (blob.count(METADATA), blob.count(TREE)) == (1, 1)
    assert OTHER_TREE not in blob  # nobody else has it: it is in Charlie's record
    assert not [word for word in ("Alice", "Bob", "Charlie", "1 0 obj") if word.encode() in blob]
    assert len(blob) < len(METADATA + TREE + OTHER_TREE) + 3 * 110


def test_bills_that_share_nothing_have_a_segment_without_a_head(store: Store, rows: list[BillRow]) -> None:
    parts = [[b"the whole of Alice's"], [b"the whole of ", b"Bob's", b""], parts_of("Charlie")]
    blob = store.blobs.read(archive(store, rows, parts))
    assert b"whole" not in blob
    assert len(blob) - sum(len(b"".join(each)) + 12 + 28 for each in parts) < 12 * len(parts)
    assert read(store) == [PREFIX + b"".join(each) for each in parts]


def test_an_empty_part_and_a_part_of_the_same_bytes_twice(store: Store, rows: list[BillRow]) -> None:
    parts = [[b"", TREE, b"", TREE, b""], [b"", TREE, b"Bob", b"", b""], [b""]]
    assert store.blobs.read(archive(store, rows, parts)).count(TREE) == 1
    assert read(store) == [PREFIX + TREE * 2, PREFIX + TREE + b"Bob", PREFIX]


class Damaged:
    """Blobs, of which one is read with other bytes than were put."""

    def __init__(self, blobs: Blobs, name: str, change: Callable[[bytes], bytes]) -> None:
        self._blobs, self._name, self._change = blobs, name, change
        self.reads: list[tuple[str, int]] = []

    def read(self, sha256: str, at: int = 0, length: int | None = None) -> bytes:
        self.reads.append((sha256, at))
        whole = self._blobs.read(sha256)
        whole = self._change(whole) if sha256 == self._name else whole
        return whole[at:] if length is None else whole[at : at + length]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)


def changed(place: int) -> Callable[[bytes], bytes]:
    return lambda blob: blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param(changed(0), PDFChanged, id="a leaf more is said to be there"),
        pytest.param(changed(1), PDFChanged, id="another kind at the head"),
        pytest.param(changed(100), PDFChanged, id="a letter of a leaf"),
        pytest.param(lambda blob: b"\x90" + blob[1:], PDFChanged, id="no leaf left"),
        pytest.param(lambda blob: b"\x91\xc4\x01a" + bytes(len(blob)), DecryptionFailed, id="zeros"),
        pytest.param(lambda blob: blob[:50], DecryptionFailed, id="cut short"),
        pytest.param(lambda blob: b"", DecryptionFailed, id="empty"),
    ],
)
def test_damage_is_noticed(
    store: Store, rows: list[BillRow], change: Callable[[bytes], bytes], error: type[Exception]
) -> None:
    name = archive(store, rows, [parts_of("Alice"), parts_of("Bob"), parts_of("Charlie")])
    assert len(read(store)) == 3
    store.blobs = Damaged(store.blobs, name, change)
    with pytest.raises(error):
        read(store)


def test_a_head_is_read_once_for_all_its_bills(store: Store, rows: list[BillRow]) -> None:
    name = archive(store, rows, [parts_of("Alice"), parts_of("Bob"), parts_of("Charlie")])
    blobs = store.blobs = Damaged(store.blobs, name, bytes)
    assert len(read(store)) == 3
    assert blobs.reads.count((name, 0)) == 1
    assert len(blobs.reads) == 1 + 1 + 3  # the template's prefix, the head, three records


def test_a_leaf_that_is_not_there_is_an_error() -> None:
    two = [parts_of("Alice"), parts_of("Bob")]
    packed = SharedParts(two).pack(two[0])
    assert join_parts(packed, lambda length: [METADATA, TREE]) == b"".join(two[0])
    with pytest.raises(IndexError):
        join_parts(packed, lambda length: [METADATA])
