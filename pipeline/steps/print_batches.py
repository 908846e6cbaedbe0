"""Step 6 on paper, print: put due letters into the open batches of their print houses, close each at its cut-off, and
hand closed batches over."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

import delivery
from delivery.channels.paper.close_early import close_early
from pipeline.leased_work import leased_work
from pipeline.pipeline_context import PipelineContext
from pipeline.time_slices import TimeSlices
from store.db.leases import acquire_lease, is_past_pause
from store.print_batch import TEST_HOUSE, PrintBatch, is_of_print_house


class PrintBatches:
    """The printing of one worker. One batch of a house is under way at a time, *piece_seconds* of it a turn: a house
    that cannot be reached keeps no other waiting."""

    def __init__(self, context: PipelineContext, piece_seconds: float) -> None:
        self._context = context
        self._slices = TimeSlices(piece_seconds, len(context.houses.houses) + 1)  # test sides: one at a time
        self._under_way: dict[int, str] = {}  # houses by batch
        self._handed_over = 0
        self._now: datetime

    def turn(self, now: datetime) -> bool:
        """Join due letters to the open batches, close one whose cut-off is past, and go on handing over. Returns False
        when there was nothing to do."""
        self._now = now
        houses = self._context.houses
        home = houses.default.equipment.country
        if self._context.is_any(delivery.is_closing(now)):
            self._write(lambda session: delivery.release_addressed_letters(session, now, home))
        with self._context.store.writing() as session:
            joined = delivery.join_batch(session, now, houses)
            closed = None if joined else delivery.close_batch(session, now, houses=houses)
        return self._hand_over() or joined > 0 or closed is not None

    def close_all(self, now: datetime, by: str = "", reason: str = "") -> int:
        """Close the open batches before their cut-off and hand them over; the trail tells *by* whom and why. Returns
        the number of batches handed over."""
        self._now = now
        houses = self._context.houses
        home = houses.default.equipment.country
        self._write(lambda session: delivery.release_addressed_letters(session, now, home))
        while self._write(lambda session: delivery.join_batch(session, now, houses)):
            pass
        if by:
            self._write(lambda session: close_early(session, by, reason, now))
        while self._write(lambda session: delivery.close_batch(session, now, force=True, houses=houses)):
            pass
        before = self._handed_over
        while self._hand_over():
            pass
        return self._handed_over - before

    @property
    def is_under_way(self) -> bool:
        """Whether a batch is half handed over, here; another worker may have it by now."""
        return self._slices.is_under_way

    def stop(self) -> None:
        """Give back the batch under way: another worker begins it anew."""
        self._slices.stop()

    def _hand_over(self) -> bool:
        if self._slices.has_room:
            batch = self._claim()
            if batch is not None:
                self._under_way[batch.id] = batch.house
                self._slices.begin(batch.id, self._handing_over(batch))
        return self._slices.turn()

    def _claim(self) -> PrintBatch | None:
        """A closed batch, now leased by this process, of a house that has none under way. Those with failed attempts
        come last."""
        busy = {self._under_way[batch_id] for batch_id in self._slices.served}
        free: list[ColumnElement[bool]] = [
            PrintBatch.house.in_([slug for slug in self._context.houses.slugs if slug not in busy])
        ]
        if not any(house.startswith(TEST_HOUSE) for house in busy):
            free.append(~is_of_print_house())
        waits = (PrintBatch.state == "closed", or_(*free), is_past_pause(PrintBatch))
        query = select(PrintBatch).where(*waits).order_by(PrintBatch.attempts, PrintBatch.id).limit(1)
        with self._context.store.writing() as session:
            batch = session.scalar(query)
            counted = {"attempts": PrintBatch.attempts + 1}
            if batch is not None and acquire_lease(session, PrintBatch, batch.id, *waits, **counted):
                return batch
        return None

    def _handing_over(self, batch: PrintBatch) -> Iterator[None]:
        context = self._context
        with leased_work(context.store, PrintBatch, batch):
            room = context.print_room(batch.house)
            yield from delivery.handing_over(context.store, batch.id, room, lambda: self._now)
            if batch.house.startswith(TEST_HOUSE):
                self._write(lambda session: delivery.acknowledge_test_batch(session, batch.id, self._now))
            self._handed_over += 1

    def _write(self, write: Callable[[Session], int | None]) -> int | None:
        with self._context.store.writing() as session:
            return write(session)
