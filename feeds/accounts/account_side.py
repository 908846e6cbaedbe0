"""An account under a number, and a buyer as bills and customer records name one: what is compared of both."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from bill import Bill, MatchResult, PostalAddress, compare_addresses, compare_names, number_key, scheme_key
from store.accounts.customer_account import CustomerAccount, account_key

Number = tuple[str, str]  # term, normalised number


class Buyer(NamedTuple):
    """A bill's buyer as the bill says: account number, name, address. *address* is packed as accounts store it."""

    term: str
    scheme: str
    value: str
    number_key: str
    holder: str
    address: bytes
    postcode: str
    issued: date

    @property
    def number(self) -> Number:
        return self.term, self.number_key


class AccountSide(msgspec.Struct):
    """An account under a number, as compared with bills; *id* is 0 until its row is written."""

    id: int
    term: str
    number_key: str
    scheme: str
    value: str
    variant: str
    standing: str
    holder: str
    address: bytes
    as_of: date
    joined_id: int | None
    baseline_holder: str | None = None  # see `feeds.accounts.holder_baseline`
    baseline_address: bytes | None = None
    drifted_on: date | None = None


_COLUMNS: Final = tuple(getattr(CustomerAccount, name) for name in AccountSide.__struct_fields__)


def buyer_of(bill: Bill, term: str | None) -> Buyer:
    """The buyer of a bill; *term* is where the profile says the account number is."""
    key = account_key(bill, term)
    address = bill.buyer.address
    packed = msgspec.msgpack.encode(address)
    return Buyer(*key, number_key(key[2]), bill.buyer.name[:300], packed, address.postcode, bill.issue_date)


def sides_under(session: Session, issuer_id: int, numbers: Collection[Number]) -> dict[Number, list[AccountSide]]:
    """All accounts of an issuer under these numbers, by number; the number's own account first, then by age."""
    columns = tuple_(CustomerAccount.term, CustomerAccount.number_key)
    query = (
        select(*_COLUMNS)
        .where(CustomerAccount.issuer_id == issuer_id, columns.in_(list(numbers)))
        .order_by(CustomerAccount.id)
    )
    found: dict[Number, list[AccountSide]] = {}
    for row in session.execute(query):
        side = AccountSide(*row)
        found.setdefault((side.term, side.number_key), []).append(side)
    for sides in found.values():
        if len(sides) > 1:
            sides.sort(key=lambda side: (side.standing != "own", side.id))
    return found


def may_be_one(scheme: str, other: str) -> bool:
    """Whether two schemes are compatible: they differ only if both are given."""
    return not scheme or not other or scheme_key(scheme) == scheme_key(other)


def is_the_same(buyer: Buyer, side: AccountSide) -> bool:
    """Whether name and address are exactly the same and the schemes compatible, as in nearly all bills."""
    return buyer.holder == side.holder and buyer.address == side.address and may_be_one(buyer.scheme, side.scheme)


def likeness(buyer: Buyer, side: AccountSide) -> tuple[MatchResult, MatchResult]:
    """The match of the names, and of the addresses."""
    return compare_holders(buyer.holder, buyer.address, side.holder, side.address)


def compare_holders(name: str, address: bytes, other: str, other_address: bytes) -> tuple[MatchResult, MatchResult]:
    """The match of two names, and of their packed addresses. Beside another name an address without street or place
    does not count as the same."""
    names = compare_names(name, other)
    ours, theirs = unpack_address(address), unpack_address(other_address)
    if names is MatchResult.OTHER and not (names_a_place(ours) and names_a_place(theirs)):
        return names, MatchResult.OTHER
    return names, MatchResult.SAME if address == other_address else compare_addresses(ours, theirs)


def names_a_place(address: PostalAddress) -> bool:
    """Whether an address has a street or place line."""
    return bool(address.line1 or address.line2 or address.line3)


def unpack_address(packed: bytes) -> PostalAddress:
    """The postal address that an account stores packed."""
    return msgspec.msgpack.decode(packed, type=PostalAddress)


def row_of(side: AccountSide) -> dict[str, Any]:
    """The side as column values of its account."""
    return {name: getattr(side, name) for name in AccountSide.__struct_fields__ if name != "id"}
