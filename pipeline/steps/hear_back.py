"""Step 7, hear back: read the print house's acknowledgements and returned mail from the outbox, and what comes back of
e-mails from its mailbox."""

from datetime import datetime

import delivery
from pipeline.pipeline_context import PipelineContext


def hear_back(context: PipelineContext, now: datetime) -> bool:
    """Read the answers that have arrived. Returns False when there was none. Raises MailboxDown when the mailbox does
    not answer; the print house's answers are read all the same."""
    heard = delivery.read_answers(context.store, context.houses.outboxes, now)
    heard += context.returns.turn(context.store, now)
    if context.bounces is not None:
        heard += context.bounces.turn(context.store, now)
    return heard > 0
