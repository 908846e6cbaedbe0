"""Reads complaints: the reports of feedback loops that a recipient called an e-mail spam (ARF, RFC 5965)."""

from email.message import Message
from typing import Final

from delivery.feedback.bounces.limited_message import header_of, headers_of, type_of
from delivery.feedback.bounces.mail_feedback import MailFeedback
from delivery.feedback.bounces.returned_message import message_ids_of, returned_messages

#: Types of feedback (RFC 5965 7.3, RFC 6650) by which a recipient wants no more of it. Others tell of authentication
#: (RFC 6591), viruses, or that it was no spam.
_UNWANTED: Final = frozenset({"abuse", "opt-out", "opt-out-list", "fraud", "other"})


def read_complaint(message: Message) -> MailFeedback | None:
    """Return the complaint; None when the message is no report of a feedback loop.

    The report goes to where the loop was registered, so the signed return path is the one that it names inside.
    """
    part = next((each for each in message.walk() if type_of(each) == "message/feedback-report"), None)
    if part is None:
        return None
    payload = part.get_payload()
    fields = payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else part
    kind = header_of(fields, "Feedback-Type").lower()
    paths = [*headers_of(fields, "Original-Mail-From")]
    for each in returned_messages(message):
        paths += headers_of(each, "Return-Path")
    return MailFeedback(
        kind="complaint" if kind in _UNWANTED else "unclear",
        words=f"{kind}, {header_of(fields, 'User-Agent')}".strip(", "),
        message_ids=message_ids_of(message),
        return_paths=tuple(paths[:20]),
    )
