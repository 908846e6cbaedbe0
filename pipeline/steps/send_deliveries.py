"""Step 6, send: present bills in the portal, and send the notifications and reminders that are due."""

from datetime import datetime

import delivery
from pipeline.pipeline_context import PipelineContext


def send_deliveries(context: PipelineContext, now: datetime) -> bool:
    """Send one portion of what is due. Returns False when nothing was due."""
    with context.store.writing() as session:
        promoted = delivery.promote_due(session, now)
    sent = delivery.send_due(
        context.store, context.post, context.config.public_url, now, context.calendar, context.relay
    )  # fmt: skip
    sent += delivery.send_due_sms(context.store, context.sms, context.config.public_url, now, context.calendar)
    sent += delivery.send_due_pushes(context.store, context.push, context.config.public_url, now, context.calendar)
    return promoted + sent > 0


def is_outcome_unrecorded(context: PipelineContext) -> bool:
    """Whether a message has left of which no row tells yet, since the database was down: it is not to leave again."""
    return any(each.unrecorded for each in (context.relay, context.sms.health, context.push.health))
