"""Delete what was heard of e-mails long ago."""

from datetime import datetime

from pipeline.pipeline_context import PipelineContext
from store.heard_mail import forget_heard_mails


def sweep_heard_mails(context: PipelineContext, now: datetime) -> int:
    """Delete it in one transaction. Returns how many messages that was."""
    with context.store.writing() as session:
        return forget_heard_mails(session, now)
