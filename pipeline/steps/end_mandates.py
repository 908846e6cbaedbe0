"""Direct debit mandates that nobody could answer for any more end, and are told."""

from datetime import datetime

from consumers.mandate_endings import end_mandates as end_some
from pipeline.pipeline_context import PipelineContext


def end_mandates(context: PipelineContext, now: datetime) -> None:
    """End the mandates that have to, some hundreds in a transaction."""
    today, ended = context.calendar.day_of(now), 1
    while ended:
        with context.store.writing() as session:
            ended = end_some(session, now, today)
