"""Remove second factors that their owners have lost, once the wait is over."""

from datetime import datetime

from consumers.lose_second_factor import end_waits
from pipeline.pipeline_context import PipelineContext


def remove_lost_factors(context: PipelineContext, now: datetime) -> int:
    """Returns whose factors were removed: how many people."""
    with context.store.writing() as session:
        return end_waits(session, now)
