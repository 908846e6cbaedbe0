"""What a provider answers when it has taken a message."""

from decimal import Decimal

import msgspec


class ProviderReceipt(msgspec.Struct, frozen=True):
    """The provider has taken a message: its answer in its own words, and its own id of the message. *segments* and
    *cost* (in EUR) where they are counted, as for SMS."""

    words: str
    provider_id: str = ""
    segments: int = 0
    cost: Decimal | None = None
