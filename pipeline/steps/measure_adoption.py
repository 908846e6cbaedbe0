"""Step 8, measure: bring the facts that dashboards show up to date with what has changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import adoption
from pipeline.pipeline_context import PipelineContext


def measure_adoption(context: PipelineContext, now: datetime) -> bool:
    """Measure for some seconds. Returns True when more remains to be measured."""
    return adoption.measure(context.store, now, ZoneInfo(context.config.time_zone))
