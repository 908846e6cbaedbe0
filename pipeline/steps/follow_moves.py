"""Letters go to another address from the day on that the issuer has named."""

from datetime import datetime

from customers.due_moves import due_moves, follow_due_moves
from pipeline.pipeline_context import PipelineContext


def follow_moves(context: PipelineContext, now: datetime) -> None:
    """Follow the moves whose day has come, some hundreds in a transaction."""
    today = context.calendar.day_of(now)
    while True:
        with context.store.reading() as session:
            account_ids = due_moves(session, today)
        if not account_ids:
            return
        with context.store.writing() as session:
            follow_due_moves(session, account_ids, today, now)
