"""Six issuers, each with a feed at another stage of its life when the outside goes down; and what must have become of
all of it afterwards.

Each feed has a bill for Alice, who does without paper and is told by e-mail, and one for Bob, who gets a letter.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO

from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

import delivery
from audit.late_batches import late_batches
from audit.run_all_checks import check
from config import Config
from consumers.paperless_consent import go_paperless
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store, open_store
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import Event
from store.db.wake_up_signal import WakeUpSignal
from store.delivery import Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.job import Job, request_job
from store.outage_or_fault import is_outage
from store.print_batch import PrintBatch
from store.vault.key_ring import KeyRing
from tests.outages.bucket import Bucket
from tests.outages.moved_clock import MovedClock
from tests.outages.relay import Relay
from tests.postgresql_server import Cluster
from tests.sample_feeds import batch, ubl

LONG_AGO = datetime(2026, 2, 17, 9, tzinfo=UTC)
YESTERDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
#: At what stage each issuer's feed is when the outage begins.
STAGES = ("received", "released", "rendered", "chosen", "closed", "handed-over")
#: The longest pause there is, and a mail's.
LONGEST = timedelta(seconds=600)
LONGEST_OF_MAILS = timedelta(minutes=16)


def begun(config: Config) -> None:
    """A store in which six feeds are at six stages, made in this home."""
    store = open_store(config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming")
    relay = Relay()
    pipeline = Pipeline(store, config, SmtpClient(relay.url, config.sender))
    for slug in STAGES:
        with store.writing() as session:
            add_issuer(session, slug, f"Émetteur {slug}", LONG_AGO)
        _drop(pipeline, slug, "FEB", LONG_AGO)
    pipeline.work_until_idle(LONG_AGO)
    pipeline.close_batch(LONG_AGO)
    _acknowledge(config)
    _join(store)
    pipeline.work_until_idle(LONG_AGO)
    for slug in reversed(STAGES):
        now = YESTERDAY if slug in {"closed", "handed-over"} else NOW
        feed_id = _drop(pipeline, slug, "MAR", now)
        _bring_to(pipeline, slug, feed_id, now)
    relay.close()
    store.close()


def _drop(pipeline: Pipeline, slug: str, month: str, now: datetime) -> int:
    with pipeline.store.reading() as session:
        from store.issuer import issuer_by_slug

        issuer = issuer_by_slug(session, slug)
    assert issuer is not None
    issued = "2026-02-16" if month == "FEB" else "2026-03-02"
    feed = batch(ubl(f"{month}-{slug}-{who}", f"C-{who}", issued=issued) for who in ("ALICE", "BOB"))
    return drop_feed(pipeline.store, issuer, BytesIO(feed), f"{month}.xml", "cli", now).feed_id


def _bring_to(pipeline: Pipeline, stage: str, feed_id: int, now: datetime) -> None:
    if stage == "received":
        return
    assert pipeline.read(now, feed_id)
    for _ in range({"released": 0, "rendered": 1}.get(stage, 2)):
        assert pipeline.work_chunk(now, feed_id)
    if stage == "closed":
        with pipeline.store.writing() as session:
            delivery.join_batch(session, now, pipeline.context.houses)
            delivery.close_batch(session, now, force=True, houses=pipeline.context.houses)
            session.execute(update(PrintBatch).where(PrintBatch.state == "closed").values(cut_off_at=NOW))
    if stage == "handed-over":
        pipeline.work_until_idle(now)
        pipeline.close_batch(now)


def _acknowledge(config: Config) -> None:
    """The print house has printed what lies in the outbox."""
    for path in config.outbox.glob("lot-*.json"):
        if not path.name.endswith(".ack.json"):
            lot = json.loads(path.read_text())
            answer = json.dumps({"letters": lot["letters"], "sheets": lot["sheets"]})
            path.with_name(path.name.removesuffix(".json") + ".ack.json").write_text(answer)


def _join(store: Store) -> None:
    """Alice does without paper wherever she is a customer."""
    with store.writing() as session:
        alice = Consumer(
            email="alice@example.org", name="Alice", password_hash="-", signed_up_at=LONG_AGO, confirmed_at=LONG_AGO
        )
        session.add(alice)
        session.flush()
        for account in session.scalars(select(CustomerAccount).where(CustomerAccount.value == "C-ALICE")):
            enrol(session, alice.id, account.id, LONG_AGO)
            assert go_paperless(session, account, alice, LONG_AGO)


class World:
    """A worker beside an outside that can be broken; time passes as it is told to.

    It has the patience of a real one, which no busy machine exhausts: an outage that hangs shortens it while it lasts.
    """

    def __init__(self, config: Config, clock: MovedClock, relay: Relay, wake_up: WakeUpSignal | None = None) -> None:
        self.config, self.clock, self.relay = config, clock, relay
        self.store = open_store(
            config.database_url, config.blobs_url, KeyRing(config.secret), config.home / "incoming", wake_up
        )
        self.pipeline = Pipeline(self.store, config, SmtpClient(relay.url, config.sender))
        self.now, self.rounds = NOW, 0
        self.bucket: Bucket | None = None
        self.cluster: Cluster | None = None

    def live(self, lasts: timedelta, every: timedelta) -> None:
        """The worker's rounds for so long: after each, it is so much later."""
        until = self.now + lasts
        while self.now < until:
            self.round()
            self.now += every
            self.clock.forward(every.total_seconds())

    def live_until_printed(self) -> None:
        """To the next cut-off and past it, if it is not past."""
        cut_off = datetime(2026, 3, 3, 16, 40, tzinfo=UTC)
        while self.now > cut_off:
            cut_off += timedelta(days=1)
        while self.now < cut_off:
            self.live(cut_off - self.now, cut_off - self.now)
        self.live(timedelta(minutes=2), timedelta(minutes=1))

    def round(self) -> None:
        """What `pipeline.worker_loop.run` does: what is raised of an outage is tried again with the next round."""
        try:
            while self.pipeline.step(self.now):
                pass
            self.rounds += 1
            if self.rounds % 6 == 0:
                self.pipeline.settle(self.now)
                self.pipeline.measure(self.now)
        except Exception as error:
            if not is_outage(error):
                raise

    def ask_for_a_password(self) -> None:
        with self.store.writing() as session:
            request_job(session, "already_signed_up", {"email": "charlie@example.org"}, self.now)

    def acknowledge(self) -> None:
        _acknowledge(self.config)

    def posted(self) -> Counter[str]:
        """What lies in the outbox is what would be posted."""
        lots = (path for path in self.config.outbox.glob("lot-*.json") if not path.name.endswith(".ack.json"))
        return Counter(piece["bill"] for lot in lots for piece in json.loads(lot.read_text())["pieces"])

    def late(self) -> list[int]:
        """The batches that `check` and the dashboard name; none where the database is what is down."""
        try:
            with self.store.reading() as session:
                return [each.id for each in session.scalars(late_batches(self.now))]
        except OperationalError:
            return []

    def close(self) -> None:
        self.store.close()


