"""Step 5, choose: decide to whom each rendered bill of a chunk goes, by which channel and when, with the reason."""

from datetime import datetime

import delivery
from payments.match_payments import match_payments_of_bills
from pipeline.pipeline_context import PipelineContext
from pipeline.test_sides.play_customers import give_customers
from store.bills.bill_lookup import bills_of_chunk
from store.db.leases import assert_lease
from store.feeds.chunk import Chunk, pass_on


def choose_deliveries(context: PipelineContext, chunk: Chunk, now: datetime) -> None:
    """Look for payments that came before a claimed chunk's bills, and create the bills' deliveries; the chunk is done
    then. Raises LeaseLost if another worker has taken the chunk over."""
    with context.store.writing() as session:
        assert_lease(session, Chunk, chunk.id)
        place = (chunk.feed_id, chunk.first_seq, chunk.last_seq, "rendered")
        bills = bills_of_chunk(session, *place)
        give_customers(session, bills, now)
        match_payments_of_bills(session, bills, now)
        rows = bills_of_chunk(session, *place, locked=True)
        delivery.choose_bills(session, rows, now, context.calendar)
        pass_on(session, chunk, None)
