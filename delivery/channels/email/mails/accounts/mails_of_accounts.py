"""Finds the e-mails about a contract: paper again, the yearly question, an address, holders, readers."""

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from consumers.access_grants.answer_invitation import ACCEPTED_JOB
from consumers.access_grants.invite_reader import INVITATION_JOB
from delivery.channels.email.mails.accounts.address_question import address_question_words
from delivery.channels.email.mails.accounts.default_on_notice import default_notice_mail
from delivery.channels.email.mails.accounts.holder_emails import holder_words
from delivery.channels.email.mails.accounts.paper_again_confirmation import paper_again_words
from delivery.channels.email.mails.accounts.reader_grant import accepted_grant_mail, grant_invitation_mail
from delivery.channels.email.mails.accounts.suitability_question import suitability_words
from delivery.channels.email.mails.mail_reader import MailReader, reader_of_account
from delivery.channels.email.mails.sending import Mail, MailsOfJobs, Sending
from delivery.feedback.ask_for_address import JOB as ADDRESS_QUESTION
from delivery.relationship.default_notices import JOB as DEFAULT_NOTICE
from store.accounts.address_suppression import accounts_to_ask
from store.accounts.consumer import Consumer, is_holder, is_suspended
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.accounts.one_time_email_link import mail_stop_link
from store.accounts.stopped_mail import YEARLY_QUESTION, who_stopped
from store.accounts.suitability_event import open_questions
from store.issuer import Issuer


class _Addressed(NamedTuple):
    """Who reads an e-mail about a contract: their address, how they are spoken to, the contract and its issuer."""

    email: str
    to: MailReader
    account: CustomerAccount
    issuer: Issuer


def _addressed(session: Session, consumer_id: int, account_id: int) -> _Addressed | None:
    """None when the person cannot be e-mailed."""
    reader = session.get(Consumer, consumer_id)
    if reader is None or not reader.can_be_mailed:
        return None
    account = session.get_one(CustomerAccount, account_id)
    issuer = session.get_one(Issuer, account.issuer_id)
    return _Addressed(reader.email, reader_of_account(session, reader, account_id), account, issuer)


def _of(session: Session, particulars: dict[str, Any]) -> _Addressed | None:
    return _addressed(session, int(particulars["consumer_id"]), int(particulars["account_id"]))


def _paper_again(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    if (found := _of(session, particulars)) is None:
        return None
    by = date.fromisoformat(particulars["by"])
    return found.email, paper_again_words(found.to, found.account, found.issuer, by, sending.public_url)


def _yearly_question(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the yearly question needs no answer any more, or its holder has stopped this e-mail."""
    found, due_on = _of(session, particulars), date.fromisoformat(particulars["due_on"])
    if found is None or not found.account.paperless:
        return None
    consumer_id, question = int(particulars["consumer_id"]), open_questions(session, [found.account.id])
    if found.account.id not in question or question[found.account.id].due_on != due_on:
        return None
    if who_stopped(session, [consumer_id], YEARLY_QUESTION):
        return None
    stop_url = f"{sending.public_url}/desabonnement/{mail_stop_link(sending.keys, consumer_id, YEARLY_QUESTION)}"
    url = f"{sending.public_url}/contrats"
    return found.email, suitability_words(found.to, found.account, found.issuer, due_on, url, stop_url)


def _address_question(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when another address is known, or the person holds the account no longer."""
    found = _of(session, particulars)
    if found is None or not is_holder(session, found.account.id, int(particulars["consumer_id"])):
        return None
    if not accounts_to_ask(session, [found.account]):
        return None
    return found.email, address_question_words(found.to, found.account, found.issuer, sending.public_url)


def _holder_notice(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """None when the holder is suspended from the account."""
    notice = session.get(HolderNotice, int(particulars["notice_id"]))
    found = _addressed(session, notice.consumer_id, notice.account_id) if notice else None
    if notice is None or found is None:
        return None
    if notice.kind != "removed" and is_suspended(session, notice.consumer_id, notice.account_id):
        return None
    day = sending.day_of(notice.at)
    return found.email, holder_words(notice, found.to, found.account, found.issuer, day, sending.public_url)


MAILS_OF_ACCOUNTS: Final[MailsOfJobs] = {
    "paper_again": _paper_again,
    YEARLY_QUESTION: _yearly_question,
    ADDRESS_QUESTION: _address_question,
    DEFAULT_NOTICE: default_notice_mail,
    "holder_notice": _holder_notice,
    INVITATION_JOB: grant_invitation_mail,
    ACCEPTED_JOB: accepted_grant_mail,
}
