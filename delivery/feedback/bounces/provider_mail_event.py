"""What a mail provider tells of an e-mail by the hook, as JSON: read and checked. Pure."""

import base64
import binascii
from typing import Final, Literal

import msgspec

from delivery.feedback.bounces.bounce_verdict import verdict_on
from delivery.feedback.bounces.mail_feedback import FeedbackKind, MailFeedback

MailEventType = Literal["failed", "delayed", "delivered", "complained"]
_KINDS: Final[dict[MailEventType, FeedbackKind]] = {
    "delayed": "delayed", "delivered": "delivered", "complained": "complaint",
}  # fmt: skip
#: What a secret begins with that is written in base 64 (Standard Webhooks).
_PREFIX: Final = b"whsec_"


class MailEventRefused(ValueError):  # noqa: N818
    """The event cannot be read. The message says where and why, in English."""


class _MailEvent(msgspec.Struct, frozen=True):
    type: MailEventType
    return_path: str
    status: str = ""
    answer: str = ""
    message_id: str = ""


def read_mail_event(body: bytes) -> tuple[MailFeedback, str]:
    """Return what is told, and the return path of the e-mail that it is told of. Raises MailEventRefused.

    `{"type": "failed", "return_path": "…", "status": "5.1.1", "answer": "550 …", "message_id": "<…>"}`; a failure is
    judged by its code and words as a bounce is.
    """
    try:
        event = msgspec.json.decode(body, type=_MailEvent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MailEventRefused(str(error)) from error
    ids = (event.message_id,) if event.message_id else ()
    if event.type == "failed":
        kind, words = verdict_on(event.status, event.answer)
    else:
        kind, words = _KINDS[event.type], event.answer or event.status
    return MailFeedback(kind=kind, words=words, message_ids=ids), event.return_path


def hook_key(secret: bytes) -> bytes:
    """Return the key that a secret as kept in its file stands for: `whsec_` and base 64, or any bytes."""
    if not secret.startswith(_PREFIX):
        return secret
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return secret
