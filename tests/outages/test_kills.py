"""Workers are killed over a slow relay, a slow bucket and the print house's folder, at moments of chance: a mail is
repeated at most once a kill, a letter never, and nothing is lost. `make battery` kills for longer."""

import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
from sqlalchemy import select

from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from pipeline.feed_pipeline import Pipeline
from store import open_store
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.issuer import issuer_by_slug
from store.vault.key_ring import KeyRing
from tests.outages.bucket import Bucket
from tests.outages.six_issuers import NOW, World
from tests.outages.test_matrix import bucket, served  # noqa: F401 -- fixtures
from tests.sample_feeds import batch, ubl

KILLS = int(os.environ.get("FACTEUR_KILLS", "3"))
BILLS = 15 * KILLS

pytestmark = pytest.mark.timeout(0 if KILLS > 3 else 300)


def more_bills(world: World, *accounts: str) -> None:
    """So many bills of the first issuer for each of these accounts, not read yet."""
    with world.store.reading() as session:
        issuer = issuer_by_slug(session, "chosen")
    assert issuer is not None
    bills = [ubl(f"K-{account}-{n}", account) for account in accounts for n in range(BILLS)]
    drop_feed(world.store, issuer, BytesIO(batch(bills)), "more.xml", "cli", NOW)


def worker(world: World) -> None:
    """A worker in a process of its own, until nothing is due and all letters are handed over."""
    config = world.config
    store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    pipeline = Pipeline(store, config, SmtpClient(world.relay.url, config.sender))
    pipeline.work_until_idle(NOW)
    pipeline.close_batch(NOW)
    os._exit(0)


def kill_as_it_goes_on(world: World, progress: Callable[[], int], most: int) -> int:
    """Kill worker after worker, each when it has come a little further; then let one come to its end. How many were
    killed."""
    chance, kills = random.Random(2026), 0
    while True:
        victim = multiprocessing.get_context("fork").Process(target=worker, args=(world,))
        victim.start()
        aim = progress() + chance.randrange(1, most)
        while kills < KILLS and victim.is_alive() and progress() < aim:
            time.sleep(0.002)
        if kills < KILLS and victim.is_alive():
            time.sleep(chance.uniform(0, 0.02))
            os.kill(victim.pid or 0, signal.SIGKILL)
        victim.join()
        if victim.exitcode == 0:
            return kills
        assert victim.exitcode == -signal.SIGKILL
        kills += 1


def is_done(world: World) -> None:
    with world.store.reading() as session:
        assert set(session.scalars(select(BillRow.state))) == {"chosen"}
        mails = select(Delivery.state).where(Delivery.channel == "email", Delivery.purpose == "notify")
        assert set(session.scalars(mails)) == {"sent"}
    posted = Counter(
        piece["bill"]
        for path in world.config.outbox.glob("lot-*.json")
        if not path.name.endswith(".ack.json")
        for piece in json.loads(path.read_text())["pieces"]
    )
    assert set(posted.values()) == {1}, "no letter is printed twice"
    with world.store.reading() as session:
        letters = session.scalars(
            select(BillRow.number).join(Delivery, Delivery.bill_id == BillRow.id)
            .where(Delivery.channel == "paper", Delivery.state.in_(["sent", "delivered"]))
        )  # fmt: skip
        assert set(letters) == set(posted)
    assert not list(world.config.outbox.glob(".lot*"))


def test_kills_over_a_slow_relay_repeat_one_mail_each(make_world: Callable[..., World]) -> None:
    world = make_world()
    more_bills(world, "C-ALICE")
    world.relay.delay = 0.01
    kills = kill_as_it_goes_on(world, world.relay.taken.total, 10)
    is_done(world)
    mails = world.relay.taken
    assert kills == KILLS
    assert mails.total() - len(mails) <= kills, "one more a kill"
    assert len(mails) >= BILLS


def test_kills_while_a_bucket_takes_its_time(
    make_world: Callable[..., World],
    bucket: Bucket,  # noqa: F811 -- a fixture
) -> None:
    world = make_world(bucket=bucket)
    more_bills(world, "C-ALICE", "C-BOB")
    bucket.delay = 0.01
    try:
        kill_as_it_goes_on(world, lambda: bucket.answers, 12)
    finally:
        bucket.delay = 0.0
    is_done(world)


def test_kills_at_the_print_house(make_world: Callable[..., World]) -> None:
    """Drafts and files appear one by one: the worker is killed beside each."""
    world = make_world()
    more_bills(world, "C-BOB")
    seen: set[str] = set()

    def progress() -> int:
        for path in world.config.outbox.glob("*lot-*"):
            with suppress(FileNotFoundError):
                seen.add(f"{path.name} {path.stat().st_size // 30_000}")
        return len(seen)

    kill_as_it_goes_on(world, progress, 3)
    is_done(world)
