"""Sends the push notifications that are due: each to all devices of its reader. It is sent when one of their push
services took it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.attempt_log import is_any_lost
from delivery.channels.bill_notice import BillNotice
from delivery.channels.delivery_error import DeliveryError, Failure
from delivery.channels.lease_notices import begin_notice, lease_notices, next_notices
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.provider_receipt import ProviderReceipt
from delivery.channels.push.notification import notification_of
from delivery.channels.push.push_addresses import push_addresses
from delivery.channels.push.push_client import PushAnswer, PushClient
from delivery.channels.push.push_device import DeviceRow, device_rows, open_device
from delivery.channels.push.push_request import push_message
from delivery.channels.send_due import send_due_by
from delivery.channels.sendable_notices import SendableNotice
from delivery.channels.started_message import StartedMessage
from store import Store
from store.accounts.push_subscription import message_taken, subscription_gone
from store.base import SqlMoment
from store.delivery import is_any_due

#: Ends the references of attempts, which no push service sees.
_HOST: Final = "push"


class PushContent(msgspec.Struct, frozen=True):
    """What a notification is about, and the devices that it goes to."""

    notice: BillNotice
    devices: Sequence[DeviceRow]


class PushRoute(msgspec.Struct, frozen=True):
    """How push notifications leave: the client, and whether push services take them."""

    client: PushClient
    health: ProviderHealth


def awaits_pushes(now: SqlMoment) -> ColumnElement[bool]:
    """Return the SQL condition that `send_due_pushes` has something to do."""
    return or_(is_any_due(now, "ready", "push"), is_any_lost("push"))


def send_due_pushes(
    store: Store, route: PushRoute, public_url: str, now: datetime, calendar: Calendar | None = None
) -> int:  # fmt: skip
    """Send due push notifications. Returns how many deliveries were handled: call again until it returns 0."""
    channel = PushChannel(store, route.client, public_url, now, (calendar or Calendar()).day_of(now))
    return send_due_by(store, channel, route.health, now)


class PushChannel(msgspec.Struct, frozen=True):
    """Push notifications, by the push services of people's browsers."""

    store: Store
    client: PushClient
    public_url: str
    now: datetime
    today: date
    name: str = "push"

    def lease_next(self, session: Session, after: int) -> tuple[int, list[SendableNotice]]:
        """See `Channel`."""
        rows = next_notices(session, self.name, self.now, after)
        good = lease_notices(session, rows, push_addresses, self.public_url, self.now, self.today)
        return len(rows), list(good.values())

    def begin(self, session: Session, due: SendableNotice) -> tuple[int, StartedMessage[PushContent] | None]:
        """See `Channel`."""
        devices = device_rows(session, int(due.to))
        started = begin_notice(session, due, _HOST, self.now)
        if started is None:
            return 0, None
        return 0, StartedMessage(started.attempts, started.to, PushContent(started.content, devices))

    def send(self, message: StartedMessage[PushContent]) -> ProviderReceipt:
        """Send one notification to all its devices, and record which of them have it or are gone. Raises DeliveryError
        if no push service took it: refused for good if every subscription has ended."""
        notice = message.content.notice
        devices = [open_device(self.store.encryptor, row) for row in message.content.devices]
        shown = notification_of(notice)
        answers = self.client.send(devices, push_message(shown.payload, shown.page, notice.due.due, self.today))
        self._record(answers)
        words = ", ".join(each.words for each in answers)
        if any(each.result == "taken" for each in answers):
            return ProviderReceipt(words)
        raise DeliveryError(_failure(answers), words)

    def hang_up(self) -> None:
        """There is no connection that is kept."""

    def _record(self, answers: Sequence[PushAnswer]) -> None:
        with self.store.writing() as session:
            for each in sorted(answers, key=lambda answer: answer.device.id):
                if each.result == "taken":
                    message_taken(session, each.device.id, self.now)
                elif each.result == "gone":
                    subscription_gone(session, each.device.id, each.device.public_key, self.now)


def _failure(answers: Sequence[PushAnswer]) -> Failure:
    """How a message failed that no device has."""
    left = {each.result for each in answers} - {"gone"}
    if not left:
        return "refused"
    return "busy" if left == {"busy"} else "later"
