"""What is planned for a bill: whom it goes to, by which channel, when, and why in words."""

from datetime import datetime
from typing import Literal

import msgspec


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A consumer who holds the account; *can_be_mailed*: the address is confirmed, and no mail bounced there."""

    person_id: int
    can_be_mailed: bool = True


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that is to be owed: not before *due_at*, and then (`waiting`) only if nothing has cancelled it."""

    person_id: int
    channel: Literal["portal", "email", "paper"]
    purpose: str
    state: Literal["ready", "waiting"]
    due_at: datetime
    reason: str


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """All that is owed for a bill, and the channel by which it reaches its person."""

    channel: Literal["portal", "paper"]
    deliveries: tuple[Planned, ...]
