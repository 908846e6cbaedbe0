"""Dropped again: the same bytes, another name, another wrapping, a byte changed, cut off anywhere, written slowly, by
two doors at once. However a feed comes, a bill is a bill once, and what did not come whole has delivered nothing."""

import gzip
import io
import itertools
import multiprocessing
import random
import threading
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from hashlib import sha256
from io import BytesIO
from multiprocessing.synchronize import Barrier
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from audit.run_all_checks import check
from bill import ControlTotals
from config import Config
from doors.complete_uploads import UploadFolder
from doors.feed_drop import DroppedFeed, drop_feed
from doors.upload_pickup import collect_uploads
from ingest import open_feed
from issuers.profile import Profile
from issuers.registry import add_issuer
from pipeline.steps.read_feed import read_feed
from store import Store, open_store
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.feeds.item import Item
from store.issuer import Issuer
from store.vault.key_ring import KeyRing
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
MARCH = [ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-3", "C-CHARLIE")]


@pytest.fixture
def lumiere(store: Store) -> Issuer:
    with store.writing() as session:
        return add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)


def take(store: Store, issuer: Issuer, content: bytes, name: str = "mars.xml", door: str = "cli") -> DroppedFeed:
    dropped = drop_feed(store, issuer, BytesIO(content), name, door, NOW)
    while read_feed(store, NOW):
        pass
    return dropped


def state(store: Store, dropped: DroppedFeed) -> str:
    with store.reading() as session:
        return session.get_one(Feed, dropped.feed_id).state


def outcomes(store: Store, dropped: DroppedFeed) -> dict[str, int]:
    with store.reading() as session:
        return {name: count for name, count in outcome_counts(session, dropped.feed_id).items() if count}


def numbers(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(BillRow.number).order_by(BillRow.number)))


def zipped(name: str, content: bytes, **how: int) -> bytes:
    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w", how.get("method", zipfile.ZIP_DEFLATED)) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, how.get("month", 3), 1, 0, 0, 0)), content)
    return paper.getvalue()


# -- bills kept by an older Facteur ------------------------------------------------------------------------------


def pack_as_before(store: Store, missing: int) -> None:
    """The bills are kept as they were before the noun had its last fields."""
    with store.writing() as session:
        for row in session.scalars(select(BillRow).options(undefer(BillRow.content))):
            fields = msgspec.msgpack.decode(row.content)
            row.content = msgspec.msgpack.encode(fields[:-missing])
            row.content_sha256 = sha256(row.content).hexdigest()


@pytest.mark.parametrize("tolerance", ["some", "none"])
def test_a_bill_kept_before_the_noun_grew_is_still_the_same_bill(store: Store, tolerance: str) -> None:
    """The profile that tolerates nothing asks before numbers are claimed; neither way holds the feed, or conflicts."""
    with store.writing() as session:
        lumiere = add_issuer(session, "lumiere", "Lumière", NOW, f'tolerance = "{tolerance}"')
    take(store, lumiere, batch(MARCH))
    pack_as_before(store, missing=2)
    # Their line breaks differ: it is the bills that are compared, not their bytes.
    again = take(store, lumiere, batch(bill.replace("<cac:Price>", "<cac:Price>\n") for bill in MARCH), "again.xml")
    assert (state(store, again), outcomes(store, again)) == ("released", {"duplicate": 3})
    other = take(store, lumiere, batch([ubl("L-1", net=Decimal(99))]), "other.xml")
    assert state(store, other) == ("released" if tolerance == "some" else "held")


# -- identical, renamed, wrapped otherwise (R6) ----------------------------------------------------------------


def test_the_same_bytes_are_the_same_feed_however_often_and_under_any_name(store: Store, lumiere: Issuer) -> None:
    first = take(store, lumiere, batch(MARCH))
    for name, door in (("mars.xml", "cli"), ("mars (1).xml", "api"), ("MARS.XML", "sftp"), ("../../etc/x", "api")):
        again = take(store, lumiere, batch(MARCH), name, door)
        assert (again.feed_id, again.is_new, again.state) == (first.feed_id, False, "released")
    assert numbers(store) == ["L-1", "L-2", "L-3"]


