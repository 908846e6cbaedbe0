"""The bell and the loop around the road: sweep the rows until nothing is due, listen for the bell for some seconds,
repeat.

RQ carries doorbells, never the record: with Redis down, late or emptied, the sweep does all the work, some seconds
later (reliability.md §4).
"""

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

from road import Road
from store.bell import QUEUE, RedisBell

log = logging.getLogger(__name__)

#: How long a worker listens before it sweeps again: the most that a lost bell delays anything.
LISTEN_SECONDS: Final = 5
#: How often the dashboards' facts are kept while there is something to do.
MEASURE_SECONDS: Final = 30

_stopping = False


def answer() -> None:
    """What RQ runs when the bell rings: nothing. Hearing it ends the listening, and the loop sweeps. No work is done
    inside an RQ job, whose time limit would strike into it."""


def run(road: Road, bell: RedisBell) -> None:
    """Sweep until nothing is due, listen, repeat, until a signal says stop."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    road.is_stopping = lambda: _stopping
    measured, worked = 0.0, False
    while not _stopping:
        busy = False
        try:
            busy = road.step(datetime.now(UTC))
            worked |= busy
            if time.monotonic() - measured > (MEASURE_SECONDS if worked else MEASURE_SECONDS * 10):
                measured, worked = _measure(road), False
        except Exception:
            # A database that went away comes back; what was being done stands in the rows.
            log.exception("the sweep failed, and is tried again")
            time.sleep(LISTEN_SECONDS)
        if not busy:
            _listen(bell)
    road.stop()


def _measure(road: Road) -> float:
    now = datetime.now(UTC)
    road.settle(now)
    road.measure(now)
    return time.monotonic()


def _listen(bell: RedisBell) -> None:
    """Wait some seconds for a bell; without Redis just wait."""
    if _stopping:
        return
    try:
        connection = Redis.from_url(bell.url, socket_connect_timeout=1)
        connection.ping()
        queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        listener = _Listener([queue], connection=connection, serializer=JSONSerializer, name=f"facteur-{uuid4().hex}")
        listener.work(max_jobs=1, max_idle_time=LISTEN_SECONDS, logging_level="WARNING")
    except (RedisError, OSError, ValueError) as error:
        log.debug("no bell to listen to: %s", error)
        time.sleep(LISTEN_SECONDS)


class _Listener(SimpleWorker):
    """RQ's worker, listening once. It leaves signals to us, takes no commands over Redis, and does not wait for a Redis
    that is gone: the sweep goes on without it."""

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
