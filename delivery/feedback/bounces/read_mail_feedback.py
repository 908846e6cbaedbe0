"""Reads a message that came back of an e-mail: a delivery status notification, a complaint, a bounce in plain words, an
automatic reply, or something for a person. Pure; the message is believed only where a signed return path says whose it
is (`envelope_recipient`)."""

from email.message import Message

from delivery.feedback.bounces.automatic_reply import read_automatic_reply
from delivery.feedback.bounces.complaint_report import read_complaint
from delivery.feedback.bounces.delivery_status_report import read_delivery_status
from delivery.feedback.bounces.limited_message import header_of, open_message
from delivery.feedback.bounces.mail_feedback import MailFeedback
from delivery.feedback.bounces.plain_text_bounce import read_plain_text_bounce

_READERS = (read_complaint, read_delivery_status, read_plain_text_bounce, read_automatic_reply)


def read_mail_feedback(raw: bytes) -> MailFeedback:
    """Return what the message says; `unclear` for one that no reader understands, or that is too deep to be opened."""
    message = open_message(raw)
    return MailFeedback(kind="unclear") if message is None else feedback_of(message)


def feedback_of(message: Message) -> MailFeedback:
    """Return what an opened message says."""
    try:
        found = (reader(message) for reader in _READERS)
        feedback = next((each for each in found if each is not None), None)
    except RecursionError:
        feedback = None
    return feedback or MailFeedback(kind="unclear", words=header_of(message, "Subject"))
