"""Asks for a mail of each new bill that its owner has forwarded to an address of their choice."""

from datetime import datetime
from typing import Final

from pipeline.pipeline_context import PipelineContext
from store.bill_forwarding.forward_address import ForwardAddress
from store.bill_forwarding.forwarded_bill import queue_forwards

#: Bills queued in one transaction, and transactions of one run.
QUEUED: Final = 500
RUNS: Final = 20


def forward_bills(context: PipelineContext, now: datetime) -> None:
    """Queue what is new; what is left goes with the next run."""
    if not context.is_any(ForwardAddress.state == "confirmed"):
        return
    for _ in range(RUNS):
        with context.store.writing() as session:
            if queue_forwards(session, now, QUEUED) < QUEUED:
                return
