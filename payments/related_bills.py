"""Find the bills that credit, replace or correct one another, by the numbers they refer to, in a bounded number of
queries."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from bill import DocumentAmount
from bill.payment.standing_corrective import standing_correctives
from store.bills.bill import BillRow, stands
from store.bills.bill_lookup import released
from store.bills.listed_bill import StoredAmount
from store.bills.references_between_bills import references_of
from store.feeds.feed import Feed

#: The number of references to follow from a bill: its credit, that one's corrective …
_STEPS: Final = 8
#: States of bills that do not count.
GONE: Final = ("recalled", "superseded")

_Key = tuple[int, str]  # issuer, number


class RelatedBills:
    """Some bills with all released bills that are reachable by the numbers they refer to."""

    def __init__(
        self, session: Session, rows: Sequence[StoredAmount], known_by: datetime | None = None, *,
        are_alone: bool = False,
    ) -> None:  # fmt: skip
        """*are_alone*: it is known that none of them refers to another or is referred to."""
        self._known_by = known_by
        self.known: dict[_Key, StoredAmount] = {_key(row): row for row in rows}
        self.found: dict[_Key, BillRow] = {}
        self._names: dict[_Key, tuple[str, ...]] = {}
        self._near: dict[_Key, list[_Key]] = {}
        self._standing_by_row: dict[int, dict[str, tuple[str, ...]]] = {}
        latest: Sequence[StoredAmount] = () if are_alone else rows
        for _ in range(_STEPS):
            if not latest:
                break
            latest = self._step(session, latest)
        for key, numbers in self._names.items():
            for other in ((key[0], number) for number in numbers):
                self._near.setdefault(key, []).append(other)
                self._near.setdefault(other, []).append(key)

    def _step(self, session: Session, latest: Sequence[StoredAmount]) -> list[BillRow]:
        """Go one step further from *latest*; returns the bills found."""
        keys = {row.id: _key(row) for row in latest}
        references = references_of(session, keys)
        if not references:
            return []
        own = groupby((each for each in references if each.is_own), key=lambda each: each.bill_id)
        named = {keys[bill_id]: tuple(each.number for each in mine) for bill_id, mine in own}
        self._names |= named
        wanted = {(key[0], number) for key, numbers in named.items() for number in numbers} - self.known.keys()
        visible, naming = _visible(self._known_by), {each.bill_id for each in references if not each.is_own}
        found = {_key(row): row for row in (*_by_id(session, visible, naming), *_bearing(session, visible, wanted))}
        fresh = {key: row for key, row in found.items() if key not in self.known}
        self.known |= fresh
        self.found |= fresh
        return list(fresh.values())

    def demand(self, row: StoredAmount) -> DocumentAmount:
        """What this bill asks by itself, with the numbers of the bills it refers to."""
        names = self._names.get(_key(row))
        return row.demand._replace(names=names) if names else row.demand

    def standing_for(self, row: StoredAmount) -> list[StoredAmount]:
        """The correctives that stand in this bill's place (`bill.payment.standing_corrective`): several where a person
        has to decide."""
        return [self.known[row.issuer_id, number] for number in self._standing(row).get(row.number, ())]

    def replaced_by(self, row: StoredAmount) -> list[StoredAmount]:
        """The bills in whose place this one stands, alone."""
        mine = [number for number, standing in self._standing(row).items() if standing == (row.number,)]
        return [self.known[row.issuer_id, number] for number in mine]

    def rivals_of(self, row: StoredAmount) -> list[StoredAmount]:
        """The bills, this one among them, of whose payments a person has to say what they count for, since this
        corrective is not the only one; empty as a rule."""
        standing = self._standing(row)
        if len(standing.get(row.number, ())) <= 1:
            return []
        return [self.known[row.issuer_id, number] for number, by in standing.items() if len(by) > 1]

    def _standing(self, row: StoredAmount) -> dict[str, tuple[str, ...]]:
        if _key(row) not in self._near:
            return {}
        if row.id not in self._standing_by_row:
            self._standing_by_row[row.id] = standing_correctives([self.demand(row), *self.related_to(row)])
        return self._standing_by_row[row.id]

    def related_to(self, row: StoredAmount) -> list[DocumentAmount]:
        """The amounts of all documents related to this bill; *account* is set on those of another customer."""
        if _key(row) not in self._near:
            return []
        others = (self.known[key] for key in self._reach(row))
        return [
            self.demand(other)._replace(account="" if other.account_id == row.account_id else str(other.account_id))
            for other in others
            if other.state not in GONE
        ]

    def _reach(self, row: StoredAmount) -> list[_Key]:
        """All that is related to this bill, without it."""
        seen, ways = {_key(row)}, [_key(row)]
        while ways:
            fresh = {key for key in self._near.get(ways.pop(), ()) if key in self.known} - seen
            seen |= fresh
            ways += fresh
        return sorted(seen - {_key(row)})


def _key(row: StoredAmount) -> _Key:
    return row.issuer_id, row.number


def _visible(known_by: datetime | None) -> Select[BillRow]:
    """Select the bills that count: released (by that moment, if given), and not superseded or recalled."""
    query = released().where(BillRow.state.not_in(GONE))
    return query if known_by is None else query.where(Feed.released_at <= known_by)


def _by_id(session: Session, visible: Select[BillRow], ids: Collection[int]) -> Sequence[BillRow]:
    return session.scalars(visible.where(BillRow.id.in_(ids))).all() if ids else ()


def _bearing(session: Session, visible: Select[BillRow], keys: Collection[_Key]) -> Sequence[BillRow]:
    """The bills that have one of these numbers."""
    bearing = [
        select(BillRow.id).where(stands(), BillRow.issuer_id == issuer_id, BillRow.number.in_(numbers))
        for issuer_id, numbers in _by_issuer(keys)
    ]
    return session.scalars(visible.where(BillRow.id.in_(union_all(*bearing)))).all() if bearing else ()


def _by_issuer(keys: Iterable[_Key]) -> Iterable[tuple[int, list[str]]]:
    """The numbers by issuer. SQLite uses its index for one issuer at a time, not for a list of pairs."""
    numbers: dict[int, list[str]] = {}
    for issuer_id, number in sorted(keys):
        numbers.setdefault(issuer_id, []).append(number)
    return numbers.items()
