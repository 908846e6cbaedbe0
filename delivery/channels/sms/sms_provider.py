"""What a provider of SMS is to those who send by it, and which one is configured."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from delivery.channels.provider_receipt import ProviderReceipt


class Sms(msgspec.Struct, frozen=True, kw_only=True):
    """One SMS. *to* is in E.164. *reference* is our name of it, the same at each attempt: a provider sends what comes
    again under it once."""

    to: str
    text: str
    reference: str


class SmsProvider(Protocol):
    """Takes SMS, one at a time."""

    def send(self, sms: Sms) -> ProviderReceipt:
        """Hand one SMS over; raises DeliveryError."""

    def hang_up(self) -> None:
        """Close the connection, if one is open."""


class SmsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The configured provider: its URL with our key in it, from whom SMS come, and where it tells what became of
    them."""

    url: str
    sender: str
    callback: str

    @property
    def body(self) -> Mapping[str, str]:
        """What is the same in every request."""
        return {"sender": self.sender, "callback": self.callback}


def open_sms_provider(settings: SmsSettings, folder: Path | None) -> SmsProvider | None:
    """Return the configured provider; without a URL the folder that stands in for one, where *folder* is given, else
    None: no SMS are sent."""
    from delivery.channels.sms.http_sms_provider import HttpSmsProvider
    from delivery.channels.sms.sms_folder import SmsFolder

    if settings.url:
        return HttpSmsProvider(settings)
    return SmsFolder(folder) if folder is not None else None
