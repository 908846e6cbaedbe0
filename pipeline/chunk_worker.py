"""Work on the chunks of released feeds: claim one, render its bills or choose their deliveries, give it back."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bill import Reason
from pipeline.leased_work import leased_work
from pipeline.pipeline_context import PipelineContext
from pipeline.poison_chunk import set_poison_apart
from pipeline.steps.choose_deliveries import choose_deliveries
from pipeline.steps.render_bills import render_bills
from store.db.leases import LeaseLost
from store.feeds.chunk import MOST_ATTEMPTS, Chunk, claim_chunk
from store.feeds.feed import Feed
from store.outage_or_fault import is_outage

#: The step for each value of `Chunk.work`.
STEPS: Final[dict[str, Callable[[PipelineContext, Chunk, datetime], None]]] = {
    "render": render_bills,
    "choose": choose_deliveries,
}


class ChunkWorker:
    """One worker's chunks. Issuers take turns, in the order of their ids."""

    def __init__(self, context: PipelineContext) -> None:
        self._context = context
        self._last_issuer = 0

    def turn(self, now: datetime, feed_id: int | None = None) -> bool:
        """Work one chunk, of this feed if one is given. Returns False when none waits."""
        if not self._context.is_any(Chunk.state != "done"):
            return False
        chunk = self._claim(feed_id)
        if chunk is None:
            return False
        with leased_work(self._context.store, Chunk, chunk):
            self._work(chunk, now)
        return True

    def _claim(self, feed_id: int | None) -> Chunk | None:
        with self._context.store.writing() as session:
            chunk = claim_chunk(session, feed_id, self._last_issuer)
            if chunk is not None:
                self._last_issuer = session.get_one(Feed, chunk.feed_id).issuer_id
        return chunk

    def _work(self, chunk: Chunk, now: datetime) -> None:
        if chunk.attempts > MOST_ATTEMPTS:
            self._set_apart(chunk, Reason("worker_died"), now)
            return
        try:
            STEPS[chunk.work](self._context, chunk, now)
        except Exception as error:
            if chunk.attempts < MOST_ATTEMPTS or isinstance(error, LeaseLost) or is_outage(error, chunk.setbacks):
                raise
            self._set_apart(chunk, Reason.of("bill_failed", error=f"{type(error).__name__}: {error}"), now)

    def _set_apart(self, chunk: Chunk, why: Reason, now: datetime) -> None:
        with self._context.store.writing() as session:
            set_poison_apart(session, chunk, why, now)
