"""The life of a feed, read top to bottom: read, release, render, choose, send, print, hear back, tell, measure.

Each step (`pipeline/steps`) looks for rows that have something to do, claims some, calls one room, writes the outcome,
and says whether it did anything. Between two steps nothing is remembered outside the rows, so any worker may be killed
at any moment and any other goes on.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from config import Config
from delivery import MailTransport
from pipeline.background_jobs import Jobs
from pipeline.chunk_worker import ChunkWorker
from pipeline.due_steps import AWAITED, DUE_STEPS, HEAR, HELD, LEASED, PAUSABLE, PAUSED, STEPS
from pipeline.periodic_tasks import PeriodicTasks
from pipeline.pipeline_context import PipelineContext
from pipeline.steps.hear_back import hear_back
from pipeline.steps.print_batches import PrintBatches
from pipeline.steps.read_feed import ReadFeeds
from pipeline.steps.send_deliveries import is_outcome_unrecorded, send_deliveries
from pipeline.steps.send_webhooks import SendWebhooks
from store import Store
from store.db.leases import dead_owners, end_pauses, reclaim_dead
from store.db.work_tally import TALLIES
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: Seconds of each step's turn in one round, and of one piece of long work (a feed, a batch) within the turn.
TURN_SECONDS: Final = 2.0
PIECE_SECONDS: Final = 0.5


class Pipeline:
    """One worker's pipeline: its steps, in order, and the rounds that are made of them."""

    def __init__(self, store: Store, config: Config, post: MailTransport) -> None:
        self.store = store
        self.config = config
        self.context = PipelineContext.open(store, config, post)
        self.is_stopping: Callable[[], bool] = lambda: False
        self.clock: Callable[[], datetime] | None = None  # where time goes on while a round is made
        self.reading = ReadFeeds(store, PIECE_SECONDS)
        self.chunks = ChunkWorker(self.context)
        self.jobs = Jobs(store, config, post, self.context.relay, self.context.sms, PIECE_SECONDS)
        self.printing = PrintBatches(self.context, PIECE_SECONDS)
        self.webhooks = SendWebhooks(self.context)
        self.periodic = PeriodicTasks(self.context)
        self._due: frozenset[str] | None = None  # what the last look saw; None: something was done since

    # -- the steps, in order; each returns False when there was nothing to do ------------------------------------

    def read(self, now: datetime, feed_id: int | None = None) -> bool:
        """Read feeds onto the stage, and release those that are whole. A given feed is read to its end."""
        return self.reading.turn(now, feed_id)

    def work_chunk(self, now: datetime, feed_id: int | None = None) -> bool:
        """Render a chunk's bills, or choose how they reach their people."""
        return self.chunks.turn(now, feed_id)

    def run_job(self, now: datetime) -> bool:
        """Run a piece of a long job that the portal asked for: pictures of pages, a rehearsal, a preview."""
        return self.jobs.work(now)

    def send(self, now: datetime) -> bool:
        """Present bills in the portal and send the mails and SMS that are due."""
        return send_deliveries(self.context, now)

    def print(self, now: datetime) -> bool:
        """Join due letters to the open batch; close a batch past its cut-off and hand it over."""
        return self.printing.turn(now)

    def hear(self, now: datetime) -> bool:
        """Read the print house's answers."""
        return hear_back(self.context, now)

    def send_webhooks(self, now: datetime) -> bool:
        """Tell issuers of events by webhooks."""
        return self.webhooks.turn(now)

    # -- settle, sweep, measure: what one worker does for all --------------------------------------------------

    def lead(self, now: datetime, every: float) -> bool:
        """Run the periodic tasks that were not run for *every* seconds. Returns whether one was run."""
        return self.periodic.run_due(now, every, self.is_stopping)

    def settle(self, now: datetime) -> None:
        """Settle the feeds that have nothing left to do, at once."""
        self.periodic.run_now("settle", now, self.is_stopping)

    def sweep(self, now: datetime) -> None:
        """Delete the staging blobs that nobody needs any more, at once."""
        self.periodic.run_now("sweep", now, self.is_stopping)

    def measure(self, now: datetime) -> None:
        """Bring the facts for the dashboards up to date, at once."""
        self.periodic.run_now("measure", now, self.is_stopping)

    # -- rounds ------------------------------------------------------------------------------------------------

    def work_until_idle(self, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
        """Do everything that is due, then the periodic tasks, then what these have made due. What waits because of an
        outage is tried now. A living worker's lease is waited for, a dead one's taken over."""
        self._end_pauses()
        for health in (self.context.relay, self.context.sms.health, self.context.push.health):
            health.record_success()
        if self.periodic.has_work("follow_moves", now):
            self.periodic.run_now("follow_moves", now, self.is_stopping)
        self.drain(now, tell)
        self.periodic.run_all_now(now, self.is_stopping)
        self.drain(now, tell)
        TALLIES.write(self.store)

    def _end_pauses(self) -> None:
        with self.store.reading() as session:
            is_any_paused = bool(PAUSED.look(session))
        if is_any_paused:
            with self.store.writing() as session:
                end_pauses(session, PAUSABLE)

    def drain(self, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
        """Run rounds until nothing is due and no process holds a lease. Leases are looked at before each round: one
        that runs out during the round leaves its work to the next."""
        while True:
            seen = self._look(now)
            if self._round(seen, now, tell):
                continue
            if AWAITED not in seen:
                return
            time.sleep(0.2)

    def step(self, now: datetime, tell: Callable[[str], None] = lambda _: None) -> bool:
        """One round: each step has a turn of some seconds. Returns False when no step had anything to do. An error in
        one step keeps no other waiting; the first is raised when all have had their turn. Outages are only logged."""
        return self._round(self._look(now), now, tell)

    def _look(self, now: datetime) -> frozenset[str]:
        """What has anything to do: steps that have it in rows, or under way here."""
        self.store.catch_up()
        with self.store.reading() as session:
            due = DUE_STEPS.look(session, now=now)
        here = {
            "read": self.reading.is_under_way, "run_job": self.jobs.is_under_way,
            "send": is_outcome_unrecorded(self.context), "print": self.printing.is_under_way,
            "send_webhooks": self.webhooks.is_under_way,
        }  # fmt: skip
        return due | {name for name, is_under_way in here.items() if is_under_way}

    def _round(self, seen: frozenset[str], now: datetime, tell: Callable[[str], None]) -> bool:
        freed = HELD in seen and self._reclaim_dead(LEASED)
        self._due = None if freed else seen
        busy = False
        wrong: Exception | None = None
        for name in STEPS:
            if self.is_stopping():
                break
            try:
                if self._turn(name, now):
                    busy = True
                    tell(name)
            except Exception as error:
                self._due = None
                if is_outage(error):
                    log.warning("%s waits, something outside is down: %s", name, error)
                    continue
                log.exception("%s failed", name)
                wrong = wrong or error
        if wrong is not None:
            raise wrong
        return busy

    def _turn(self, name: str, now: datetime) -> bool:
        """Repeat a step until it finds nothing to do or TURN_SECONDS are over. Returns whether it did anything. Before
        each repetition, the mails that people wait for are sent. What nobody has touched is not looked at again."""
        until, busy = time.monotonic() + TURN_SECONDS, False
        while not self.is_stopping():
            moment = self.clock() if self.clock else now
            if self._due is None:
                self._due = self._look(moment)
            if "run_job" in self._due and self.jobs.send_mails(moment, self.is_stopping):
                busy, self._due = True, self._look(moment)
            if name not in self._due and name != HEAR:
                break
            is_done = bool(getattr(self, name)(moment))
            if is_done or name in self._due:
                self._due = None
            if not is_done:
                break
            busy = True
            if time.monotonic() > until:
                break
        return busy

    def _reclaim_dead(self, tables: Sequence[Any]) -> bool:
        """Free the leases of dead processes. Returns whether there was any."""
        with self.store.reading() as session:
            is_any_dead = bool(dead_owners(session, tables))
        if is_any_dead:
            with self.store.writing() as session:
                reclaim_dead(session, tables)
        return is_any_dead

    def work_feed(self, feed_id: int, now: datetime, tell: Callable[[str], None] = lambda _: None) -> None:
        """Work one feed, beside any worker, until it is rejected or held, or all its bills are rendered and chosen. A
        feed of a suspended issuer waits as it is."""
        while not self._is_worked(feed_id):
            self.store.catch_up()
            self._reclaim_dead((Feed, Chunk))
            if self.read(now, feed_id):
                tell("read")
            elif self.work_chunk(now, feed_id):
                tell("work_chunk")
            else:
                time.sleep(0.1)

    def _is_worked(self, feed_id: int) -> bool:
        with self.store.reading() as session:
            feed = session.get_one(Feed, feed_id)
            if feed.state == "held" and not feed.decided_by:
                return True
            if feed.state in {"received", "reading", "held"}:
                return session.get_one(Issuer, feed.issuer_id).suspended_at is not None
            todo = select(Chunk.id).where(Chunk.feed_id == feed_id, Chunk.state != "done").limit(1)
            return session.scalar(todo) is None

    def close_batch(self, now: datetime, by: str = "", reason: str = "") -> int:
        """Close the open batch before its cut-off and hand it over; *by* is who wants it so. Returns how many batches
        went."""
        return self.printing.close_all(now, by, reason)

    def stop(self) -> None:
        """Give back what is under way: another worker begins it anew, and no attempt counts."""
        for under_way in (self.reading, self.jobs, self.printing, self.webhooks):
            under_way.stop()
