"""Count new, questioned and shared account numbers while a feed is read, before anything is claimed."""

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from bill import Bill
from feeds.accounts.account_matching import is_held, is_somebody_else, side_of
from feeds.accounts.account_side import AccountSide, Buyer, buyer_of, may_be_one, sides_under

#: The most account numbers named in a hold reason.
MOST_NAMED: Final = 5


class AccountSurvey:
    """Surveys a feed's bills, some at a time. Memory: 100 to 200 bytes for each number without an account."""

    def __init__(self, issuer_id: int, term: str | None) -> None:
        self._issuer_id = issuer_id
        self._term = term
        self._first: dict[int, bytes] = {}  # the first buyer under a number, by the number's digest
        self._others: dict[int, list[bytes]] = {}  # later buyers under it who are other people
        self._asking: set[int] = set()
        self._shared: dict[int, str] = {}
        self.strangers = 0  # bills of accounts that the store has not seen
        self.known = 0  # bills under numbers that it has

    @property
    def asking(self) -> int:
        """The number of held account numbers under which another person's bill came."""
        return len(self._asking)

    @property
    def shared(self) -> int:
        """The number of account numbers that several people share, none of whom has an account."""
        return len(self._shared)

    @property
    def shared_numbers(self) -> list[str]:
        """The first of the shared numbers, as written."""
        return list(self._shared.values())[:MOST_NAMED]

    def look(self, session: Session, bills: Mapping[int, Bill]) -> Collection[int]:
        """Survey more bills, by item; returns the items that would raise a question."""
        buyers = {seq: buyer_of(bill, self._term) for seq, bill in bills.items()}
        there = sides_under(session, self._issuer_id, {buyer.number for buyer in buyers.values()})
        return [seq for seq, buyer in buyers.items() if self._takes(buyer, there.get(buyer.number, []))]

    def _takes(self, buyer: Buyer, sides: list[AccountSide]) -> bool:
        number, side = _digest(buyer), side_of(buyer, sides)
        is_known = side is not None or is_held(buyer, sides)
        self.known += is_known
        self.strangers += not is_known
        if side is not None:
            return side.standing == "provisional"
        if not self._is_first(number, buyer):
            self._shared.setdefault(number, buyer.value)
        if is_known:
            self._asking.add(number)
            return True
        return number in self._shared

    def _is_first(self, number: int, buyer: Buyer) -> bool:
        """Whether nobody else has come under this number."""
        packed = _pack(buyer)
        first = self._first.setdefault(number, packed)
        if first == packed:
            return number not in self._others
        met = [first, *self._others.get(number, [])]
        if packed not in met and all(_are_others(buyer, each) for each in met):
            self._others.setdefault(number, []).append(packed)
        return number not in self._others


def _digest(buyer: Buyer) -> int:
    return int.from_bytes(blake2b(f"{buyer.term}\n{buyer.number_key}".encode(), digest_size=8).digest())


def _pack(buyer: Buyer) -> bytes:
    return msgspec.msgpack.encode((buyer.scheme, buyer.holder, buyer.address))


def _are_others(buyer: Buyer, packed: bytes) -> bool:
    """Whether two buyers under one number are different people; different schemes make two numbers, which are not
    shared."""
    scheme, holder, address = msgspec.msgpack.decode(packed, type=tuple[str, str, bytes])
    side = AccountSide(
        id=0, term=buyer.term, number_key=buyer.number_key, scheme=scheme, value=buyer.value, variant="",
        standing="own", holder=holder, address=address, as_of=buyer.issued, joined_id=None,
    )  # fmt: skip
    return may_be_one(buyer.scheme, scheme) and is_somebody_else(buyer, side)
