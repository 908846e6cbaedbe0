"""Reads bounces that are no delivery status notification: those of qmail, of old Exchange and Notes, and plain text."""

import re
from email.message import Message
from typing import Final

from delivery.feedback.bounces.automatic_reply import names_automatic_reply
from delivery.feedback.bounces.bounce_verdict import verdict_on
from delivery.feedback.bounces.limited_message import LONGEST_TEXT, header_of, text_of, type_of
from delivery.feedback.bounces.mail_feedback import MailFeedback
from delivery.feedback.bounces.returned_message import message_ids_in, message_ids_of

_DAEMON: Final = re.compile(
    r"\b(mailer[-_ ]?daemon|post ?master|mail[- ]?delivery|mail[- ]administrator|mailerdaemon|mdaemon|no-?reply-?"
    r"bounce|bounces?|system administrator|mail ?admin|administrador)\b", re.IGNORECASE,
)  # fmt: skip
_SUBJECT: Final = re.compile(
    r"undeliver|not deliver|unable to deliver|cannot deliver|could not (be )?deliver|deliver\w* (status|fail|error|"
    r"problem|report|delay|notif)|fail(ure|ed)[^.]{0,30}(deliver|notice|mail|message)"
    r"|returned? (mail|message|to sender)|error sending|mail (system )?(error|fail|delivery|status)"
    r"|warning[^.]{0,30}(mail|message)|non[- ]?remis|[ée]chec|"
    r"unzustellbar|nicht zugestellt|bounce|dead ?letter|mail could not|user unknown|no entregado",
    re.IGNORECASE,
)
#: A line, or what it begins with, where the e-mail that is returned begins.
_RETURNED: Final = re.compile(
    r"[> \t*]*(-{2,60}.*(copy|original|returned|message|undelivered|header|body|included|mail)"
    r"|received: from|return-path:|message-id:)|.{0,60}(original|returned|undelivered) (message|mail|header)",
    re.IGNORECASE,
)
_LOOKED_AT_OF_A_LINE: Final = 200
#: Letters that are a notice in any case: some servers begin with such a line.
_LEAST: Final = 40
_REPLY_LINE: Final = re.compile(
    r"(?<![\d.,])[45]\d\d[ -]+#?(?=[45]\.\d|\w*[a-z<])|#?\b[45]\.\d{1,3}\.\d{1,3}\b", re.IGNORECASE
)
_STILL_TRIED: Final = re.compile(
    r"(will|is going to|would) (be )?(still |now )?(continue|keep|retr|tried|try|attempt)\w*|still being (retri|tri)"
    r"|not (yet )?been delivered\W[^.]{0,80}\b(yet|still)|do not need to resend|need not (re-?send|do anything)"
    r"|no action is (required|needed)|delivery[^.]{0,30}delayed|warning message only|temporarily deferred",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^>]{0,500}>")
#: Letters of a server's answer that are kept.
_LONGEST_ANSWER: Final = 600


def read_plain_text_bounce(message: Message) -> MailFeedback | None:
    """Return what a bounce in plain words says; None when the message does not look like one."""
    subject = header_of(message, "Subject")
    if not _is_from_server(message, subject):
        return None
    text = _text(message)
    notice = _notice(text)
    ids = message_ids_of(message) or message_ids_in(text)
    if _STILL_TRIED.search(notice):
        return MailFeedback(kind="delayed", words=_answer(notice) or subject, message_ids=ids)
    kind, words = verdict_on("", _answer(notice) or notice, notice)
    return MailFeedback(kind=kind, words=words[:_LONGEST_ANSWER], message_ids=ids)


def _is_from_server(message: Message, subject: str) -> bool:
    sender = header_of(message, "From") + " " + header_of(message, "Sender")
    if header_of(message, "X-Failed-Recipients"):  # Exim before 4.90, and those that learned of it
        return True
    is_null = header_of(message, "Return-Path").strip() == "<>"
    is_named = _SUBJECT.search(subject) is not None and not names_automatic_reply(message)
    return (is_null and is_named) or _DAEMON.search(sender) is not None


def _text(message: Message) -> str:
    parts = [each for each in message.walk() if not each.is_multipart()]
    texts = [text_of(each) for each in parts if type_of(each) == "text/plain"]
    texts = texts or [_TAG.sub(" ", text_of(each)) for each in parts if type_of(each) == "text/html"]
    return "\n".join(texts or map(text_of, parts[:1]))[:LONGEST_TEXT]  # a multipart without its parts: damaged


def _notice(text: str) -> str:
    """Return what is said before the returned e-mail; all of it where that comes first."""
    read = 0
    for line in text.split("\n"):
        if read > _LEAST and _RETURNED.match(line[:_LOOKED_AT_OF_A_LINE]):
            return text[:read]
        read += len(line) + 1
    return text


def _answer(notice: str) -> str:
    """Return the line in which the server's answer stands, with those that go on with it; "" where there is none."""
    found = _REPLY_LINE.search(notice)
    if found is None:
        return ""
    begin = notice.rfind("\n", 0, found.start()) + 1
    return _one_paragraph(notice[begin:])


def _one_paragraph(text: str) -> str:
    paragraphs = re.split(r"\n[ \t]*\r?\n", text.strip(), maxsplit=1)
    return " ".join(paragraphs[0].split())[:_LONGEST_ANSWER]
