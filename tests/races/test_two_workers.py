"""Two workers with two roads each, and people who act on the same rows: nothing is doubled, nothing is lost, and
nothing is raised that the next sweep has to make good.

`RACES=40 make races` lives through it as often as one likes.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from audit.run_all_checks import check
from config import Config
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from tests.races.shared_rows import World, live
from tests.races.worker import NotingPost

RUNS = int(os.environ.get("RACES", "1"))


@pytest.mark.parametrize("seed", range(RUNS))
def test_two_workers_and_people(store: Store, config: Config, tmp_path: Path, database: str, seed: int) -> None:
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    world = World(store, config, tmp_path / "races", seed)
    live(world)
    assert world.raised == []
    assert world.said() == []
    Pipeline(store, config, NotingPost(world.folder)).work_until_idle(world.now)
    assert {name: rows for name, rows in check(store, now=world.now).invariants.items() if rows} == {}
    with store.reading() as session:
        held = select(Feed.name, Feed.state, Feed.reason_code).where(Feed.state.not_in(["released", "settled"]))
        assert session.execute(held).all() == []
        states = set(session.scalars(select(BillRow.state)))
        assert {"chosen", "recalled"} <= states <= {"chosen", "superseded", "recalled"}
        stands = BillRow.state.in_(["chosen", "recalled"])
        numbers = session.execute(select(BillRow.issuer_id, BillRow.number).where(stands)).all()
        assert len(numbers) == len(set(numbers)) == 90 + 1 + 30 + 40 + 80 + 30
        posted = session.scalar(
            select(func.count()).where(Delivery.channel == "paper", Delivery.state.in_(["sent", "delivered", "failed"]))
        )
    pieces = Counter(
        piece["delivery"] for path in _manifests(config) for piece in json.loads(path.read_text())["pieces"]
    )
    assert len(pieces) == posted
    assert set(pieces.values()) == {1}
    assert max(Counter(world.mails()).values()) == 1


def _manifests(config: Config) -> list[Path]:
    return [path for path in config.outbox.glob("lot-*.json") if not path.name.endswith(".ack.json")]
