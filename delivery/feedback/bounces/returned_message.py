"""Reads the e-mail that a report brings back, whole or its headers: whose it was."""

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from typing import Final

from delivery.feedback.bounces.limited_message import header_of, text_of, type_of

_WHOLE: Final = frozenset({"message/rfc822", "message/global"})
_HEADERS: Final = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_MESSAGE_ID: Final = re.compile(r"^[> \t]*message-id:\s*(<[^<>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE)
_MOST_IDS: Final = 20


def returned_messages(message: Message) -> Iterator[Message]:
    """Yield the e-mails that a report brings back, or their headers."""
    for part in message.walk():
        if type_of(part) in _WHOLE and isinstance(payload := part.get_payload(), list):
            yield from (each for each in payload[:1] if isinstance(each, Message))
        elif type_of(part) in _HEADERS:
            yield message_from_string(text_of(part).lstrip())


def message_ids_of(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs of the e-mails that a report brings back."""
    ids = (header_of(each, "Message-ID") for each in returned_messages(message))
    return tuple(each for each in ids if each)[:_MOST_IDS]


def message_ids_in(text: str) -> tuple[str, ...]:
    """Return the Message-IDs in the headers of e-mails that a plain text quotes."""
    return tuple(_MESSAGE_ID.findall(text))[:_MOST_IDS]
