"""A folder that stands in for a provider of SMS, for demos and tests: a file for each SMS.

To show failures it refuses every number that ends in 0000.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from delivery.channels.delivery_error import DeliveryError
from delivery.channels.provider_receipt import ProviderReceipt
from delivery.channels.sms.gsm_alphabet import segments
from delivery.channels.sms.sms_provider import Sms

_REFUSED: Final = "0000"


class KeptSms(msgspec.Struct, frozen=True, kw_only=True):
    """An SMS of the folder, and when it was first sent."""

    to: str
    text: str
    reference: str
    at: datetime


class SmsFolder:
    """Keeps each SMS as a JSON file. One that comes again under the same reference is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, sms: Sms) -> ProviderReceipt:
        """Keep one SMS. Raises DeliveryError for a number that is refused."""
        if sms.to.endswith(_REFUSED):
            raise DeliveryError("refused", f"no such number: {sms.to}")
        name = hashlib.sha256(sms.reference.encode()).hexdigest()[:24]
        path = self._folder / f"{name}.json"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            kept = KeptSms(to=sms.to, text=sms.text, reference=sms.reference, at=datetime.now(UTC))
            descriptor, draft = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(kept))
            Path(draft).replace(path)
        return ProviderReceipt("200 OK", provider_id=name, segments=segments(sms.text))

    def hang_up(self) -> None:
        """Nothing is open."""


def list_sms(folder: Path, limit: int = 100) -> list[KeptSms]:
    """Return the latest SMS of the folder, newest first, at most *limit*."""
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns, reverse=True)[:limit]
    return [msgspec.json.decode(path.read_bytes(), type=KeptSms) for path in files]


def forget_sms(folder: Path, numbers: Collection[str]) -> None:
    """Delete the SMS to these numbers."""
    for path in folder.glob("*.json") if numbers else ():
        if msgspec.json.decode(path.read_bytes(), type=KeptSms).to in numbers:
            path.unlink(missing_ok=True)
