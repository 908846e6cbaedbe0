"""Step 8, measure: forecast adoption again where a month has ended or an earlier one has changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from adoption.forecast.refresh_forecasts import refresh_forecasts
from pipeline.pipeline_context import PipelineContext


def forecast_adoption(context: PipelineContext, now: datetime) -> bool:
    """Forecast for one issuer. Returns True when another waits."""
    return refresh_forecasts(context.store, now, ZoneInfo(context.config.time_zone))
