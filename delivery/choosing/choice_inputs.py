"""What a channel was chosen by, packed and kept beside the choice: another policy can be tried on it later."""

from datetime import datetime
from typing import Final

import msgspec

from bill.frozen_struct import FrozenStruct
from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.planned_delivery import Holder
from delivery.choosing.print_deadline import BillFacts
from issuers.profile import Policy

#: The version of what is packed. A field that is added last with a default keeps it; any other change takes the next.
VERSION: Final = 1


class ChoiceInputs(FrozenStruct, frozen=True):
    """All that `delivery.choosing.choose_channel.choose` decides by. *paperless*: the account's last consent.
    *is_provisional*: a question is open about who owns the account's number. *has_paper_right* and *holder_died*: what
    the issuer says of the customer. *now* is aware."""

    bill: BillFacts
    holders: tuple[Holder, ...]
    policy: Policy
    calendar: Calendar
    now: datetime
    paperless: bool = False
    is_provisional: bool = False
    has_paper_right: bool = False
    holder_died: bool = False


class UnknownVersion(ValueError):  # noqa: N818
    """These inputs were packed by a version of the program that this one does not know."""


def pack_inputs(inputs: ChoiceInputs) -> bytes:
    """The inputs as bytes; the same inputs give the same bytes."""
    return _encoder.encode(inputs)


def unpack_inputs(content: bytes, version: int) -> ChoiceInputs:
    """The inputs that `pack_inputs` packed. Raises UnknownVersion."""
    if version != VERSION:
        raise UnknownVersion(f"inputs of version {version}; this program knows version {VERSION}")
    return _decoder.decode(content)


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(ChoiceInputs)
