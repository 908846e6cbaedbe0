"""Measures how fast a print batch is handed over, and its memory: a closed batch of letters, from store to outbox.

    python -m bench.print [letters]

A child process hands over a tenth of the letters, another one all of them. Prints letters a second, each process's peak
memory, and the memory for each further letter. Everything is real: archived bills, encrypted segments, overlays,
inserter marks, manifest.
"""

import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import insert, select

import delivery
from bill import Bill, Brand, Line, Party, PostalAddress, Totals, pack
from delivery.channels.paper.print_outbox import manifest_named
from pipeline.letter_printer import PdfLetterPrinter
from render.compiled_template import compile_template
from store import Store, open_store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow, new_uid
from store.blobs.mounted_folder_check import mark
from store.db.leases import acquire_lease
from store.db.wake_up_signal import NoWakeUpSignal
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import Issuer, TemplateRow
from store.print_batch import PrintBatch
from store.vault.key_ring import KeyRing
from store.vault.pdf_segment import archived, write_segment
from tests.print_manifest_sums import disagreements

NOW: Final = datetime(2026, 11, 4, 12, tzinfo=UTC)
SECRET: Final = b"a secret of thirty-two bytes ..."
GROUP: Final = 500


def main() -> None:
    if len(sys.argv) > 2:
        _hand_over(Path(sys.argv[1]), int(sys.argv[2]))
        return
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_run(Path(folder) / str(count), count) for count in (letters // 10, letters))
    for run in (small, large):
        rate, size = run["letters"] / run["seconds"], run["pdf"] / run["letters"]
        print(
            f"{run['letters']:7.0f} letters  {rate:5.0f} letters/s  {size:5.0f} bytes a letter  "
            f"{run['files']:.0f} files  {run['rss'] / 1e6:4.0f} MB at most"
        )
    more = (large["rss"] - small["rss"]) / (large["letters"] - small["letters"])
    print(f"a letter more holds {more:.0f} bytes more")


def _run(home: Path, letters: int) -> dict[str, float]:
    _fill(home, letters)
    done = subprocess.run(
        [sys.executable, "-m", "bench.print", str(home), str(letters)], capture_output=True, check=True
    )
    return msgspec.json.decode(done.stdout, type=dict[str, float])


def _open(home: Path) -> Store:
    url = f"sqlite:///{home / 'facteur.db'}"
    return open_store(url, (home / "blobs").as_uri(), KeyRing(SECRET), home / "incoming", NoWakeUpSignal())


def _hand_over(home: Path, letters: int) -> None:
    """Hand over in a separate process, so that its memory is that of the handover."""
    store = _open(home)
    with store.writing() as session:
        delivery.close_batch(session, NOW, force=True)
        batch = session.scalars(select(PrintBatch)).one()
        assert acquire_lease(session, PrintBatch, batch.id, PrintBatch.state == "closed")
    room = delivery.PrintRoom(
        printer=PdfLetterPrinter(), house=delivery.PrintHouse(), outbox=home / "outbox",
        public_url="https://facteur.example",
    )  # fmt: skip
    mark(room.outbox)
    begun = time.perf_counter()
    delivery.hand_over(store, batch.id, room, NOW)
    seconds = time.perf_counter() - begun
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with store.reading() as session:
        name = session.get_one(PrintBatch, batch.id).name
    manifest = manifest_named(room.outbox, name)
    assert manifest is not None
    assert disagreements(manifest) == []
    assert manifest.letters == letters
    size = sum(file.size for file in manifest.files)
    figures = {"letters": letters, "seconds": seconds, "rss": rss, "pdf": size, "files": len(manifest.files)}
    print(msgspec.json.encode(figures).decode())


def _fill(home: Path, letters: int) -> None:
    """Archive bills and add a letter for each to the open batch."""
    home.mkdir()
    store = _open(home)
    template = compile_template(Brand(name="Lumière de l’Ouest"))
    prefix_sha256 = store.blobs.put(template.prefix)
    suffixes = [template.parts(_bill(number)) for number in range(100)]
    with store.writing() as session:
        session.add(Issuer(id=1, slug="lumiere", name="Lumière de l’Ouest", added_at=NOW, changed_at=NOW))
        session.flush()
        session.add(TemplateRow(id=1, issuer_id=1, version=template.version, prefix_sha256=prefix_sha256, made_at=NOW))
        feed = Feed(issuer_id=1, sha256="0" * 64, name="f", size=1, door="cli", state="released", received_at=NOW)
        batch = PrintBatch(state="open", house="main", opened_at=NOW, cut_off_at=NOW)
        session.add_all([feed, batch])
    for start in range(1, letters + 1, GROUP):
        _archive(store, range(start, min(start + GROUP, letters + 1)), template.prefix, suffixes)
    store.close()


def _archive(store: Store, ids: range, prefix: bytes, suffixes: list[list[bytes]]) -> None:
    key = store.encryptor.encrypt_key(hashlib.sha256(b"key").digest())
    own = {each: suffixes[each % len(suffixes)] for each in ids}
    places = write_segment(store.blobs, store.encryptor, [(each, each, key, own[each]) for each in ids])
    where = {row["id"]: row for row in archived(1, prefix, own, places)}
    packed = pack(_bill(0))
    with store.writing() as session:
        session.execute(
            insert(CustomerAccount),
            [
                {"id": each, "issuer_id": 1, "term": "BT-46", "value": f"C-{each}", "holder": f"Client {each}",
                 "address": msgspec.msgpack.encode(_home(each)), "as_of": NOW.date(), "encrypted_key": key}
                for each in ids
            ],
        )  # fmt: skip
        session.execute(
            insert(BillRow),
            [
                {"uid": new_uid(), "issuer_id": 1, "number": f"L-{each}", "feed_id": 1, "item_seq": each,
                 "account_id": each, "type_code": "380", "issue_date": NOW.date(), "currency": "EUR",
                 "payable": Decimal(84), "to_pay": Decimal(84), "seller_name": "", "buyer_name": "", "line_count": 4,
                 "content": packed, "content_sha256": "-", "body_sha256": "-", "received_at": NOW,
                 **where[each]}
                for each in ids
            ],
        )  # fmt: skip
        session.execute(
            insert(Delivery),
            [
                {"bill_id": each, "channel": "paper", "purpose": "print", "state": "ready",
                 "reason_code": "account_unclaimed", "due_at": NOW, "made_at": NOW, "batch_id": 1, "issuer_id": 1}
                for each in ids
            ],
        )  # fmt: skip


def _home(number: int) -> PostalAddress:
    return PostalAddress(
        line1=f"{number} rue du Port", postcode=f"{number * 37 % 95:02}000", city="Ville", country="FR"
    )


def _bill(number: int) -> Bill:
    """Return a bill; some have two pages."""
    count = 60 if number % 10 == 9 else 4
    lines = tuple(
        Line(id=str(n), name=f"Électricité, tranche {n}", quantity=Decimal(n), unit="KWH", net_price=Decimal(1),
             net_amount=Decimal(n), vat_category="S", vat_rate=Decimal(20))
        for n in range(1, count + 1)
    )  # fmt: skip
    total = sum((line.net_amount for line in lines), Decimal(0))
    return Bill(
        number=f"L-{number}", issue_date=date(2026, 11, 4), due_date=date(2026, 12, 4), currency="EUR",
        seller=Party(name="Lumière de l’Ouest"), buyer=Party(name=f"Client {number}", address=_home(number)),
        lines=lines, totals=Totals(payable=total),
    )  # fmt: skip


if __name__ == "__main__":
    main()
