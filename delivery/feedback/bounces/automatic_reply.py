"""Recognises automatic replies (RFC 3834) and requests to confirm that a sender is a person (challenge and
response)."""

import re
from email.message import Message
from typing import Final

from delivery.feedback.bounces.delivery_status_report import notice_of
from delivery.feedback.bounces.limited_message import header_of
from delivery.feedback.bounces.mail_feedback import MailFeedback

_HEADERS: Final = (
    "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From",
    "X-Vacation", "X-AutoReply-From", "X-Mail-Autoreply",
)  # fmt: skip
_PRECEDENCE: Final = frozenset({"auto_reply", "auto-reply", "bulk", "junk"})
_ANSWER: Final = r"^\W*((re|aw|sv|tr|fwd?)\s*:\s*)*\W*"
_SUBJECT: Final = re.compile(
    rf"{_ANSWER}(auto[- ]?(matic|matically|matisch\w*|matique|m[aá]tica|matica)?[- ]?(generated )?"
    r"(re(ply|sponse|sponder)|antwort)"
    r"|auto(reply|response)\b|out[- ]of[- ](the[- ])?office|r[ée]ponse automatique|(message|r[ée]ponse|avis) d.absence"
    r"|absent[\w()]* du bureau|automatische (antwort|nachricht)|abwesenheits\w*|respuesta autom"
    r"|fuera de (la )?oficina|risposta automatica|fuori (sede|ufficio)|automatisch antwoord|resposta autom"
    r"|automa\w* (svar|vastaus|odgovor|odpo[wv]|v[áa]lasz)|r[ăa]spuns automat|otomatik yan[ıi]t"
    r"|автоматич\w* (ответ|відповідь)|αυτόματη απάντηση|自动(答复|回复)|自動(応答|返信|回覆)|자동 ?(회신|응답))",
    re.IGNORECASE,
)
#: Subjects that a person may write as well: they count where no answer is wanted, by an empty Return-Path.
_MAYBE: Final = re.compile(
    rf"{_ANSWER}(i am (away|out of)|away from|vacation|on (leave|holiday)|absence|absent|je suis (absent|en cong[ée])"
    r"|en cong[ée]|cong[ée]s|abwesen|afwezig)",
    re.IGNORECASE,
)
_CHALLENGE: Final = re.compile(
    r"mail ?in ?black|boxbe|spam ?arrest|sendio|tmda|bluebottle|confirm (that )?you(r| are) (a (human|person)|e-?mail|"
    r"message|identity)|challenge[ /-]response|prove (that )?you are|click (here|on|the link)[^.]{0,60}"
    r"(deliver|release|verify|confirm|whitelist)|m.authentifier|vous authentifier|"
    r"cliquez[^.]{0,80}(authentifi|d[ée]livr|confirmer votre (adresse|envoi))",
    re.IGNORECASE,
)
#: Letters of the text that are looked through.
_LOOKED_AT: Final = 5_000


def read_automatic_reply(message: Message) -> MailFeedback | None:
    """Return what kind of automatic reply the message is; None when it is none."""
    subject = header_of(message, "Subject")
    if _CHALLENGE.search(subject) or (_is_automatic(message) and _CHALLENGE.search(notice_of(message)[:_LOOKED_AT])):
        return MailFeedback(kind="challenge", words=subject)
    if _is_automatic(message) or names_automatic_reply(message):
        return MailFeedback(kind="auto_reply", words=subject)
    return None


def names_automatic_reply(message: Message) -> bool:
    """Whether the subject says that the message is an automatic reply. What follows in it is often our own subject,
    with an issuer's name."""
    subject = header_of(message, "Subject")
    is_null = header_of(message, "Return-Path").strip() == "<>"
    return _SUBJECT.search(subject) is not None or (is_null and _MAYBE.search(subject) is not None)


def _is_automatic(message: Message) -> bool:
    submitted = header_of(message, "Auto-Submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or any(header_of(message, name) for name in _HEADERS)
        or header_of(message, "Precedence").lower() in _PRECEDENCE
    )