@pytest.mark.parametrize(
    "wrapped",
    [
        zipped("mars.xml", batch(MARCH)),
        zipped("renamed.xml", batch(MARCH)),
        zipped("mars.xml", batch(MARCH), month=4, method=zipfile.ZIP_STORED),
        gzip.compress(batch(MARCH), mtime=7),
        batch(MARCH).replace(b"<Invoices>", b"<Invoices>\n  "),
        batch(reversed(MARCH)),
    ],
    ids=["zip", "renamed in a zip", "zipped again", "gzip", "a space more", "in another order"],
)
def test_the_same_bills_in_another_wrapping_are_all_known(store: Store, lumiere: Issuer, wrapped: bytes) -> None:
    first = take(store, lumiere, batch(MARCH))
    again = take(store, lumiere, wrapped, "again.bin")
    assert again.feed_id != first.feed_id
    assert outcomes(store, again) == {"duplicate": 3}
    assert numbers(store) == ["L-1", "L-2", "L-3"]
    assert not any(check(store).invariants.values())


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_of_a_feed_partly_changed_only_what_changed_is_new(store: Store, lumiere: Issuer, share: float) -> None:
    hundred = [ubl(f"L-{n:03}", f"C-{n}") for n in range(100)]
    take(store, lumiere, batch(hundred))
    some = range(round(100 * share))
    dearer = [ubl(f"L-{n:03}", f"C-{n}", Decimal(99)) if n in some else bill for n, bill in enumerate(hundred)]
    again = take(store, lumiere, batch([*dearer, ubl("L-NEW")]))
    assert outcomes(store, again) == {"bill": 1, "conflict": len(some), "duplicate": 100 - len(some)}
    with store.reading() as session:
        conflicts = select(Item.number).where(Item.feed_id == again.feed_id, Item.outcome == "conflict")
        assert list(session.scalars(conflicts.order_by(Item.seq))) == [f"L-{n:03}" for n in some]
    assert not any(check(store).invariants.values())


def test_one_byte_changed_anywhere_makes_no_second_bill(store: Store, lumiere: Issuer) -> None:
    """Whatever a changed byte makes of a feed (nothing, a conflict, a refusal), the bills that were there stay as they
    were, and a number is never born twice."""
    whole = batch(MARCH)
    take(store, lumiere, whole)
    with store.reading() as session:
        before = dict(session.execute(select(BillRow.number, BillRow.content_sha256)).tuples().all())
    chance = random.Random(7)
    for place in chance.sample(range(len(whole)), 40):
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(7)
        take(store, lumiere, bytes(changed), f"{place}.xml")
    with store.reading() as session:
        after = dict(session.execute(select(BillRow.number, BillRow.content_sha256)).tuples().all())
        states = set(session.scalars(select(Feed.state)))
    assert {number: after[number] for number in before} == before
    assert states <= {"released", "rejected", "held"}
    assert not any(check(store).invariants.values())


# -- cut off (R7) ----------------------------------------------------------------------------------------------


def was_taken_whole(content: bytes) -> bool:
    reading = open_feed(BytesIO(content), "cut", Profile())
    for _ in reading:
        pass
    return reading.whole


@pytest.mark.parametrize(
    "whole", [batch(MARCH[:1]), ubl("L-1").encode(), zipped("a.xml", ubl("L-1").encode()), gzip.compress(batch(MARCH))],
    ids=["batch", "one invoice", "zip", "gzip"],
)  # fmt: skip
def test_a_small_feed_cut_off_at_any_byte_is_never_whole(whole: bytes) -> None:
    assert was_taken_whole(whole)
    assert [cut for cut in range(len(whole)) if was_taken_whole(whole[:cut])] == []


def test_a_feed_cut_off_has_delivered_nothing_and_the_whole_one_then_does(store: Store, lumiere: Issuer) -> None:
    whole = batch(ubl(f"L-{n}", f"C-{n}") for n in range(270))
    chance = random.Random(11)
    edges = range(4096, len(whole), 4096 * 41)
    for cut in [*edges, *(chance.randrange(1, len(whole)) for _ in range(4)), len(whole) - 1]:
        assert state(store, take(store, lumiere, whole[:cut])) == "rejected"
    with store.reading() as session:
        assert [session.scalar(select(func.count()).select_from(row)) for row in (BillRow, Delivery, Item)] == [0] * 3
    assert outcomes(store, take(store, lumiere, whole)) == {"bill": 270}


