"""Takes the files of a mail in for the person whom it was sent to, and asks for the answer to that person.

The answer goes to the person's own confirmed address, never to the sender, who may be anybody. A mail that has no
file and came of itself (an absence notice, an answer of ours that was forwarded) gets none, so that no two programs
write to each other for ever.
"""

from datetime import datetime
from email.message import Message
from typing import Any, Final

from consumers.imports.import_document import NotTaken, PersonHasLeft, import_document
from doors.smtp.mail_attachments import MailFile, NotOpened, files_of, open_mail
from store import Store
from store.accounts.consumer import Consumer
from store.db.row_locks import lock_rows
from store.job import request_job
from store.leaving.space_closing import has_left
from store.received_mail.received_mail import (
    KNOWN,
    NO_BILL,
    TAKEN,
    is_received,
    keep_mail,
    mails_of_a_day,
    message_digest,
)

#: The background job whose mail answers the person.
MAIL_ANSWERED: Final = "mail_answered"
#: Mails of one person in a day that are answered; what more of them bring is on the page.
MOST_ANSWERS: Final = 50
#: What stands for a mail that was not opened.
_WHOLE_MAIL: Final = "not_opened"
_RESULTS: Final = ("spf", "dkim", "dmarc")


def take_mail(store: Store, consumer_id: int, sender: str, raw: bytes, domain: str, now: datetime) -> bool:
    """Take the files in. Returns False if this mail came before, or its person has left. Raises what the store raises
    while it is down: the sender then tries again, and what was taken already is known."""
    try:
        mail: Message | None = open_mail(raw)
        files = files_of(mail) if mail is not None else []
    except NotOpened:
        mail, files = None, []
    digest = message_digest(_header(mail, "Message-ID").strip(), [each.content for each in files], raw)
    with store.reading() as session:
        if is_received(session, consumer_id, digest):
            return False
    try:
        outcomes = [{"name": each.name[:120], "outcome": _take(store, consumer_id, each, now)} for each in files]
    except PersonHasLeft:
        return False
    if mail is None:
        outcomes = [{"name": "", "outcome": _WHOLE_MAIL}]
    row: dict[str, Any] = {
        "consumer_id": consumer_id, "message_digest": digest, "received_at": now, "sender": sender[:254],
        "authentication": _authentication(mail, domain), "files": outcomes,
    }  # fmt: skip
    with store.writing() as session:
        lock_rows(session, Consumer, Consumer.id == consumer_id)
        if has_left(session, consumer_id):
            return False
        is_answered = (outcomes or not _is_automatic(mail, sender)) and (
            mails_of_a_day(session, consumer_id, now) < MOST_ANSWERS
        )
        kept = keep_mail(session, row)
        if kept is not None and is_answered:
            request_job(session, MAIL_ANSWERED, {"consumer_id": consumer_id, "mail_id": kept.id}, now)
    store.wake_up.send()
    return kept is not None


def _take(store: Store, consumer_id: int, file: MailFile, now: datetime) -> str:
    if not file.may_be_bill:
        return NO_BILL
    try:
        taken = import_document(store, consumer_id, file.name, file.content, now, "mail")
    except NotTaken as refused:
        return refused.why
    return TAKEN if taken.is_new else KNOWN


def _is_automatic(mail: Message | None, sender: str) -> bool:
    """Whether a program wrote the mail (RFC 3834 2; RFC 5321 4.5.5)."""
    said = _header(mail, "Auto-Submitted").strip().lower()
    return not sender or (bool(said) and said != "no") or _header(mail, "Precedence").strip().lower() in _BULK


_BULK: Final = frozenset({"bulk", "junk", "list"})


def _authentication(mail: Message | None, domain: str) -> str:
    """What the mail server before us found of SPF, DKIM and DMARC, where it speaks in the name of our domain (RFC 8601:
    it removes what others wrote in that name); "" otherwise. Nothing is asked of the DNS here."""
    said = _header(mail, "Authentication-Results")[:2000].lower()
    if said.partition(";")[0].strip().split(" ")[0] != domain:
        return ""
    results = (each.split("(")[0].split() for each in said.split(";")[1:])
    found = [words[0] for words in results if words and words[0].partition("=")[0] in _RESULTS]
    return " ".join(found)[:60]


def _header(mail: Message | None, name: str) -> str:
    """The first header of this name as text; "" without one."""
    return "" if mail is None else str(mail.get(name, ""))[:4000]
