"""Finds the e-mails about bills that people keep or send elsewhere: forwarding, archives, bills sent in by mail."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from delivery.bill_forwarding.ask_forward import FORWARD_ASKED
from delivery.bill_forwarding.end_forwarding import FORWARD_ENDED
from delivery.bill_forwarding.forward_mails import forward_ended_words, forward_question
from delivery.channels.email.mails.own_copies.archive_ready import archive_ready_words
from delivery.channels.email.mails.own_copies.received_mail_answer import received_mail_words
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from store.accounts.consumer import Consumer
from store.bill_archives.bill_archive import ARCHIVE_READY, archive_of
from store.bill_forwarding.forward_address import ForwardAddress
from store.received_mail.received_mail import MailWithBills


def _forward_asked(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the address was asked before, or has ended."""
    forward = session.get(ForwardAddress, int(particulars["forward_id"]))
    if forward is None or forward.state != "asked":
        return None
    owner = session.get_one(Consumer, forward.consumer_id)
    return forward.email, forward_question(session, forward, owner, sending.keys, sending.public_url)


def _forward_ended(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    owner, forward = _reader(session, particulars), session.get(ForwardAddress, int(particulars["forward_id"]))
    if owner is None or forward is None:
        return None
    return owner.email, forward_ended_words(forward, owner, sending.public_url)


def _mail_answered(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    owner, mail = _reader(session, particulars), session.get(MailWithBills, int(particulars["mail_id"]))
    if owner is None or mail is None:
        return None
    return owner.email, received_mail_words(mail, owner, sending.public_url)


def _archive_ready(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the archive is there no longer."""
    reader = _reader(session, particulars)
    archive = archive_of(session, reader.id, sending.now) if reader else None
    if reader is None or archive is None or archive.state != "ready" or archive.row.id != particulars["archive_id"]:
        return None
    until = sending.day_of(archive.row.expires_at - timedelta(days=1))
    return reader.email, archive_ready_words(reader, archive.row.bills_done, until, sending.public_url)


def _reader(session: Session, particulars: dict[str, Any]) -> Consumer | None:
    """The person, where they can be e-mailed."""
    reader = session.get(Consumer, int(particulars["consumer_id"]))
    return reader if reader is not None and reader.can_be_mailed else None


MAILS_OF_OWN_COPIES: Final[MailsOfJobs] = {
    FORWARD_ASKED: _forward_asked,
    FORWARD_ENDED: _forward_ended,
    "mail_answered": _mail_answered,
    ARCHIVE_READY: _archive_ready,
}