def test_a_table_cut_off_between_two_rows_is_known_by_what_was_declared(store: Store) -> None:
    """Nothing in such a file says where it ends: control totals do."""
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux du Lac", NOW, TABLE)
    rows = [f"E-{n};02/03/2026;12,00;R-{n};Alice" for n in range(9)]
    whole = "\n".join(["Facture;Date;Montant;Client;Nom", *rows, ""]).encode()
    cut = whole[: whole.rindex(b"E-6")]
    declared = ControlTotals(count=9, sums={"EUR": Decimal("108.00")}, source="API")
    dropped = drop_feed(store, eaux, BytesIO(cut), "mars.csv", "api", NOW, announced=declared)
    read_feed(store, NOW)
    assert state(store, dropped) == "held"
    assert numbers(store) == []


TABLE = """
[delimited]
lines_per_bill = "one"
[delimited.columns]
number = "Facture"
issue_date = "Date"
payable = "Montant"
"buyer.id" = "Client"
"buyer.name" = "Nom"
[delimited.constants]
currency = "EUR"
"""


# -- written slowly (R7) ---------------------------------------------------------------------------------------


def test_a_file_written_slowly_is_taken_when_it_is_whole(store: Store, lumiere: Issuer, tmp_path: Path) -> None:
    """Its writer pauses, dies, comes back and goes on; nothing is taken before a minute without a touch."""
    home, whole = tmp_path / "trays", batch(MARCH)
    upload_folder = UploadFolder(home, "lumiere")
    upload_folder.make()
    path = upload_folder.folder / "mars.xml"
    for at in range(0, len(whole), 700):
        with path.open("ab") as file:
            file.write(whole[at : at + 700])
        now = datetime.now(UTC)
        assert collect_uploads(store, home, now + timedelta(seconds=59), 60) == []
    upload_folder.begin("mars.xml")  # its line breaks: however quiet, it does not count
    assert collect_uploads(store, home, datetime.now(UTC) + timedelta(hours=1), 60) == []
    upload_folder.end("mars.xml")
    [dropped] = collect_uploads(store, home, datetime.now(UTC) + timedelta(seconds=61), 60)
    read_feed(store, NOW)
    assert outcomes(store, dropped) == {"bill": 3}


# -- at once ---------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do these at the same moment, each in a thread of its own; what they gave, or raised."""
    barrier, given = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            given.append(act())
        except Exception as error:
            given.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def a_store(config: Config) -> Store:
    return open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")


def drop_at(store: Store, issuer: Issuer, door: str, content: bytes) -> DroppedFeed:
    return drop_feed(store, issuer, BytesIO(content), f"{door}.xml", door, NOW)


def test_the_same_file_by_several_doors_at_once_is_one_feed(store: Store, lumiere: Issuer, config: Config) -> None:
    doors = {name: a_store(config) for name in ("api", "sftp", "cli", "folder")}
    for month in range(5):
        content = batch(ubl(f"M{month}-{n}", f"C-{n}") for n in range(20))
        dropped = at_once(*(partial(drop_at, door, lumiere, name, content) for name, door in doors.items()))
        assert not [each for each in dropped if isinstance(each, Exception)]
        assert len({each.feed_id for each in dropped}) == 1  # type: ignore[attr-defined]
        assert sum(each.is_new for each in dropped) == 1  # type: ignore[attr-defined]
        read = at_once(*(lambda door=door: read_feed(door, NOW) for door in doors.values()))
        assert not [each for each in read if isinstance(each, Exception)]
    for door in doors.values():
        door.close()
    while read_feed(store, NOW):
        pass
    assert len(numbers(store)) == 100
    broken = check(store).invariants
    assert not any(broken.values()), broken


