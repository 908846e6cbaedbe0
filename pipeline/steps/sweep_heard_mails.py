"""Delete what was heard of e-mails long ago."""

from datetime import datetime

from pipeline.pipeline_context import PipelineContext
from store.heard_mail import forget_heard_mails


def sweep_heard_mails(context: PipelineContext, now: datetime) -> None:
    """Delete it in one transaction, in which no row is written that anybody waits for."""
    with context.store.writing() as session:
        forget_heard_mails(session, now)
