"""Sends the e-mails that are due: notices and reminders. Bills that are ready are presented in the portal before.

A notice that goes in its reader's digest is sent with the others of that person (`begin_digest`), in one SMTP
transaction.
"""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.attempt_log import is_any_lost
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.begin_digest import begin_digest, is_in_digest
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.mail_addresses import mail_addresses
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.mails.bills.digest_mail import DigestMail, digest_words
from delivery.channels.email.smtp.smtp_client import MailTransport
from delivery.channels.lease_notices import begin_notice, lease_notices, next_notices
from delivery.channels.portal.present_bills import present_bills
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.provider_receipt import ProviderReceipt
from delivery.channels.send_due import send_due_by
from delivery.channels.sendable_notices import SendableNotice
from delivery.channels.started_message import StartedMessage
from store import Store
from store.base import SqlMoment
from store.delivery import CHANNELS, is_any_due
from store.vault.key_ring import KeyRing


class DueDigest(msgspec.Struct, frozen=True):
    """A person whose digest is due, and the issuer whose turn it is sent in. Nothing of it is leased yet."""

    person_id: int
    issuer_id: int
    leased: tuple[int, ...] = ()


DueMail = SendableNotice | DueDigest
Mail = BillNotice | DigestMail


def awaits_sending(now: SqlMoment) -> ColumnElement[bool]:
    """Return the SQL condition that `promote_due` or `send_due` has something to do."""
    waits = is_any_due(now, "waiting", *CHANNELS)
    return or_(waits, is_any_due(now, "ready", "portal", "email"), is_any_lost("email"))


def send_due(
    store: Store, transport: MailTransport, public_url: str, now: datetime, calendar: Calendar | None = None,
    relay: ProviderHealth | None = None,
) -> int:  # fmt: skip
    """Present ready bills in the portal and send due e-mails. Returns how many deliveries were handled.

    One call lasts some seconds: call again until it returns 0. *public_url* begins the links.
    """
    with store.writing() as session:
        presented = present_bills(session, now)
    channel = EmailChannel(transport, public_url, store.keys, now, calendar or Calendar())
    return presented + send_due_by(store, channel, relay or ProviderHealth(), now)


class EmailChannel(msgspec.Struct, frozen=True):
    """E-mail, by a transport: a mail for each notice, or a digest of them."""

    transport: MailTransport
    public_url: str
    keys: KeyRing
    now: datetime
    calendar: Calendar
    name: str = "email"

    def lease_next(self, session: Session, after: int) -> tuple[int, list[DueMail]]:
        """See `Channel`."""
        rows = next_notices(session, self.name, self.now, after)
        alone = [row for row in rows if not is_in_digest(row[0])]
        today = self.calendar.day_of(self.now)
        good = lease_notices(session, alone, mail_addresses, self.public_url, self.now, today, self.keys, self.calendar)
        group: list[DueMail] = []
        readers: set[int] = set()
        for delivery, bill, consumer, *_ in rows:
            if delivery.id in good:
                group.append(good[delivery.id])
            elif is_in_digest(delivery) and consumer.id not in readers:
                readers.add(consumer.id)
                group.append(DueDigest(consumer.id, bill.issuer_id))
        return len(alone), group

    def begin(self, session: Session, due: DueMail) -> tuple[int, StartedMessage[Mail] | None]:
        """See `Channel`."""
        if isinstance(due, DueDigest):
            host, url = self.transport.host, self.public_url
            return begin_digest(session, due.person_id, host, url, self.keys, self.now, self.calendar)
        return 0, begin_notice(session, due, self.transport.host, self.now)

    def send(self, message: StartedMessage[Mail]) -> ProviderReceipt:
        """Send one e-mail, in one SMTP transaction."""
        content = message.content
        words = digest_words(content) if isinstance(content, DigestMail) else notice_words(content)
        mail = write_mail(words, self.transport.sender, message.to, message.reference, self.now)
        return ProviderReceipt(self.transport.send(mail, message.to))

    def hang_up(self) -> None:
        """Close the connection, if one is open."""
        self.transport.hang_up()
