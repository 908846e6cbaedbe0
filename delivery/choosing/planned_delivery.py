"""The result of choosing a channel: the deliveries planned for one bill."""

from datetime import datetime
from typing import Literal

import msgspec

from bill import Reason
from bill.frozen_struct import FrozenStruct


class Holder(FrozenStruct, frozen=True):
    """A consumer who holds the account. *can_be_mailed*: the e-mail address is confirmed and nothing bounced there."""

    person_id: int
    can_be_mailed: bool = True


class PlannedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery to create: channel, purpose, state, earliest moment and reason. A `waiting` one becomes ready at
    *due_at* unless it is cancelled before; a `failed` letter is held for a named person from the beginning."""

    person_id: int | None  # a consumer, or None: the addressee
    channel: Literal["portal", "email", "paper"]
    purpose: str
    state: Literal["ready", "waiting", "failed"]
    due_at: datetime
    reason: Reason


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The channel of a bill, and all deliveries planned for it."""

    channel: Literal["portal", "paper"]
    deliveries: tuple[PlannedDelivery, ...]
