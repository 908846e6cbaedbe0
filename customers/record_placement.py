"""Find the account that a customer record is about, by the rule that bills follow: another name *and* another address
under a held number are another person's, and get an account of their own and a question for the issuer."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET

from bill import PostalAddress, number_key
from bill.customer.customer_record import CustomerRecord, StatedAddress, joined_names
from feeds.accounts.account_matching import is_held, side_of
from feeds.accounts.account_side import AccountSide, Buyer, may_be_one

#: The term of a new account's number where neither the record nor the profile says it.
USUAL_TERM: Final = "BT-46"
#: The date of an account whose address nobody has said yet: the first bill, however old, says it.
NEVER: Final = date(1900, 1, 1)
_NOWHERE: Final = msgspec.msgpack.encode(PostalAddress())


class RecordPlace(NamedTuple):
    """The account that a record is about: an existing *side*, or one to be opened; *held* is the account that has the
    number, where it is asked whose the number is. Neither side nor account: the record waits for that answer."""

    side: AccountSide | None
    is_new: bool = False
    held: AccountSide | None = None


def place_record(
    record: CustomerRecord, sides: Sequence[AccountSide], day: date, usual_term: str | None
) -> RecordPlace:
    """Find the account of a record among those under its number (*sides*, the number's own first). *day* is that of
    the record's clock."""
    named = [side for side in sides if not record.term or side.term == record.term]
    term = record.term or (named[0].term if named else usual_term or USUAL_TERM)
    named = [side for side in named if side.term == term]
    buyer = buyer_of_record(record, term, day)
    if not named:
        return RecordPlace(_opened(buyer, named, "own"), is_new=True)
    if not buyer.holder and buyer.address == _NOWHERE:
        return _unnamed(buyer, named)
    side = side_of(buyer, named)
    if side is not None:
        return RecordPlace(side)
    if not is_held(buyer, named):
        return RecordPlace(_opened(buyer, named, "own"), is_new=True)
    held = next(side for side in named if side.standing == "own" and may_be_one(buyer.scheme, side.scheme))
    buyer = buyer._replace(holder=buyer.holder or held.holder)  # a move alone that adds up to somebody else
    return RecordPlace(_opened(buyer, named, "provisional"), is_new=True, held=held)


def buyer_of_record(record: CustomerRecord, term: str, day: date) -> Buyer:
    """The record's customer as bills name one; what is not said is empty."""
    stated = record.postal_address if isinstance(record.postal_address, StatedAddress) else None
    if stated is None and isinstance(record.delivery_address, StatedAddress):
        stated = record.delivery_address
    address = stated.address if stated else PostalAddress()
    names = "" if record.names is UNSET or record.names is None else joined_names(record.names)
    packed = msgspec.msgpack.encode(address)
    return Buyer(
        term, record.scheme, record.number, number_key(record.number), names[:300], packed, address.postcode, day
    )  # fmt: skip


def _unnamed(buyer: Buyer, sides: Sequence[AccountSide]) -> RecordPlace:
    """A record that names nobody is about the number's own account, unless it is asked whose the number is."""
    compatible = [side for side in sides if may_be_one(buyer.scheme, side.scheme)]
    own = next((side for side in compatible if side.standing == "own"), None)
    return RecordPlace(None if any(side.standing == "provisional" for side in compatible) else own)


def _opened(buyer: Buyer, sides: Sequence[AccountSide], standing: str) -> AccountSide:
    return AccountSide(
        id=0, term=buyer.term, number_key=buyer.number_key, scheme=buyer.scheme, value=buyer.value,
        variant=f"beside {len(sides)}" if sides else "", standing=standing, holder=buyer.holder,
        address=buyer.address, as_of=NEVER if buyer.address == _NOWHERE else buyer.issued, joined_id=None,
    )  # fmt: skip
