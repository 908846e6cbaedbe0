"""Access grants whose last day is past end, and so do invitations that nobody answered."""

from datetime import datetime

from consumers.access_grants.end_grants import end_due_grants
from pipeline.pipeline_context import PipelineContext


def end_access_grants(context: PipelineContext, now: datetime) -> None:
    """End the grants that have to, some hundreds in a transaction."""
    today, ended = context.calendar.day_of(now), 1
    while ended:
        with context.store.writing() as session:
            ended = end_due_grants(session, now, today)
