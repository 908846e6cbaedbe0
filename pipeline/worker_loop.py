"""The loop of a worker: run rounds of the pipeline until nothing is due, listen some seconds for a wake-up signal,
repeat.

RQ carries wake-up signals only. With Redis down, late or emptied, the next round finds the work in the rows, some
seconds later (docs/promises.md, The queue only wakes).
"""

import gc
import logging
import signal
import time
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.serializers import JSONSerializer

from pipeline.feed_pipeline import Pipeline
from store.db import heartbeat
from store.db.wake_up_signal import QUEUE, RedisWakeUpSignal
from store.db.work_tally import TALLIES
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: How long a worker listens before it sweeps again: the most that a lost wake-up signal delays anything.
LISTEN_SECONDS: Final = 5
#: How often periodic tasks (settle, sweep, measure) are run while there is something to do, and while there is nothing.
BUSY_SECONDS: Final = 30
IDLE_SECONDS: Final = 300
#: How often a worker asks whether one of them is due, and writes its heartbeat.
ROUND_SECONDS: Final = 5

_stopping = False


def on_wake_up() -> None:
    """What RQ calls when the wake-up signal comes. It does nothing: receiving the signal ends the listening, and the
    loop goes on. No work is done inside an RQ job, because RQ's time limit could interrupt it."""


def run(pipeline: Pipeline, wake_up: RedisWakeUpSignal) -> None:
    """Run rounds until SIGTERM or SIGINT; then give back what is under way."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    pipeline.is_stopping = lambda: _stopping
    pipeline.clock = lambda: datetime.now(UTC)
    rounds = _Rounds(pipeline)
    look_seldom_for_garbage()
    while not _stopping:
        busy = False
        try:
            busy = pipeline.step(datetime.now(UTC))
            rounds.make(busy)
        except Exception:
            # A database that went away comes back; what was being done stands in the rows.
            log.exception("the sweep failed, and is tried again")
            time.sleep(LISTEN_SECONDS)
        if not busy:
            _listen(wake_up)
    pipeline.stop()
    rounds.end()


def look_seldom_for_garbage() -> None:
    """What is loaded stays, and rows that come and go in thousands leave few cycles: looking for them again and again
    took a twentieth of a worker's time."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


class _Rounds:
    """What a worker does after a round of the pipeline, every few seconds: run the periodic tasks that are due, and
    write its heartbeat. A round that hangs or fails writes no heartbeat."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._last = 0.0
        self._has_worked = False

    def make(self, busy: bool) -> None:
        """After a round of the pipeline; *busy* says whether it found something to do."""
        self._has_worked |= busy
        if self._last and time.monotonic() - self._last < ROUND_SECONDS:
            return
        with self._pipeline.store.writing() as session:
            heartbeat.beat(session)
        TALLIES.write(self._pipeline.store)
        if self._pipeline.lead(datetime.now(UTC), BUSY_SECONDS if self._has_worked else IDLE_SECONDS):
            self._has_worked = False
        self._last = time.monotonic()

    def end(self) -> None:
        """Record that the worker was told to stop."""
        try:
            TALLIES.write(self._pipeline.store)
            with self._pipeline.store.writing() as session:
                heartbeat.stopped(session)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("the database is down: nobody is told that this worker stopped")


def _listen(wake_up: RedisWakeUpSignal) -> None:
    """Wait some seconds for a wake-up signal. Without Redis, wait the same time."""
    if _stopping:
        return
    try:
        connection = Redis.from_url(wake_up.url, socket_connect_timeout=1)
        connection.ping()
        queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        listener = _Listener([queue], connection=connection, serializer=JSONSerializer, name=f"facteur-{uuid4().hex}")
        listener.work(max_jobs=1, max_idle_time=LISTEN_SECONDS, logging_level="WARNING")
    except (RedisError, OSError, ValueError) as error:
        log.debug("no wake-up signal to listen for: %s", error)
        time.sleep(LISTEN_SECONDS)


class _Listener(SimpleWorker):
    """RQ's worker, listening for one signal. It installs no signal handlers, takes no commands over Redis, and does not
    wait for a Redis that is down."""

    def _install_signal_handlers(self) -> None:
        return

    def subscribe(self) -> None:
        return

    def unsubscribe(self) -> None:
        return

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        try:
            return Queue.dequeue_any(
                self.queues, max_idle_time or timeout, connection=self.connection, serializer=self.serializer
            )
        except (DequeueTimeout, RedisError):
            return None


def _stop(_number: int, _frame: object) -> None:
    global _stopping
    _stopping = True
