"""Assign each bill of a feed to a customer account: find it by its number, or open a new one.

Another name *and* another address under a known number is another person's bill: it gets a provisional account, and a
question waits for the issuer (`store.accounts.account_question`). A change of name only, or of address only, updates
the account and adds a finding.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Bill, Finding, MatchResult, person_key
from feeds.accounts.account_findings import asks, came_back_from, holder_changed, moved, written_otherwise
from feeds.accounts.account_matching import is_held, side_of
from feeds.accounts.account_side import (
    AccountSide,
    Buyer,
    Number,
    buyer_of,
    is_the_same,
    likeness,
    may_be_one,
    names_a_place,
    row_of,
    sides_under,
    unpack_address,
)
from feeds.accounts.holder_baseline import note_drift, whose_it_was
from store.accounts.account_notice import NewNotice, append_notices
from store.accounts.account_question import ask_about
from store.accounts.address_suppression import AddressSuppression, suppression_among, suppressions_of
from store.accounts.customer_account import CustomerAccount, KeyMaker
from store.db.bulk_insert import insert_rows
from store.db.row_locks import lock_rows
from store.outbox.account_events import record_moves

#: The columns of an account that follow the latest bill.
_FOLLOWED: Final = (
    "scheme", "value", "holder", "address", "as_of", "baseline_holder", "baseline_address", "drifted_on",
)  # fmt: skip


class AssignedAccounts(NamedTuple):
    """The accounts of some bills: *ids* by item, *fresh* are the new ones by the item that opened each, and findings by
    item."""

    ids: dict[int, int]
    fresh: dict[int, AccountSide]  # by the item that opened each
    findings: list[tuple[int, Finding]]


def open_accounts(
    session: Session, issuer_id: int, feed_id: int, bills: Mapping[int, Bill], term: str | None, new_key: KeyMaker,
    at: datetime,
) -> AssignedAccounts:  # fmt: skip
    """Find or create the accounts of these bills (by item); holder and address follow the latest bill. The caller holds
    the issuer's lock (`store.issuer.lock_issuer`)."""
    buyers = {seq: buyer_of(bill, term) for seq, bill in bills.items()}
    there = sides_under(session, issuer_id, {buyer.number for buyer in buyers.values()})
    known = [side.id for sides in there.values() for side in sides]
    placement = _Placement(there, suppressions_of(session, known))
    for seq in sorted(buyers, key=lambda seq: (buyers[seq].issued, seq)):
        placement.take(seq, buyers[seq])
    _write_followed(session, placement)
    append_notices(session, [
        NewNotice(
            account_id=account_id, kind="address_known", at=at, by=f"feed {feed_id}", channel="file", basis="statement"
        )
        for account_id in sorted(placement.moved)
    ])  # fmt: skip
    moves = ((side.id, _told_number(side), unpack_address(side.address)) for side in placement.moved.values())
    record_moves(session, issuer_id, moves, at)
    write_new_accounts(session, issuer_id, list(placement.fresh.values()), new_key)
    ask_about(
        session, (question_row(issuer_id, feed_id, seq, *sides, at) for seq, sides in placement.questions.items())
    )
    return AssignedAccounts(
        {seq: side.id for seq, side in placement.placed.items()}, placement.fresh, placement.findings
    )


class _Placement:
    """Assigns bills to accounts one by one, the earliest first, and collects the changes to write at the end.
    *suppressed*: the addresses from which mail came back, by account id."""

    def __init__(
        self, there: dict[Number, list[AccountSide]], suppressed: Mapping[int, Sequence[AddressSuppression]]
    ) -> None:  # fmt: skip
        self._there, self._suppressed = there, suppressed
        self.placed: dict[int, AccountSide] = {}
        self.fresh: dict[int, AccountSide] = {}
        self.renewed: dict[int, AccountSide] = {}  # accounts in which only the date changes, by identity of the side
        self.changed: dict[int, AccountSide] = {}  # accounts with other changes
        self.readdressed: set[int] = set()  # ids of accounts with another address than before
        self.moved: dict[int, AccountSide] = {}  # of these, by id, whose address is another place, not another spelling
        self.questions: dict[int, tuple[AccountSide, AccountSide]] = {}  # (held account, other account)
        self.findings: list[tuple[int, Finding]] = []

    def take(self, seq: int, buyer: Buyer) -> None:
        """Find the bill's account, or open one."""
        sides = self._there.setdefault(buyer.number, [])
        side = side_of(buyer, sides)
        if side is None:
            side = self.fresh[seq] = self._open(seq, buyer, sides)
            sides.append(side)
        else:
            self._follow(seq, side, buyer)
        self.placed[seq] = side
        if side.standing == "provisional":
            self.findings.append((seq, asks(buyer, _held(buyer, sides))))

    def _open(self, seq: int, buyer: Buyer, sides: Sequence[AccountSide]) -> AccountSide:
        """Open the number's own account, or a provisional one beside it. Accounts are never deleted, so the number of
        accounts under a number is a variant that none of them has."""
        held = _held(buyer, sides) if is_held(buyer, sides) else None
        side = AccountSide(
            id=0, term=buyer.term, number_key=buyer.number_key, scheme=buyer.scheme, value=buyer.value,
            variant=f"beside {len(sides)}" if sides else "", standing="provisional" if held else "own",
            holder=buyer.holder, address=buyer.address, as_of=buyer.issued, joined_id=None,
        )  # fmt: skip
        if held:
            self.questions[seq] = (held, side)
        return side

    def _follow(self, seq: int, side: AccountSide, buyer: Buyer) -> None:
        """Update holder and address from the latest bill, with a finding for each real change."""
        if buyer.issued < side.as_of:
            return
        if self._bears_suppressed(side, buyer):
            self.findings.append((seq, came_back_from(buyer, side.address)))
            buyer = buyer._replace(address=side.address, postcode=unpack_address(side.address).postcode)
        self.findings += ((seq, finding) for finding in _changes(side, buyer))
        is_as_before = is_the_same(buyer, side) and (buyer.scheme, buyer.value) == (side.scheme, side.value)
        if not is_as_before:
            # a bill without an address reports no move
            address = buyer.address if names_a_place(unpack_address(buyer.address)) else side.address
            note_drift(side, buyer.holder, address, buyer.issued)
            side.scheme, side.value = buyer.scheme or side.scheme, buyer.value
            if side.address != address:
                self.readdressed.add(side.id)
                self._note_move(side, buyer)
            side.holder, side.address = buyer.holder, address
            self.changed[id(side)] = side
        elif buyer.issued != side.as_of:
            self.renewed[id(side)] = side
        side.as_of = buyer.issued

    def _bears_suppressed(self, side: AccountSide, buyer: Buyer) -> bool:
        """Whether mail came back from the address that the bill bears, and the account has another one by now."""
        suppressed = self._suppressed.get(side.id, ())
        if not suppressed or suppression_among(suppressed, unpack_address(buyer.address)) is None:
            return False
        return suppression_among(suppressed, unpack_address(side.address)) is None

    def _note_move(self, side: AccountSide, buyer: Buyer) -> None:
        _, addresses = likeness(buyer, side)
        if side.id and addresses is not MatchResult.SAME:
            self.moved[side.id] = side


