"""The relationship of an account, by what is known of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from customers.account_relationship import relationship_of

TODAY = date(2026, 3, 3)
SINCE = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOLDER = {"since": SINCE.isoformat()}


@pytest.mark.parametrize(
    ("said", "relationship", "channel", "since"),
    [
        ({}, "PAPER", "paper", None),
        ({"paperless": True}, "PAPER", "paper", None),
        ({"holders": [HOLDER]}, "LINKED_DUAL", "paper", SINCE),
        ({"holders": [HOLDER], "paperless": True}, "DIGITAL", "portal", SINCE),
        ({"holders": [HOLDER], "paperless": True, "stated": {"paper_by_right": "yes"}}, "EXEMPT", "paper", None),
        ({"stated": {"closed_on": "2026-03-02"}}, "CLOSED", "paper", date(2026, 3, 2)),
        ({"stated": {"closed_on": "2026-03-03"}}, "PAPER", "paper", None),
        ({"stated": {"died_on": "2026-02-01", "paper_by_right": "yes"}}, "DECEASED_HOLD", "paper", date(2026, 2, 1)),
    ],
)
def test_the_strongest_of_what_is_known_counts(
    said: dict[str, Any], relationship: str, channel: str, since: datetime | date | None
) -> None:
    report = {"paperless": False, "paperless_since": SINCE.isoformat(), "holders": [], "stated": {}} | said
    assert relationship_of(report, TODAY) == (relationship, channel, since)
