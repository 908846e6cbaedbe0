"""Writes the notice that an account's bills will come without paper, with the link by which its customer objects, and
records what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bill import account_label
from consumers.paperless_consent import show_wording
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader, reader_of_account
from delivery.channels.email.mails.sending import Mail, Sending
from delivery.channels.issuer_mark import issuer_mark
from delivery.law.sector_law import law_of
from delivery.relationship.default_objection import default_begins_on
from delivery.relationship.default_wording import DEFAULT_ON
from issuers.registry import profile_of
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.consumer import Consumer, is_holder
from store.accounts.customer_account import CustomerAccount
from store.accounts.one_time_email_link import objection_link
from store.campaigns.default_campaign import asked_by_campaign, default_notice_left
from store.issuer import Issuer
from words.catalogue import known_language, say
from words.written_dates import written_date


def default_notice_mail(session: Session, particulars: dict[str, Any], sending: Sending) -> Mail | None:
    """Return the address and the text, or None where the notice makes no sense any more: the person is gone or cannot
    be e-mailed, the account is paperless, or neither its issuer's policy nor a campaign asks for it."""
    account_id, consumer_id = int(particulars["account_id"]), int(particulars["consumer_id"])
    reader, account = session.get(Consumer, consumer_id), session.get(CustomerAccount, account_id)
    if reader is None or account is None or not reader.can_be_mailed or account.paperless:
        return None
    if not is_holder(session, account_id, consumer_id):
        return None
    issuer = session.get_one(Issuer, account.issuer_id)
    if not profile_of(issuer).policy.default_on and not asked_by_campaign(session, [account_id]):
        return None
    url = f"{sending.public_url}/objection/{objection_link(sending.keys, account_id, consumer_id)}"
    to = reader_of_account(session, reader, account_id)
    return reader.email, _words(to, account, issuer, sending.now, sending.calendar, url)


def _words(
    reader: MailReader, account: CustomerAccount, issuer: Issuer, now: datetime, calendar: Calendar, url: str
) -> EmailText:
    language, profile = known_language(reader.language), profile_of(issuer)
    label = account_label(account.term, language, profile.account_label)
    named = f"{issuer.name} ({label[:1].lower()}{label[1:]} {account.number})" if account.number else issuer.name
    values = {
        "issuer": one_line(issuer.name), "contract": one_line(named),
        "day": written_date(default_begins_on(issuer, now, calendar), language),
        "article": law_of(profile.trade).default_on.article,
    }  # fmt: skip
    return EmailText(
        subject=say("Vos factures {issuer} sans papier à partir du {day}", language, **values),
        before=(greeting(reader.name, language), say(DEFAULT_ON.text, language, **values)),
        label=say("Garder le papier", language),
        url=url,
        after=(say("Cela vous convient ? Il n’y a rien à faire.", language),),
        language=language,
        mark=issuer_mark(issuer),
    )


def note_default_mail(session: Session, particulars: dict[str, Any], now: datetime, refusal: str | None) -> bool:
    """Append to the account's notices that the notice has left, or (*refusal*, the server's words) came back. Returns
    False when that was known."""
    notice = NewNotice(
        account_id=particulars["account_id"], consumer_id=particulars["consumer_id"], key=particulars["key"], at=now,
        kind="default_sent" if refusal is None else "default_refused", channel="email", basis="default_on",
        wording=DEFAULT_ON.version, words=refusal or "",
    )  # fmt: skip
    show_wording(session, DEFAULT_ON, now)
    if refusal is None:
        default_notice_left(session, particulars["account_id"], now)
    return append_notice(session, notice)
