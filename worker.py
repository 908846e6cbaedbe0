"""The bell and the loop around the road: sweep the rows, listen for the bell for some seconds, repeat.

RQ carries doorbells, never the record: with Redis down, late or emptied, the sweep does all the work, some seconds
later (reliability.md §4).
"""

import logging
import signal
import time
from collections.abc import Callable
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
#: A bell is answered for so long; what is left then rings again.
DRAIN_SECONDS: Final = 20.0

_road: Road | None = None
_stopping = False


def answer() -> None:
    """What RQ runs when the bell rings: one bounded drain."""
    assert _road is not None, "the bell is answered by a worker of ours, which brings its road"
    drain(_road)


def drain(road: Road, seconds: float = DRAIN_SECONDS) -> bool:
    """Work until nothing is due or the time is over; rings again if more may be left. Returns whether it worked."""
    until = time.monotonic() + seconds
    worked = False
    while road.step(datetime.now(UTC)):
        worked = True
        if _stopping or time.monotonic() > until:
            road.store.bell.ring()
            break
    return worked


def run(road: Road, bell: RedisBell) -> None:
    """Sweep, listen, repeat, until a signal says stop."""
    global _road
    _road = road
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    measured = 0.0
    while not _stopping:
        try:
            worked = drain(road)
            if worked or time.monotonic() - measured > MEASURE_SECONDS * 10:
                measured = _measure(road, measured)
        except Exception:
            # A database that went away comes back; what was being done stands in the rows.
            log.exception("the sweep failed, and is tried again")
            time.sleep(LISTEN_SECONDS)
        _listen(bell, lambda: _stopping)


def _measure(road: Road, measured: float) -> float:
    if time.monotonic() - measured < MEASURE_SECONDS:
        return measured
    now = datetime.now(UTC)
    road.settle(now)
    road.measure(now)
    return time.monotonic()


def _listen(bell: RedisBell, stopping: Callable[[], bool]) -> None:
    """Answer bells for some seconds; without Redis just wait."""
    if stopping():
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