def all_is_well(world: World) -> None:
    """Nothing failed, held or doubled; nobody was counted an attempt that was not his own; and all of it is done."""
    store = world.store
    with store.reading() as session:
        assert set(session.scalars(select(Feed.state))) <= {"released", "settled"}
        assert set(session.scalars(select(BillRow.state))) == {"chosen"}
        assert set(session.scalars(select(Chunk.state))) == {"done"}
        assert set(session.scalars(select(Job.state))) <= {"done"}
        blame = ["failed", "held", "rejected", "disputed", "address suppressed", "cancelled"]
        assert session.scalars(select(Event.what).where(Event.what.in_(blame))).all() == []
        mails = (Delivery.channel == "email", Delivery.purpose == "notify")
        assert set(session.scalars(select(Delivery.state).where(*mails))) == {"sent"}
        assert set(session.scalars(select(Delivery.attempts).where(*mails))) == {1}
        assert set(session.scalars(select(Feed.attempts))) == {0}
        for row in (Chunk, PrintBatch):
            assert set(session.scalars(select(row.attempts))) <= {0, 1}, "the one that did it"
        for row in (Feed, Chunk, PrintBatch, Delivery, Job):
            assert set(session.scalars(select(row.lease_owner))) == {None}, row
        letters = (Delivery.channel == "paper", Delivery.state.in_(["sent", "delivered"]))
        assert session.scalar(select(func.count()).where(*letters)) == len(STAGES) * 3
    expected = {f"FEB-{slug}-{who}" for slug in STAGES for who in ("ALICE", "BOB")}
    assert world.posted() == Counter(expected | {f"MAR-{slug}-BOB" for slug in STAGES})
    broken = {name: rows for name, rows in check(store, world.now, everything=True).invariants.items() if rows}
    assert not broken.keys() - {"workers_silent", "tasks_overdue"}, broken
