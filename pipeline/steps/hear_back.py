"""Step 7, hear back: read the print house's acknowledgements and returned mail from the outbox."""

from datetime import datetime

import delivery
from pipeline.pipeline_context import PipelineContext


def hear_back(context: PipelineContext, now: datetime) -> bool:
    """Read the answers that have arrived. Returns False when there was none."""
    return delivery.read_answers(context.store, context.config.outbox, now) > 0
