"""Classifies an SMTP server's reply: does it concern the recipient, the message and its sender, or the server?

Only a reply that says that the recipient is gone for good may suppress an address. A specific enhanced status code (RFC
3463) decides; with a general one, or none, the words decide; when these do not concern the recipient either, the
address is kept (decision 0023).
"""

import re
from typing import Final, Literal

from delivery.channels.email.smtp.smtp_code_subjects import (
    BASIC,
    CLOSED,
    CLOSED_BASIC,
    CODES,
    OTHERS,
    CodeSubject,
    Subject,
)
from delivery.channels.email.smtp.smtp_reply_phrases import (
    FULL,
    GONE,
    GONE_AT_RCPT,
    LIST_OF_SENDERS,
    NOT_THE_RECIPIENT,
    RECEIVING_LIMIT,
    SENDER,
    SENDING_LIMIT,
    UNWANTED,
)

#: The step of the SMTP transaction that was answered.
Stage = Literal["mail", "rcpt", "data"]

#: An enhanced status code: at the beginning, or in brackets at the end as qmail writes it.
_ENHANCED: Final = re.compile(r"^\d{3}[ -]+([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])|\(#([245])\.(\d{1,3})\.(\d{1,3})\)")
#: What is not the server's own wording: quoted addresses, links, and the code repeated on each line.
_QUOTED: Final = re.compile(r"<[^>]*>|\S+@\S+|https?://\S+|www\.\S+|\b[245]\.\d{1,3}\.\d{1,3}\b")


#: Words of a server that is busy or limits us, or of greylisting (RFC 6647).
_NOT_YET: Final = re.compile(r"gr[ea]y-?list|too (many|much|fast)|\brate\b|limit|throttl|busy|overload|\bload\b")
#: Words that concern the recipient's mailbox.
_MAILBOX: Final = re.compile(r"mail ?box|inbox|quota|\buser\b|account|recipient|\bfull\b")
#: Temporary basic codes that concern the server (RFC 5321 4.2.3; 454: RFC 3207). 450 concerns a mailbox.
_SERVER_NOW: Final = frozenset({"421", "451", "452", "454", "455"})
#: Subjects of an enhanced code that concern the server (RFC 3463): mail system, network, protocol, security.
_OF_SERVERS: Final = frozenset({3, 4, 5, 7})


def concerns_server(answer: str, stage: Stage) -> bool:
    """Whether a refusal concerns the server, the moment or us as the client, not the recipient or the message: the next
    e-mail would get the same answer. *stage* is the step that was answered."""
    if stage == "mail":
        return True
    if answer.startswith("5"):
        subject = subject_of(answer, stage)
        return subject == "server" or (subject == "message" and stage == "rcpt")  # it has not seen the message yet
    words = " ".join(_QUOTED.sub(" ", answer).lower().split())
    if found := _ENHANCED.search(answer):
        kind, about, _ = (int(each) for each in found.groups() if each is not None)
        if kind == 4 and about:
            return about in _OF_SERVERS
    return _NOT_YET.search(words) is not None or (answer[:3] in _SERVER_NOW and not _MAILBOX.search(words))


def subject_of(answer: str, stage: Stage) -> Subject | None:
    """Return what a permanent refusal (5xx) concerns; None for any other reply. *answer* is the code and its words on
    one line."""
    if not answer.startswith("5"):
        return None
    words = _words_of(answer)
    said = _by_code(answer)
    if stage == "mail" or SENDER.search(words):
        return "server" if said == "server" else "message"
    if said == "gone" and (other := _not_gone(answer, words)):
        return other
    return said or _by_words(words, stage)


def _not_gone(answer: str, words: str) -> Subject | None:
    """What a reply concerns whose words belie its code, which says that the recipient is gone; None for any other."""
    if FULL.search(words):
        return "full"
    if UNWANTED.search(words) or LIST_OF_SENDERS.search(answer.lower()):
        return "message"
    return "server" if SENDING_LIMIT.search(words) and not RECEIVING_LIMIT.search(words) else None


def refuses_all_mail(answer: str) -> bool:
    """Whether the reply says that no other e-mail would be taken now: a sending limit, too many connections, or a
    server that is full, shutting down or refuses our credentials."""
    words = _words_of(answer)
    if SENDING_LIMIT.search(words) and not RECEIVING_LIMIT.search(words):
        return True
    if found := _ENHANCED.search(answer):
        _, subject, detail = (int(each) for each in found.groups() if each is not None)
        if (subject, detail) in CLOSED:
            return True
    return answer[:3].isdecimal() and int(answer[:3]) in CLOSED_BASIC


def _words_of(answer: str) -> str:
    """The reply in small letters, without addresses, links and repeated codes."""
    return " ".join(_QUOTED.sub(" ", answer).lower().split())


def _by_code(answer: str) -> CodeSubject:
    if found := _ENHANCED.search(answer):
        kind, subject, detail = (int(each) for each in found.groups() if each is not None)
        if kind != 5:
            return "server"  # the basic code and the enhanced one disagree: not for good
        return CODES.get((subject, detail), OTHERS.get(subject, ""))
    return BASIC.get(int(answer[:3]), "") if answer[:3].isdecimal() else ""


def _by_words(words: str, stage: Stage) -> Subject:
    if FULL.search(words):
        return "full"
    rest = GONE_AT_RCPT.sub("", words) if stage == "rcpt" else words
    if NOT_THE_RECIPIENT.search(rest):
        return "message"
    return "gone" if rest != words or GONE.search(words) else "message"
