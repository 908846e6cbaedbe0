"""The wake-up signal: tells workers that there is work to do.

It carries no data and may be lost, doubled or late; the work itself is in the rows.
"""

import logging
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:  # imported only where a signal is sent: redis and rq load slowly
    from rq import Queue

QUEUE: Final = "facteur"
#: The function that a worker runs on a signal, by name, since the store does not import the pipeline.
ANSWER: Final = "pipeline.worker_loop.on_wake_up"
#: RQ's value for a job without a time limit.
NO_LIMIT: Final = -1

log = logging.getLogger(__name__)


class WakeUpSignal(Protocol):
    """Sends a signal to the workers."""

    def send(self) -> None:
        """Tell workers that there is work. Never raises: a lost signal loses no work."""


class NoWakeUpSignal:
    """Sends nothing: workers find the work by themselves."""

    def send(self) -> None:
        return


class RedisWakeUpSignal:
    """Sends the signal as a job of an RQ queue; at most one waits in the queue."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._queue: Queue | None = None

    @property
    def queue(self) -> "Queue":
        from redis import Redis
        from rq import Queue
        from rq.serializers import JSONSerializer

        if self._queue is None:
            connection = Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=5)
            self._queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        return self._queue

    def send(self) -> None:
        from redis.exceptions import RedisError

        try:
            if self.queue.count == 0:
                self.queue.enqueue(ANSWER, result_ttl=0, failure_ttl=0, job_timeout=NO_LIMIT)
        except (RedisError, OSError) as error:
            log.debug("the wake-up signal could not be sent, workers sweep: %s", error)


def queue_answers(url: str) -> bool:
    """Whether the Redis or Valkey of this URL answers within a second."""
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        return bool(Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1).ping())
    except (RedisError, OSError):
        return False