def test_the_same_bills_in_two_feeds_at_once_are_born_once(store: Store, lumiere: Issuer, config: Config) -> None:
    """Two processes release two feeds that hold the same numbers: whoever comes second finds a duplicate."""
    bills = [ubl(f"L-{n:03}", f"C-{n}") for n in range(300)]
    contents = [batch(bills), batch(reversed(bills))]
    feeds = [drop_feed(store, lumiere, BytesIO(each), f"{n}.xml", "api", NOW) for n, each in enumerate(contents)]
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    readers = [context.Process(target=read_apart, args=(config, feed.feed_id, barrier)) for feed in feeds]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert [reader.exitcode for reader in readers] == [0, 0]
    told: Sequence[dict[str, int]] = [outcomes(store, feed) for feed in feeds]
    assert sum(each.get("bill", 0) for each in told) == sum(each.get("duplicate", 0) for each in told) == 300
    assert len(numbers(store)) == 300


def read_apart(config: Config, feed_id: int, barrier: Barrier) -> None:
    """What a worker's process does with one feed, at the same moment as the other."""
    store = a_store(config)
    barrier.wait(60)
    assert read_feed(store, NOW, feed_id)
    store.close()


# -- duplicate numbers (R10) -----------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["l-1", "L-01", "L\u20111", "Ｌ-1", "L–1", "L-1\u0301", "L 1"])
def test_a_number_that_only_looks_alike_is_another_bill(store: Store, lumiere: Issuer, other: str) -> None:
    dropped = take(store, lumiere, batch([ubl("L-1"), ubl(other, "C-BOB")]))
    assert outcomes(store, dropped) == {"bill": 2}


@pytest.mark.parametrize("same", [" L-1", "L-1 ", "\tL-1\n"])
def test_spaces_around_a_number_are_none_of_it(store: Store, lumiere: Issuer, same: str) -> None:
    dropped = take(store, lumiere, batch([ubl("L-1"), ubl(same)]))
    assert outcomes(store, dropped) == {"bill": 1, "duplicate": 1}
    assert numbers(store) == ["L-1"]


def test_a_number_belongs_to_its_issuer(store: Store, lumiere: Issuer) -> None:
    with store.writing() as session:
        eaux = add_issuer(session, "eaux", "Eaux du Lac", NOW)
    assert outcomes(store, take(store, lumiere, batch(MARCH))) == {"bill": 3}
    assert outcomes(store, take(store, eaux, batch([ubl("L-1", net=Decimal(3))]))) == {"bill": 1}
    assert outcomes(store, take(store, eaux, batch(MARCH))) == {"bill": 2, "conflict": 1}


# -- credit notes in any order (R11) ---------------------------------------------------------------------------


def credit(number: str, of: str, net: str) -> str:
    """A credit note of an invoice of Alice's, as an invoice of type 381."""
    note = ubl(number, net=Decimal(net)).replace(">380<", ">381<")
    document = f"<cac:InvoiceDocumentReference><cbc:ID>{of}</cbc:ID></cac:InvoiceDocumentReference>"
    reference = f"<cac:BillingReference>{document}</cac:BillingReference>"
    return note.replace("<cac:AccountingSupplierParty>", f"{reference}<cac:AccountingSupplierParty>", 1)


def test_credit_notes_come_before_or_after_their_invoice_alike(
    new_database: Callable[[], str], config: Config, tmp_path: Path
) -> None:
    documents = [ubl("L-1"), credit("A-1", "L-1", "20.00"), credit("A-2", "L-1", "90.00"), ubl("L-2", "C-BOB")]
    balances = set()
    for n, order in enumerate(itertools.permutations(documents)):
        if n % 5:
            continue  # every fifth order of twenty-four
        store = open_store(new_database(), config.blobs_url, KeyRing(config.secret), tmp_path / f"in-{n}")
        with store.writing() as session:
            issuer = add_issuer(session, "lumiere", "Lumière", NOW)
        for k, document in enumerate(order):
            take(store, issuer, document.encode(), f"{k}.xml")
        with store.reading() as session:
            rows = select(BillRow.number, BillRow.type_code, BillRow.payable, BillRow.to_pay).order_by(BillRow.number)
            balances.add(tuple(tuple(row) for row in session.execute(rows)))
        assert not any(check(store).invariants.values())
        store.close()
    assert len(balances) == 1
    [bills] = balances
    assert [row[0] for row in bills] == ["A-1", "A-2", "L-1", "L-2"]
