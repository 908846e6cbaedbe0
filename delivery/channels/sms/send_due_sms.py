"""Sends the SMS that are due: notices and reminders to those who chose SMS."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from bill import Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.attempt_log import is_any_lost
from delivery.channels.bill_notice import BillNotice
from delivery.channels.lease_notices import begin_notice, lease_notices, next_notices
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.provider_receipt import ProviderReceipt
from delivery.channels.send_due import send_due_by
from delivery.channels.sendable_notices import SendableNotice
from delivery.channels.sms.gsm_alphabet import segments
from delivery.channels.sms.sms_provider import Sms, SmsProvider
from delivery.channels.sms.sms_reference import sms_reference
from delivery.channels.sms.sms_text import sms_text
from delivery.channels.started_message import StartedMessage
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.phone import Phone, phones_of
from store.base import SqlMoment
from store.delivery import is_any_due
from store.vault.key_ring import KeyRing


class SmsRoute(msgspec.Struct, frozen=True):
    """How SMS leave: the provider (None: none are sent), what it asks for a segment in EUR (0: unknown), and whether it
    answers."""

    provider: SmsProvider | None
    price: Decimal
    health: ProviderHealth


def awaits_sms(now: SqlMoment) -> ColumnElement[bool]:
    """Return the SQL condition that `send_due_sms` has something to do."""
    return or_(is_any_due(now, "ready", "sms"), is_any_lost("sms"))


def send_due_sms(
    store: Store, route: SmsRoute, public_url: str, now: datetime, calendar: Calendar | None = None
) -> int:  # fmt: skip
    """Send due SMS. Returns how many deliveries were handled: call again until it returns 0. Where no SMS are sent, all
    fail, and their readers hear by another channel."""
    channel = SmsChannel(route, store.keys, public_url, now, (calendar or Calendar()).day_of(now))
    return send_due_by(store, channel, route.health, now)


class SmsChannel(msgspec.Struct, frozen=True):
    """SMS, by a provider: one for each notice."""

    route: SmsRoute
    keys: KeyRing
    public_url: str
    now: datetime
    today: date
    name: str = "sms"

    def lease_next(self, session: Session, after: int) -> tuple[int, list[SendableNotice]]:
        """See `Channel`."""
        rows = next_notices(session, self.name, self.now, after)
        good = lease_notices(session, rows, self._addresses, self.public_url, self.now, self.today, self.keys)
        return len(rows), list(good.values())

    def begin(self, session: Session, due: SendableNotice) -> tuple[int, StartedMessage[BillNotice] | None]:
        """See `Channel`."""
        return 0, begin_notice(session, due, "", self.now, sms_reference(self.keys, due.delivery_id))

    def send(self, message: StartedMessage[BillNotice]) -> ProviderReceipt:
        """Send one SMS, and count its segments and its cost where the provider does not."""
        assert self.route.provider is not None
        text = sms_text(message.content)
        receipt = self.route.provider.send(Sms(to=message.to, text=text, reference=message.reference))
        return counted(receipt, text, self.route.price)

    def hang_up(self) -> None:
        """Close the connection, if one is open."""
        if self.route.provider is not None:
            self.route.provider.hang_up()

    def _addresses(self, session: Session, consumers: Collection[Consumer]) -> dict[int, str | Reason]:
        """Return each consumer's number, or why no SMS may go there."""
        if self.route.provider is None:
            return {each.id: Reason("sms_not_offered") for each in consumers}
        phones = phones_of(session, {each.id for each in consumers})
        return {each.id: _number(phones.get(each.id)) for each in consumers}


def counted(receipt: ProviderReceipt, text: str, price: Decimal) -> ProviderReceipt:
    """Return the receipt with the segments of this text and their cost at this price, where it has none."""
    number = receipt.segments or segments(text)
    cost = price * number if receipt.cost is None and price else receipt.cost
    return replace(receipt, segments=number, cost=cost)


def _number(phone: Phone | None) -> str | Reason:
    if phone is None or phone.confirmed_at is None:
        return Reason("phone_unconfirmed")
    return phone.number if phone.can_be_texted else Reason.of("phone_suspended", answer=phone.failure)
