"""Why a bill differs from an earlier one: causes whose amounts add up to the difference exactly (decision 0070)."""

from bill.change.change_part import ChangePart, PartKind
from bill.change.days_covered import CoveredDays, days_between, days_shared
from bill.change.explain_change import Explanation, explain
from bill.change.join_causes import Cause, few_causes, join_causes
from bill.change.meter_readings import ReadingKind, reading_of
from bill.change.metered_objects import metered_objects

__all__ = [
    "Cause",
    "ChangePart",
    "CoveredDays",
    "Explanation",
    "PartKind",
    "ReadingKind",
    "days_between",
    "days_shared",
    "explain",
    "few_causes",
    "join_causes",
    "metered_objects",
    "reading_of",
]
