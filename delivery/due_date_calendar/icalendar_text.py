"""Write a calendar in the iCalendar format: content lines, escaping, folding (RFC 5545 3.1 and 3.3.11). Pure."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

#: Octets of a line without its line break (RFC 5545 3.1).
LONGEST_LINE: Final = 75
#: Who wrote the file (RFC 5545 3.7.3).
PRODUCT: Final = "-//Facteur//Facteur//FR"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class CalendarEvent(NamedTuple):
    """One day's entry. *changed_at* is aware; *sequence* rises with each change of it."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    is_cancelled: bool
    sequence: int
    changed_at: datetime


def calendar_text(name: str, language: str, refresh_hours: int, events: Iterable[CalendarEvent]) -> bytes:
    """The calendar in UTF-8. It asks to be read again after *refresh_hours* (RFC 7986 5.7)."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"NAME;LANGUAGE={language}:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_hours}H", f"X-PUBLISHED-TTL:PT{refresh_hours}H",
    ]  # fmt: skip
    for each in events:
        lines += _event_lines(each, language)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event_lines(event: CalendarEvent, language: str) -> list[str]:
    changed = event.changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return [
        "BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{event.sequence}", f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", "TRANSP:TRANSPARENT", "CLASS:PRIVATE",
        f"SUMMARY;LANGUAGE={language}:{escaped(event.summary)}",
        f"DESCRIPTION;LANGUAGE={language}:{escaped(event.description)}", f"URL:{event.url}", "END:VEVENT",
    ]  # fmt: skip


def escaped(text: str) -> str:
    """A text as the value of a property: no control characters, and line breaks as `\\n`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return clean.translate(_ESCAPES)


def folded(line: str) -> bytes:
    """A content line with its line breaks: each of at most 75 octets, broken between characters and before none that
    combines with the one before it."""
    pieces, piece = [], b""
    for cluster in _clusters(line):
        content = cluster.encode()
        if len(piece) + len(content) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += content
    return b"\r\n".join([*pieces, piece]) + b"\r\n"


def _clusters(text: str) -> Iterable[str]:
    """The characters, each with those that combine with it; a long pile of these is parted all the same."""
    cluster = ""
    for c in text:
        if cluster and (not unicodedata.combining(c) or len((cluster + c).encode()) > LONGEST_LINE - 1):
            yield cluster
            cluster = ""
        cluster += c
    yield cluster
