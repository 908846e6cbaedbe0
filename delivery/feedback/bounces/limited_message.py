"""Opens a message from outside under limits: size, parts, depth, and the length of what is taken from it.

The first megabyte is read: what a server says comes before the e-mail that it returns.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Final

from delivery.channels.email.email_message import one_line

#: Octets of a message that are read; the rest is left out.
MOST_BYTES: Final = 1_000_000
#: Lines that may begin a part, and boundaries that may be declared; with more the message is not opened.
_MOST_PARTS: Final = 2_000
_MOST_BOUNDARIES: Final = 40
_LONGEST_HEADER: Final = 2_000
#: Letters of one text that are read.
LONGEST_TEXT: Final = 100_000

_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)


def open_message(raw: bytes) -> Message | None:
    """Parse a message. Returns None for one with more parts or deeper nesting than any server writes."""
    head = raw[:MOST_BYTES].lstrip()
    if head.count(b"\n--") + head.count(b"\r--") > _MOST_PARTS or len(_BOUNDARY.findall(head)) > _MOST_BOUNDARIES:
        return None
    try:
        return message_from_bytes(head)
    except (RecursionError, ValueError, LookupError):
        return None


def header_of(message: Message, name: str) -> str:
    """Return a header's value on one line, decoded and without control characters; "" where there is none."""
    return next(headers_of(message, name), "")


def headers_of(message: Message, name: str) -> Iterator[str]:
    """Yield the values of all headers of this name, topmost first, in the form of `header_of`."""
    wanted = name.lower()
    for given, value in message.raw_items():
        if given.lower() == wanted:
            octets = str(value)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape")
            yield one_line(octets.decode("utf-8", "replace"))


def text_of(part: Message) -> str:
    """Return the text of a part that has one, at most LONGEST_TEXT letters; whatever its encoding says."""
    content = _octets_of(part)[: 4 * LONGEST_TEXT]
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    return text[:LONGEST_TEXT]


def _octets_of(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (LookupError, ValueError, TypeError, AssertionError):
        payload = None
    return payload if isinstance(payload, bytes) else b""


def type_of(part: Message) -> str:
    """Return a part's media type in small letters, as `text/plain`."""
    return part.get_content_type()
