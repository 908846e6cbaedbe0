"""A strict reader of iCalendar content lines (RFC 5545 3.1), beside the `icalendar` library, which forgives much."""

import icalendar


def content_lines(content: bytes) -> list[str]:
    """The unfolded lines. Asserts that lines end in CRLF, have at most 75 octets and are whole UTF-8 each."""
    assert content.endswith(b"\r\n")
    raw = content[:-2].split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in raw)
    assert all(0 < len(line) <= 75 for line in raw)
    pieces = [line.decode() for line in raw]  # no character is broken
    lines: list[str] = []
    for each in pieces:
        if each[0] in " \t":
            lines[-1] += each[1:]
        else:
            lines.append(each)
    return lines


def read_calendar(content: bytes) -> dict[str, icalendar.Event]:
    """The events by their UID; every one valid for the library too."""
    content_lines(content)
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar["VERSION"] == "2.0"
    events = list(calendar.walk("VEVENT"))
    assert not any(each.errors for each in events)
    found = {str(each["UID"]): each for each in events}
    assert len(found) == len(events)
    return found
