"""Content lines are folded at 75 octets between whole characters, and texts are escaped (RFC 5545 3.1, 3.3.11)."""

from datetime import UTC, date, datetime

import pytest

from delivery.due_date_calendar.icalendar_text import CalendarEvent, calendar_text, escaped, folded
from tests.portal.consumers.calendar.strict_icalendar import content_lines, read_calendar


@pytest.mark.parametrize("character", ["a", "é", "€", "\N{ELECTRIC LIGHT BULB}", "e\N{COMBINING ACUTE ACCENT}"])
@pytest.mark.parametrize("length", [1, 67, 68, 74, 75, 76, 149, 150, 1000])
def test_folding_loses_nothing_and_breaks_no_character(character: str, length: int) -> None:
    line = "SUMMARY:" + character * length
    content = folded(line)
    assert content_lines(content) == [line]
    for piece in content.split(b"\r\n ")[1:]:
        assert not piece.decode().startswith("\N{COMBINING ACUTE ACCENT}")


def test_a_pile_of_accents_is_folded_all_the_same() -> None:
    content_lines(folded("SUMMARY:e" + "\N{COMBINING ACUTE ACCENT}" * 500))


def test_a_text_adds_no_property() -> None:
    text = "a\\b;c,d\r\nATTENDEE:mailto:x@y\rX\x00\x07\x85\N{LINE SEPARATOR}z"
    assert escaped(text) == "a\\\\b\\;c\\,d\\nATTENDEE:mailto:x@y\\nX\N{LINE SEPARATOR}z"
    event = CalendarEvent("u@f", date(2026, 3, 1), text, text, "https://f.example/x", False, 0, datetime.now(UTC))
    content = calendar_text("Nom, long; et\nfou", "fr", 6, [event])
    (read,) = read_calendar(content).values()
    assert read["SUMMARY"] == "a\\b;c,d\nATTENDEE:mailto:x@y\nX\N{LINE SEPARATOR}z"
    assert "ATTENDEE" not in read
