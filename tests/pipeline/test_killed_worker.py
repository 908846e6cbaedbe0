"""A worker is killed with SIGKILL in the middle of a feed of 240 bills (`make battery`: 2,000), again and again, and
started anew: every count is exactly as expected, and no letter is printed twice. Bills that their issuer recalls
meanwhile, in whatever step the worker had them, are never printed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select

from audit.run_all_checks import check
from config import Config
from delivery.recall.recall_bill import RECALLABLE, recall_bill
from doors.feed_drop import drop_feed
from feeds.conflicts.decide_conflict import Decision
from issuers.registry import add_issuer
from store import Store
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.feeds.item import Item
from tests.item_outcomes import outcome_counts
from tests.sample_feeds import batch, ubl

BILLS = 2000 if "FACTEUR_KILLS" in os.environ else 240
ROOT = Path(__file__).parents[2]


def facteur(config: Config, *arguments: str) -> subprocess.Popen[bytes]:
    """The command line in a process of its own, on this home and database."""
    environment = os.environ | {
        "FACTEUR_HOME": str(config.home),
        "FACTEUR_DATABASE_URL": config.database_url,
        "FACTEUR_SECRET_FILE": str(config.home.parent / "secret"),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-m", "cli", *arguments], env=environment, stderr=subprocess.DEVNULL)


def progress(store: Store) -> int:
    """How far the feed is: grows with every staged item, claimed number, rendered and chosen bill."""
    with store.reading() as session:
        states = session.execute(select(BillRow.state, func.count()).group_by(BillRow.state))
        weight = {"released": 1, "rendered": 2, "chosen": 3, "recalled": 3}
        bills = sum(weight[state] * number for state, number in states)
        return (session.scalar(select(func.count()).select_from(Item)) or 0) + bills


def recall_some(store: Store, chance: random.Random) -> None:
    """The issuer takes bills back, whatever the worker is doing with them."""
    with store.reading() as session:
        ids = session.scalars(select(BillRow.id).where(BillRow.state.in_(RECALLABLE))).all()
    for bill_id in chance.sample(ids, min(len(ids), 4)):
        recall_bill(store, bill_id, Decision("claire@lumiere.example", "wrong tariff", datetime.now(UTC)))


def test_a_killed_worker_loses_nothing_and_prints_nothing_twice(store: Store, config: Config) -> None:
    now = datetime.now(UTC)
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", now)
    feed = batch(ubl(f"L-{n:05}", f"C-{n:05}") for n in range(BILLS))
    dropped = drop_feed(store, issuer, BytesIO(feed), "mars.xml", "cli", now)

    chance = random.Random(2026)
    kills = 0
    seen = -1
    while (done := progress(store)) < BILLS * 4:
        assert kills < 40, "it never comes to its end"
        worker = facteur(config, "work", "--until-idle")
        until = time.monotonic() + 60
        aim = done + chance.randrange(BILLS // 4, BILLS)
        while worker.poll() is None and time.monotonic() < until and progress(store) < aim:
            time.sleep(0.02)
        recall_some(store, chance)
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        worker.wait()
        recall_some(store, chance)
        seen = max(seen, done)
    assert kills >= 3

    assert facteur(config, "work", "--until-idle").wait(120) == 0
    assert facteur(config, "print", "close").wait(120) == 0
    assert facteur(config, "print", "close").wait(120) == 0  # nothing is left to print
    assert facteur(config, "check").wait(120) == 0

    with store.reading() as session:
        assert session.get_one(Feed, dropped.feed_id).state in {"released", "settled"}
        assert outcome_counts(session, dropped.feed_id) == {
            "bill": BILLS, "duplicate": 0, "conflict": 0, "rejected": 0, "waiting_parent": 0,
        }  # fmt: skip
        assert session.scalar(select(func.sum(BillRow.payable))) == BILLS * 84
        letters = session.scalar(select(func.count()).where(Delivery.channel == "paper", Delivery.state == "sent"))
        recalled = set(session.scalars(select(BillRow.number).where(BillRow.state == "recalled")))
        assert recalled
        assert letters == BILLS - len(recalled)
    assert not any(check(store).invariants.values())
    # The print house's folder is the oracle: what lies there is what would be posted.
    posted = Counter(
        piece["bill"]
        for manifest in config.outbox.glob("lot-*.json")
        for piece in json.loads(manifest.read_text())["pieces"]
    )
    assert len(posted) == BILLS - len(recalled)
    assert posted.keys().isdisjoint(recalled)
    assert set(posted.values()) == {1}
