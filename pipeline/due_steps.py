"""Which steps of the pipeline have anything to do: what a worker asks before a round, and again after each step that
did something."""

from typing import Any, Final

from sqlalchemy import exists, or_

import delivery
from pipeline.steps.read_feed import awaits_reading
from store.db.due_work import NOW, DueWork
from store.db.leases import is_any_held, is_any_leased
from store.db.periodic_task import PeriodicTask
from store.delivery import Delivery
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed
from store.job import Job, awaits_jobs
from store.outbox.webhook_delivery import WebhookDelivery, awaits_webhooks
from store.print_batch import PrintBatch

#: The steps of a round in their order, as `Pipeline` has them. What is heard arrives in folders and mailboxes, of which
#: no row tells.
STEPS: Final = ("read", "work_chunk", "run_job", "send", "print", "hear", "send_webhooks")
HEAR: Final = "hear"
#: Tables whose rows are leased, in the order of the pipeline.
LEASED: Final[tuple[Any, ...]] = (Feed, Chunk, Job, Delivery, PrintBatch, WebhookDelivery, PeriodicTask)
#: Beside the steps: a process (it may have died) holds a lease, and one of them has not run out.
HELD: Final = "held"
AWAITED: Final = "awaited"

#: Leases are looked at first: of one that runs out meanwhile, the work is seen below.
DUE_STEPS: Final = DueWork({
    AWAITED: is_any_leased(LEASED),
    HELD: is_any_held(LEASED),
    "read": awaits_reading(),
    "work_chunk": exists().where(Chunk.state != "done"),
    "run_job": awaits_jobs(NOW),
    "send": delivery.awaits_sending(NOW) | delivery.awaits_sms(NOW) | delivery.awaits_pushes(NOW),
    "print": delivery.awaits_printing(NOW),
    "send_webhooks": awaits_webhooks(NOW),
})  # fmt: skip

#: Tables whose work pauses while something outside is down.
PAUSABLE: Final[tuple[Any, ...]] = (Feed, Chunk, PrintBatch)
PAUSED: Final = DueWork({"paused": or_(*(exists().where(row.not_before > 0) for row in PAUSABLE))})
