"""What a named person decided after an issuer said that a customer has died: packed in the account's row, in force
until the issuer says something newer of the death."""

from typing import Final, Literal

import msgspec

from bill import PostalAddress
from bill.frozen_struct import FrozenStruct

#: `estate`: bills go on paper to whoever settles the estate. `held`: they stay held, and this person answers for it.
#: `alive`: the statement was wrong.
BereavementVerdict = Literal["estate", "held", "alive"]


class BereavementDecision(FrozenStruct, frozen=True):
    """One decision: by whom, why, and for `estate` the *address*, whose first line names who settles the estate."""

    verdict: BereavementVerdict
    by: str
    reason: str
    address: PostalAddress | None = None


def pack_bereavement(decision: BereavementDecision) -> bytes:
    """The decision as bytes."""
    return _encoder.encode(decision)


def unpack_bereavement(content: bytes) -> BereavementDecision:
    """The decision that `pack_bereavement` packed."""
    return _decoder.decode(content)


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(BereavementDecision)
