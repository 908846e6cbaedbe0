"""The workers of the last day, and what each of them holds now."""

from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from store.db.heartbeat import SeenWorker, seen_workers
from store.db.held_leases import held_by_worker
from store.db.periodic_task import PeriodicTask
from store.delivery import Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.job import Job
from store.outbox.webhook_delivery import WebhookDelivery
from store.print_batch import PrintBatch

#: The tables whose rows a worker holds while it works on them, in the order of the pipeline.
HELD: Final = (Feed, Chunk, Job, Delivery, PrintBatch, WebhookDelivery, PeriodicTask)


class WorkerAtWork(NamedTuple):
    """A worker, and the number of rows that it holds, by the name of their table."""

    worker: SeenWorker
    holds: dict[str, int]


def workers_at_work(session: Session) -> list[WorkerAtWork]:
    """The workers of the last day, those that serve first."""
    held = held_by_worker(session, HELD)
    return [WorkerAtWork(each, held.get(each.name, {})) for each in seen_workers(session)]
