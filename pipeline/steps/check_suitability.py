"""Asks each year whether bills without paper still suit, and ends what nobody has answered."""

from datetime import datetime

from delivery.suitability.ask_yearly import ask_yearly
from delivery.suitability.close_unanswered import close_unanswered
from pipeline.pipeline_context import PipelineContext


def check_suitability(context: PipelineContext, now: datetime) -> None:
    """Ask and end what is due, some hundreds of accounts in a transaction."""
    after: int | None = 0
    while after is not None:
        with context.store.writing() as session:
            after = ask_yearly(session, now, context.calendar, after)
    ended = 1
    while ended:
        with context.store.writing() as session:
            ended = close_unanswered(session, now, context.calendar)
    context.store.wake_up.send()
