"""Delete the events for issuers that are no longer kept."""

from datetime import datetime

from pipeline.pipeline_context import PipelineContext
from webhooks.delete_old_events import delete_old_events


def sweep_old_events(context: PipelineContext, now: datetime) -> int:
    """Delete them some at a time. Returns how many were deleted."""
    number = 0
    while True:
        with context.store.writing() as session:
            deleted = delete_old_events(session, context.config.event_days, now)
        if not deleted:
            return number
        number += deleted
