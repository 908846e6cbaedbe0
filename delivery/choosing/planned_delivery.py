"""The result of choosing a channel: the deliveries planned for one bill."""

from datetime import datetime
from typing import Literal

import msgspec

from bill import Reason
from bill.frozen_struct import FrozenStruct
from delivery.choosing.risk_score import Risk
from delivery.notices.notice_preference import NoticeChannel, NoticePreference

#: Channels that bring a message to a person, who then looks at the bill elsewhere.
MessageChannel = NoticeChannel


class Holder(FrozenStruct, frozen=True):
    """A consumer who holds the account. *can_be_mailed*: the e-mail address is confirmed and nothing bounced there.
    *others*: further channels by which messages reach this person, in the order to try them. *preference*: how this
    person wants to hear of the account's bills."""

    person_id: int
    can_be_mailed: bool = True
    others: tuple[MessageChannel, ...] = ()
    preference: NoticePreference = NoticePreference()

    @property
    def channels(self) -> tuple[MessageChannel, ...]:
        """The channels by which messages reach this person, the one for notices first; empty if none does."""
        is_mailed = self.can_be_mailed and self.preference.is_by_email
        return ("email", *self.others) if is_mailed else self.others


class PlannedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery to create: channel, purpose, state, earliest moment and reason. A `waiting` one becomes ready at
    *due_at* unless it is cancelled before; a `failed` letter is held for a named person from the beginning, or by the
    one named in *decided_by*."""

    person_id: int | None  # a consumer, or None: the addressee
    channel: Literal["portal", "paper"] | MessageChannel
    purpose: str
    state: Literal["ready", "waiting", "failed"]
    due_at: datetime
    reason: Reason
    decided_by: str = ""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The channel of a bill, all deliveries planned for it, and what the account's risk was found to be (None: nobody
    asked, since the bill goes on paper anyway). *reminders_wait_until*: no reminder goes before the issuer has answered
    to a dispute, or that moment has come; None where the amount is not disputed, or they go on."""

    channel: Literal["portal", "paper"]
    deliveries: tuple[PlannedDelivery, ...]
    risk: Risk | None = None
    reminders_wait_until: datetime | None = None

    @property
    def next_look(self) -> datetime | None:
        """The next moment at which something is to be done unless the bill is seen before; None when nothing waits."""
        return min((each.due_at for each in self.deliveries if each.state == "waiting"), default=None)
