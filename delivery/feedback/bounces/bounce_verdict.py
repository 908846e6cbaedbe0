"""Tells what a server's refusal means for a delivery: its enhanced status code and its words, by the same tables as
answers to our own SMTP client (`delivery.channels.email.smtp.smtp_reply_classification`)."""

import re
from typing import Final

from delivery.channels.email.smtp.smtp_code_subjects import CODES, OTHERS, Subject
from delivery.channels.email.smtp.smtp_reply_classification import Stage, subject_of
from delivery.feedback.bounces.mail_feedback import FeedbackKind

_KINDS: Final[dict[Subject, FeedbackKind]] = {
    "gone": "gone", "full": "full", "message": "refused", "server": "refused",
}  # fmt: skip

#: The server's reply within a report: with an enhanced code; at the beginning; or after a colon, an arrow, or the like.
_REPLIES: Final = (
    re.compile(r"(?<![\d.])([45]\d\d)[ -]+#?([45]\.\d{1,3}\.\d{1,3})(?![\d.])"),
    re.compile(r"^\W*([45]\d\d)(?=[ -])()"),
    re.compile(r"(?:[:;>\]#]|\bsaid|\breturned|\bcode|\berror|\bwas|\breply)\s*:?\s*\"?([45]\d\d)(?=[ -]+[^\d\s])()"),
)
_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
#: A word before the diagnostic that names its kind (RFC 3464 2.3.6): `smtp; 550 …`, `x-unix; …`.
_TYPE: Final = re.compile(r"^[\w-]+\s*;\s*")
_RCPT: Final = re.compile(r"\brcpt\b", re.IGNORECASE)
_MAIL_FROM: Final = re.compile(r"(reply to|after|response to) mail from", re.IGNORECASE)
_END_OF_DATA: Final = re.compile(r"end of data|after data|pipelined", re.IGNORECASE)
#: Letters of an answer or a notice that are looked through.
_LOOKED_AT: Final = 3_000


def verdict_on(status: str, diagnostic: str, notice: str = "") -> tuple[FeedbackKind, str]:
    """Return what a failure for good means, and the words that say it.

    *status*: an enhanced status code, or ""; *diagnostic*: the server's own answer, or "". *notice*, what is written
    for people, is asked only when these say nothing. A temporary code in a report of failure means that the relay has
    given up.
    """
    status = _code_in(status)
    if status.startswith("2"):
        return "delivered", diagnostic or status
    said = _TYPE.sub("", _one_line(diagnostic))
    if not re.search("[A-Za-z]", said) and is_general(status):
        said = _one_line(notice)
    answer = _as_reply(status, said)
    if answer.startswith("4"):
        return "expired", answer
    subject = subject_of(answer, stage_of(diagnostic + notice))
    return _KINDS[subject] if subject else "unclear", answer


def is_general(status: str) -> bool:
    """Whether this enhanced status code says nothing of what is wrong."""
    found = _ENHANCED.match(status)
    if found is None:
        return True
    subject, detail = int(found[2]), int(found[3])
    return CODES.get((subject, detail), OTHERS.get(subject, "")) == ""


def stage_of(text: str) -> Stage:
    """Return the step of the SMTP transaction that a report names; `data` where it names none, of which less is
    concluded."""
    if _MAIL_FROM.search(text):
        return "mail"
    return "rcpt" if _RCPT.search(text) and not _END_OF_DATA.search(text) else "data"


def _as_reply(status: str, said: str) -> str:
    """Return the answer as the server gave it: basic code, enhanced code, words."""
    for pattern in _REPLIES:
        if found := pattern.search(said):
            words = said[found.end() :].lstrip(" -:")
            return " ".join(filter(None, (found[1], found[2] or _agreeing(status, found[1]), words)))
    enhanced = status or _code_in(said)
    basic = "450" if enhanced.startswith("4") else "550"
    return " ".join(filter(None, (basic, enhanced, said)))


def _agreeing(status: str, basic: str) -> str:
    """Return the report's code where it is of the same class as the server's own."""
    return status if status[:1] == basic[0] else ""


def _one_line(text: str) -> str:
    return " ".join(text[:_LOOKED_AT].split())


def _code_in(text: str) -> str:
    found = _ENHANCED.search(text)
    return found[0] if found else ""
