"""Reads delivery status notifications: multipart/report with the fields of RFC 3464, also in the form of RFC 6533."""

from collections.abc import Iterator, Mapping, Sequence
from email import message_from_string
from email.message import Message
from typing import Final

from delivery.feedback.bounces.bounce_verdict import verdict_on
from delivery.feedback.bounces.limited_message import header_of, text_of, type_of
from delivery.feedback.bounces.mail_feedback import FeedbackKind, MailFeedback
from delivery.feedback.bounces.returned_message import message_ids_in, message_ids_of, returned_messages

_STATUS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_MOST_RECIPIENTS: Final = 50
#: What is told where a report has several recipients: the first of these, so that an address is gone only when all are.
_WEAKEST_FIRST: Final[Sequence[FeedbackKind]] = (
    "delayed", "expired", "full", "refused", "delivered", "unclear", "gone",
)  # fmt: skip


def read_delivery_status(message: Message) -> MailFeedback | None:
    """Return what the notification says; None when the message has no delivery status in it."""
    part = next((each for each in message.walk() if type_of(each) in _STATUS), None)
    if part is None:
        return None
    notice = notice_of(message)
    found = [_verdict(fields, notice) for fields in _recipients(part)]
    if not found:
        return None
    kind, words = min(found, key=lambda each: _WEAKEST_FIRST.index(each[0]))
    ids = message_ids_of(message) or message_ids_in(notice)
    return MailFeedback(kind=kind, words=words, message_ids=ids)


def notice_of(message: Message) -> str:
    """Return the first text of a report: what it says to people."""
    inside = {id(part) for each in returned_messages(message) for part in each.walk()}
    texts = (each for each in message.walk() if type_of(each) == "text/plain" and id(each) not in inside)
    return next(map(text_of, texts), "")


def _verdict(fields: Mapping[str, str], notice: str) -> tuple[FeedbackKind, str]:
    action = fields.get("action", "").lower().partition(" ")[0]
    status, diagnostic = fields.get("status", ""), fields.get("diagnostic-code", "")
    words = " ".join(filter(None, (status, diagnostic)))
    match action:
        case "delayed":
            return "delayed", words
        case "delivered":
            return "delivered", words
        case "relayed" | "expanded":  # it went on to where nothing will be told
            return "delivered", words
    if not action and not status and not diagnostic:
        return "unclear", words
    return verdict_on(status, diagnostic, notice)


def _recipients(part: Message) -> Iterator[dict[str, str]]:
    """Yield the fields of each recipient, by their names in small letters."""
    for number, block in enumerate(_blocks(part)):
        if number > _MOST_RECIPIENTS:
            return
        fields = {name.lower(): header_of(block, name) for name in dict.fromkeys(block.keys())}
        if fields.keys() & {"final-recipient", "original-recipient", "action", "status", "diagnostic-code"}:
            yield fields


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    for block in payload if isinstance(payload, list) else [part]:
        assert isinstance(block, Message)
        if block is not part:
            yield block
        rest = text_of(block)
        yield from (message_from_string(each.strip()) for each in rest.replace("\r", "").split("\n\n") if ":" in each)
