"""What a channel was chosen by, packed and kept beside the choice: another policy can be tried on it later."""

from datetime import datetime
from typing import Final

import msgspec

from bill import Reason
from bill.frozen_struct import FrozenStruct
from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.planned_delivery import Holder
from delivery.choosing.print_deadline import DAYS_BEFORE_DEBIT, BillFacts
from delivery.choosing.risk_score import ReadingHistory
from issuers.profile import Policy
from store.accounts.bereavement_decision import BereavementDecision

#: The version of what is packed. A field that is added last with a default keeps it, unless bills would be chosen
#: otherwise without it; any other change takes the next. 1: without risk, relationship and the law's days, and each
#: reminder went by e-mail.
VERSION: Final = 2
_READABLE: Final = frozenset({1, VERSION})


class ChoiceInputs(FrozenStruct, frozen=True):
    """All that `delivery.choosing.choose_channel.choose` decides by. *paperless*: the account's last consent.
    *is_provisional*: a question is open about who owns the account's number. *has_paper_right* and *holder_died*: what
    the issuer says of the customer. *now* is aware. *relationship*: the account's state towards its issuer, ""
    where none is known. *history*: what became of its earlier bills. *debit_days*: days of pre-notification of a direct
    debit, by law or as the mandate agreed. *bereavement*: what a person decided after a death, without the address.
    *disputed_at*: since when a customer disputes the amount, and waits for the issuer."""

    bill: BillFacts
    holders: tuple[Holder, ...]
    policy: Policy
    calendar: Calendar
    now: datetime
    paperless: bool = False
    is_provisional: bool = False
    has_paper_right: bool = False
    holder_died: bool = False
    relationship: str = ""
    history: ReadingHistory = ReadingHistory()
    debit_days: int = DAYS_BEFORE_DEBIT
    has_withdrawn: bool = False  # a holder went back to paper
    bereavement: BereavementDecision | None = None
    address_suppressed: Reason | None = None  # mail came back from there, and no other address is known
    disputed_at: datetime | None = None


class UnknownVersion(ValueError):  # noqa: N818
    """These inputs were packed by a version of the program that this one does not know."""


def pack_inputs(inputs: ChoiceInputs) -> bytes:
    """The inputs as bytes; the same inputs give the same bytes."""
    return _encoder.encode(inputs)


def unpack_inputs(content: bytes, version: int) -> ChoiceInputs:
    """The inputs that `pack_inputs` packed, by this version of the program or an earlier one. Raises UnknownVersion."""
    if version not in _READABLE:
        raise UnknownVersion(f"inputs of version {version}; this program knows version {VERSION} and earlier ones")
    return _decoder.decode(content)


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(ChoiceInputs)