def _changes(side: AccountSide, buyer: Buyer) -> Iterator[Finding]:
    """Findings for changes of holder or address; another spelling is no change."""
    if (buyer.scheme, buyer.value) != (side.scheme, side.value):
        yield written_otherwise(buyer, side)
    if is_the_same(buyer, side):
        return
    names, addresses = likeness(buyer, side)
    if names is not MatchResult.SAME and buyer.holder:
        yield holder_changed(buyer, side.holder)
    if addresses is not MatchResult.SAME and unpack_address(buyer.address).is_postable:
        yield moved(buyer, side.address)


def _told_number(side: AccountSide) -> str:
    return "" if side.term == "address" else side.value


def _held(buyer: Buyer, sides: Sequence[AccountSide]) -> AccountSide:
    """The account that a question is asked against: the number's own account, of the bill's scheme if there are
    several."""
    compatible = [side for side in sides if may_be_one(buyer.scheme, side.scheme)]
    own = [side for side in compatible if side.standing == "own"]
    return (own or compatible)[0]


def _followed(side: AccountSide) -> dict[str, Any]:
    """The columns of an account that follow the latest bill."""
    postcode = unpack_address(side.address).postcode
    return {name: getattr(side, name) for name in _FOLLOWED} | {"person_key": person_key(side.holder, postcode)}


def _write_followed(session: Session, placement: _Placement) -> None:
    """Update the existing accounts (those with an id) that changed; most change only in the date."""
    followed = [side.id for side in (*placement.changed.values(), *placement.renewed.values()) if side.id]
    if followed:
        lock_rows(session, CustomerAccount, CustomerAccount.id.in_(followed))
    changed = [{"id": side.id, **_followed(side)} for side in placement.changed.values() if side.id]
    dated = [side for each, side in placement.renewed.items() if side.id and each not in placement.changed]
    renewed = [{"id": side.id, "as_of": side.as_of} for side in dated]
    for rows in (changed, renewed):
        if rows:
            session.execute(update(CustomerAccount), rows)
    if placement.readdressed:  # what a person mended was the address of before
        mended = (CustomerAccount.id.in_(placement.readdressed), CustomerAccount.mended_address.is_not(None))
        session.execute(update(CustomerAccount).where(*mended).values(mended_address=None, mended_at=None))


def write_new_accounts(session: Session, issuer_id: int, fresh: Sequence[AccountSide], new_key: KeyMaker) -> None:
    """Insert the new accounts and set their ids."""
    rows = [_account_row(issuer_id, side, new_key) for side in fresh]
    insert_rows(session, CustomerAccount, rows)
    if not fresh:
        return
    keys = (
        CustomerAccount.term, CustomerAccount.number_key, CustomerAccount.scheme, CustomerAccount.variant,
    )  # fmt: skip
    numbers = {side.number_key for side in fresh}
    query = select(CustomerAccount.id, *keys).where(CustomerAccount.issuer_id == issuer_id)
    ids = {tuple(key): row_id for row_id, *key in session.execute(query.where(CustomerAccount.number_key.in_(numbers)))}
    for side in fresh:
        side.id = ids[side.term, side.number_key, side.scheme, side.variant]


def _account_row(issuer_id: int, side: AccountSide, new_key: KeyMaker) -> dict[str, object]:
    return {
        "issuer_id": issuer_id, **row_of(side), **_followed(side), "paperless": False,
        "encrypted_key": new_key(os.urandom(32)), "claim_failures": 0,
    }  # fmt: skip


def question_row(
    issuer_id: int, feed_id: int | None, seq: int | None, held: AccountSide, other: AccountSide, at: datetime
) -> dict[str, Any]:
    """A question about a held account and another beside it as column values; *feed_id* and *seq* say what raised
    it."""
    holder, address = whose_it_was(held, other)
    return {
        "issuer_id": issuer_id, "kind": "reuse", "held_id": held.id, "other_id": other.id, "number": other.value,
        "held_holder": holder, "held_address": address, "other_holder": other.holder,
        "other_address": other.address, "feed_id": feed_id, "item_seq": seq, "asked_at": at,
    }  # fmt: skip
