"""What a provider answers when it has taken a message."""

import msgspec


class ProviderReceipt(msgspec.Struct, frozen=True):
    """The provider has taken a message: its answer in its own words."""

    words: str
