"""Measures fairness between issuers: how long a hundred bills take beside another issuer's half a million, in one
worker.

    python -m bench.issuer_fairness [bills] [phase …]

A feed of *bills* (50,000 by default) is dropped for a worker, a separate process on SQLite with a relay that accepts
every mail. In each phase of it (reading, releasing, rendering and choosing, sending mail; one account in ten is
paperless) another issuer drops a feed of 100 paperless bills, and somebody asks for a new password. Prints for each
phase after how many seconds the small feed was released, its bills were chosen, its mails were sent, and the password
mail was sent. Promised: two minutes for the feed, whatever the size of the other; seconds for the password.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, func, insert, literal, select

from bill import PostalAddress
from config import load
from delivery.channels.email.smtp.dev_inbox import open_inbox
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from store import Store, open_store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.base import Base, Moment, RowId
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.job import Job, request_job
from store.vault.key_ring import KeyRing
from tests.sample_feeds import ubl

ROOT: Final = Path(__file__).resolve().parents[1]
PROMISED: Final = 120.0
FEW: Final = 100
PAPERLESS: Final = 10  # every tenth account of the large issuer
ALICE: Final = ("Alice Martin", "12 rue des Lilas", "44000", "Nantes")
GROUP: Final = 10_000


class Bench:
    """A store, a worker process, a large and a small issuer."""

    def __init__(self, store: Store) -> None:
        self.store = store
        now = datetime.now(UTC)
        with store.writing() as session:
            self.large = add_issuer(session, "grande", "Grande", now)
            self.small = add_issuer(session, "petite", "Petite", now)
            alice = Consumer(
                email="alice@example.org", name="Alice", password_hash="-", signed_up_at=now, confirmed_at=now
            )
            session.add(alice)
            session.flush()
            self.alice_id = alice.id

    def hold(self, issuer: Issuer, count: int, every: int) -> None:
        """Give Alice every *every*-th of the issuer's *count* accounts, paperless."""
        now, key = datetime.now(UTC), self.store.encryptor.encrypt_key(os.urandom(32))
        home = PostalAddress(line1=ALICE[1], postcode=ALICE[2], city=ALICE[3], country="FR")
        account = {
            "issuer_id": issuer.id, "term": "BT-46", "holder": ALICE[0], "address": msgspec.msgpack.encode(home),
            "as_of": now.date(), "paperless": True, "paperless_since": now, "encrypted_key": key,
        }  # fmt: skip
        for first in range(0, count, GROUP):
            values = [f"C{n:07}" for n in range(first, min(first + GROUP, count), every)]
            with self.store.writing() as session:
                session.execute(insert(CustomerAccount), [account | {"value": value} for value in values])
        mine = select(CustomerAccount.id, literal(self.alice_id, RowId), literal(now, Moment))
        held = insert(Enrolment).from_select(
            ["account_id", "consumer_id", "enrolled_at"], mine.where(CustomerAccount.issuer_id == issuer.id)
        )
        with self.store.writing() as session:
            session.execute(held)

    def drop(self, issuer: Issuer, name: str, count: int) -> int:
        """Drop a feed of *count* bills, generated while it is received. Returns its id."""
        return drop_feed(
            self.store, issuer, _Stream(invoices(name, count)), f"{name}.xml", "cli", datetime.now(UTC)
        ).feed_id

    def count(self, row: type[Base], *conditions: ColumnElement[bool]) -> int:
        """Return the number of rows that meet the conditions."""
        with self.store.reading() as session:
            return session.scalar(select(func.count()).select_from(row).where(*conditions)) or 0

    def feed(self, feed_id: int) -> Feed:
        """Return a feed's row."""
        with self.store.reading() as session:
            return session.get_one(Feed, feed_id)

    def mails_left(self, issuer: Issuer) -> int:
        """Return the number of an issuer's mails that are not sent yet."""
        mails = (Delivery.channel == "email", Delivery.purpose == "notify", Delivery.issuer_id == issuer.id)
        return self.count(Delivery, *mails, Delivery.state.in_(["waiting", "ready", "attempting"]))

    def left(self, feed_id: int) -> int:
        """Return the number of a feed's chunks that are not rendered and chosen yet."""
        return self.count(Chunk, Chunk.feed_id == feed_id, Chunk.state != "done")


