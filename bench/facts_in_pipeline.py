"""Measures which part of the pipeline's CPU goes into keeping the adoption facts.

    python -m bench.facts_in_pipeline [BILLS [MONTHS]]      2,000 bills a month, for four months, on a new SQLite

Each month a feed of UBL invoices goes through the whole pipeline: read, checked, stored, rendered, chosen, announced or
printed, and counted whenever the pipeline counts. Of five accounts two are held by a person, one of them
paperless, as in `bench.million_bill_rows`. Prints, for each month, the CPU of all of it and that of counting, a bill:
the first has new accounts. Promised: counting takes under a hundredth.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Final

from sqlalchemy import select

import adoption
from config import load
from consumers.paperless_consent import go_paperless
from delivery.channels.email.smtp.dev_inbox import open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.worker_loop import look_seldom_for_garbage
from store import Store, open_store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.vault.key_ring import KeyRing
from tests.sample_feeds import batch, ubl

PROMISED: Final = 0.01


class Counting:
    """Counts the CPU of `adoption.measure`, which it stands before."""

    def __init__(self, measure: Callable[..., bool]) -> None:
        self.measure, self.seconds = measure, 0.0

    def __call__(self, *args: Any) -> bool:
        began = time.process_time()
        try:
            return self.measure(*args)
        finally:
            self.seconds += time.process_time() - began


def main() -> None:
    bills = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    months = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    with tempfile.TemporaryDirectory() as home:
        config = load({"FACTEUR_HOME": home})
        store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
        with open_inbox(config.inbox) as url:
            post = SmtpClient(url, config.sender)
            pipeline = Pipeline(store, config, post)
            look_seldom_for_garbage()
            shares = [month(pipeline, n, bills) for n in range(1, months + 1)]
            post.hang_up()
        store.close()
    latest = shares[-1]
    print(f"{'kept' if latest < PROMISED else 'BROKEN'}: {latest:.2%} of the pipeline's CPU, promised {PROMISED:.0%}")
    sys.exit(0 if latest < PROMISED else 1)


def month(pipeline: Pipeline, n: int, bills: int) -> float:
    """Work off a month's feed, and its last letters a week later. Returns the share of counting."""
    store, first = pipeline.store, datetime(2026, n, 3, 9, tzinfo=UTC)
    issued, due = f"2026-{n:02}-02", f"2026-{n + 1:02}-15"
    feed = batch([ubl(f"F-{n}-{each}", f"C-{each}", issued=issued, due=due) for each in range(bills)])
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", first)
    counting = adoption.measure = Counting(adoption.measure)
    began = time.process_time()
    drop_feed(store, issuer, BytesIO(feed), f"{issued}.xml", "cli", first)
    for moment in (first, first + timedelta(days=1), first + timedelta(days=8)):
        pipeline.work_until_idle(moment)
    whole, adoption.measure = time.process_time() - began, counting.measure
    each, counted = whole / bills * 1000, counting.seconds / bills * 1000
    print(f"{issued}  {each:7.3f} ms of CPU a bill, {counted:6.3f} ms to count it, {counted / each:.2%}")
    if n == 1:
        settle_in(store, first + timedelta(days=9))
    return counting.seconds / whole


def settle_in(store: Store, now: datetime) -> None:
    """Two of five accounts are followed from now on, the first of them without paper."""
    with store.writing() as session:
        for account in session.scalars(select(CustomerAccount).where(CustomerAccount.id % 5 < 2)):
            person = Consumer(
                email=f"{account.id}@example.org", name=account.holder, password_hash="", signed_up_at=now,
                confirmed_at=now,
            )  # fmt: skip
            session.add(person)
            session.flush()
            enrol(session, person.id, account.id, now)
            if account.id % 5:
                go_paperless(session, account, person, now)


if __name__ == "__main__":
    main()
