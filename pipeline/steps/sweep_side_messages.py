"""Delete the messages of test sides that were kept for long enough."""

from datetime import datetime

from pipeline.pipeline_context import PipelineContext
from store.test_sides.side_message import forget_messages


def sweep_side_messages(context: PipelineContext, now: datetime) -> int:
    """Delete them some at a time. Returns how many were deleted."""
    number = 0
    while True:
        with context.store.writing() as session:
            deleted = forget_messages(session, now)
        if not deleted:
            return number
        number += deleted