class _Stream:
    """A readable stream over generated bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, BytesIO()

    def read(self, size: int = -1) -> bytes:
        content = self._rest.read(size)
        if not content:
            self._rest = BytesIO(b"".join(piece for piece, _ in zip(self._pieces, range(1000), strict=False)))
            content = self._rest.read(size)
        return content


def invoices(name: str, count: int) -> Iterator[bytes]:
    """Yield a feed of *count* bills."""
    today = datetime.now(UTC).date()
    days = {"issued": today.isoformat(), "due": (today + timedelta(days=40)).isoformat(), "seller": name}
    yield b"<batch>"
    for n in range(count):
        yield ubl(f"{name}-{n}", f"C{n:07}", person=ALICE, **days).encode() + b"\n"
    yield b"</batch>"


def phases(bench: Bench, large: int, bills: int) -> dict[str, Callable[[], bool]]:
    """Return each phase of the large feed with a test of whether it is well under way."""
    chunks = bills // 250

    def is_sending() -> bool:
        return bench.feed(large).state == "released" and not bench.left(large) and bench.mails_left(bench.large) > 0

    return {
        "reading": lambda: bench.feed(large).entries > bills // 20,
        "releasing": lambda: bench.feed(large).released_upto > bills // 20,
        "rendering, choosing": lambda: 0 < bench.left(large) < chunks * 0.95,
        "sending": is_sending,
    }


def is_over(bench: Bench, large: int, phase: str) -> bool:
    """Whether the large feed finished the phase before the small one: then the figure says less than it seems."""
    feed = bench.feed(large)
    return {
        "reading": feed.read_at is not None,
        "releasing": feed.state == "released",
        "rendering, choosing": feed.state == "released" and not bench.left(large),
        "sending": bench.mails_left(bench.large) == 0,
    }[phase]


def beside(bench: Bench, large: int, phase: str) -> None:
    """Drop the small feed, ask for a password, and print after how many seconds each was done."""
    began = time.monotonic()
    feed_id = bench.drop(bench.small, f"petite {phase}", FEW)
    with bench.store.writing() as session:
        job = request_job(session, "already_signed_up", {"email": "bob@example.org"}, datetime.now(UTC))
    waits: dict[str, Callable[[], bool]] = {
        "password": lambda: bench.count(Job, Job.id == job.id, Job.state == "done") > 0,
        "released": lambda: bench.feed(feed_id).state == "released",
        "chosen": lambda: bench.count(BillRow, BillRow.feed_id == feed_id, BillRow.state == "chosen") == FEW,
        "mailed": lambda: (
            bench.count(BillRow, BillRow.feed_id == feed_id, BillRow.state == "chosen") == FEW
            and bench.mails_left(bench.small) == 0
        ),
    }
    took: dict[str, float] = {}
    over = ""
    while len(took) < len(waits):
        for name, is_done in waits.items():
            if name not in took and is_done():
                took[name] = time.monotonic() - began
        if not over and is_over(bench, large, phase):
            over = f"  (the large one was through after {time.monotonic() - began:.0f} s)"
        time.sleep(0.2)
    figures = "  ".join(f"{name} {took[name]:6.1f} s" for name in ("password", "released", "chosen", "mailed"))
    verdict = "" if took["mailed"] <= PROMISED else f"  MORE THAN {PROMISED:.0f} s"
    print(f"  {phase:20} {figures}{verdict}{over}", flush=True)


def main(arguments: list[str]) -> None:
    bills, wanted = int(arguments[0]) if arguments else 50_000, arguments[1:]
    with tempfile.TemporaryDirectory() as name, open_inbox(Path(name) / "inbox") as relay:
        environment = {"FACTEUR_HOME": name, "FACTEUR_SMTP_URL": relay}
        config = load(environment)
        config.home.mkdir(exist_ok=True)
        store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
        bench = Bench(store)
        bench.hold(bench.large, bills, PAPERLESS)
        bench.hold(bench.small, FEW, 1)
        print(f"{FEW} bills beside {bills}, one worker", flush=True)
        worker = subprocess.Popen(
            [sys.executable, "-m", "cli", "worker"], cwd=ROOT, env=os.environ | environment, stderr=subprocess.DEVNULL
        )
        try:
            began = time.monotonic()
            large = bench.drop(bench.large, "grande", bills)
            for phase, is_under_way in phases(bench, large, bills).items():
                while not is_under_way() and not is_over(bench, large, phase):
                    time.sleep(0.5)
                print(f"  after {time.monotonic() - began:.0f} s:", flush=True)
                if not wanted or phase in wanted:
                    beside(bench, large, phase)
        finally:
            worker.terminate()
            stopping = time.monotonic()
            worker.wait(60)
        print(f"  told to stop, the worker ended after {time.monotonic() - stopping:.1f} s")
        store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
