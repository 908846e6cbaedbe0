"""Find the account of a bill among those under its number, by comparing names and addresses."""

from collections.abc import Collection, Iterable, Sequence
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


def side_of(buyer: Buyer, sides: Sequence[AccountSide]) -> AccountSide | None:
    """The account that a bill belongs to; None if there is none, or all under its number are other people's. Of several
    the best match: by name before address, then with the same spelling of the number, then the number's own."""
    if len(sides) == 1 and is_the_same(buyer, sides[0]):
        return sides[0]
    alike = [
        (_rank(buyer, side), account)
        for side in sides
        if may_be_one(buyer.scheme, side.scheme) and may_be_one(buyer.scheme, (account := _joined(side, sides)).scheme)
    ]
    best = max((rank for rank, _ in alike if rank[0] > 0), default=None)
    return next((account for rank, account in alike if rank == best), None)


def is_held(buyer: Buyer, sides: Iterable[AccountSide]) -> bool:
    """Whether the number has an account of its own (standing `own`) whose scheme is compatible with the bill's."""
    return any(side.standing == "own" and may_be_one(buyer.scheme, side.scheme) for side in sides)


def may_be_one(scheme: str, other: str) -> bool:
    """Whether two schemes are compatible: they differ only if both are given."""
    return not scheme or not other or scheme_key(scheme) == scheme_key(other)


def is_the_same(buyer: Buyer, side: AccountSide) -> bool:
    """Whether name and address are exactly the same and the schemes compatible, as in nearly all bills."""
    return buyer.holder == side.holder and buyer.address == side.address and may_be_one(buyer.scheme, side.scheme)


def likeness(buyer: Buyer, side: AccountSide) -> tuple[MatchResult, MatchResult]:
    """The match of the names, and of the addresses. An address without street or place does not count as the same."""
    names = compare_names(buyer.holder, side.holder)
    ours, theirs = unpack_address(buyer.address), unpack_address(side.address)
    if names is MatchResult.OTHER and not (names_a_place(ours) and names_a_place(theirs)):
        return names, MatchResult.OTHER
    return names, MatchResult.SAME if buyer.address == side.address else compare_addresses(ours, theirs)


def is_somebody_else(buyer: Buyer, side: AccountSide) -> bool:
    """Whether both name and address are of another person."""
    return not any(likeness(buyer, side))


def names_a_place(address: PostalAddress) -> bool:
    """Whether an address has a street or place line."""
    return bool(address.line1 or address.line2 or address.line3)


def unpack_address(packed: bytes) -> PostalAddress:
    """The postal address that an account stores packed."""
    return msgspec.msgpack.decode(packed, type=PostalAddress)


def _rank(buyer: Buyer, side: AccountSide) -> tuple[int, bool]:
    names, addresses = likeness(buyer, side)
    return 2 * names + addresses, (buyer.scheme, buyer.value) == (side.scheme, side.value)


def _joined(side: AccountSide, sides: Iterable[AccountSide]) -> AccountSide:
    """The account that has this account's bills now, if it was joined to another."""
    by_id = {each.id: each for each in sides}
    while side.joined_id is not None:
        side = by_id[side.joined_id]
    return side


def row_of(side: AccountSide) -> dict[str, Any]:
    """The side as column values of its account."""
    return {name: getattr(side, name) for name in AccountSide.__struct_fields__ if name != "id"}
