"""Compute what is due of stored bills, with the credit notes, correctives and payments that refer to them.

Related bills are found by key, in a bounded number of queries.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from bill import AmountDue, DocumentAmount, amount_due
from store.bills.bill import BillRow, stands
from store.bills.bill_lookup import released
from store.bills.references_between_bills import BillReference, names_of
from store.feeds.feed import Feed
from store.payments.payment_allocation import paid_by_bill
from store.payments.payment_plan import plans_of_bills

#: The number of references to follow from a bill: its credit, that one's corrective …
_STEPS: Final = 8
#: States of bills that do not count.
_GONE: Final = ("recalled", "superseded")

_Key = tuple[int, str]  # issuer, number


def amounts_due(
    session: Session, rows: Iterable[BillRow], today: date | None, known_by: datetime | None = None
) -> dict[int, AmountDue]:
    """What is due of each of these bills today, by bill id. Only released bills are set off; with *known_by*, only what
    was released, reported and granted by then, so that the result can be repeated later."""
    rows = list(rows)
    web, ids = _Web(session, rows, known_by), [row.id for row in rows]
    told, plans = paid_by_bill(session, ids, known_by), plans_of_bills(session, ids, known_by)
    said = {row.id: row.paid for row in rows if known_by is None or (row.said_paid_at and row.said_paid_at <= known_by)}
    paid = {row.id: [*told.get(row.id, ()), *said.get(row.id, ())] for row in rows}
    return {
        row.id: amount_due(web.demand(row), web.related_to(row), paid[row.id], today, plans.get(row.id)) for row in rows
    }


def amount_due_of(session: Session, row: BillRow, today: date) -> AmountDue:
    """What is due of one bill today, with its payment instructions; reads the whole bill."""
    told, plan = paid_by_bill(session, [row.id]).get(row.id, []), plans_of_bills(session, [row.id]).get(row.id)
    return amount_due(row.bill, _Web(session, [row]).related_to(row), [*told, *row.paid], today, plan)


def amounts_left(session: Session, rows: Iterable[BillRow]) -> dict[int, AmountDue]:
    """What is due of each of these bills by what bank and issuer told, by bill id, whatever their readers said."""
    rows = list(rows)
    web, ids = _Web(session, rows), [row.id for row in rows]
    told, plans = paid_by_bill(session, ids), plans_of_bills(session, ids)
    return {
        row.id: amount_due(web.demand(row), web.related_to(row), told.get(row.id, ()), plan=plans.get(row.id))
        for row in rows
    }


def asked_without_payments(session: Session, rows: Iterable[BillRow]) -> dict[int, AmountDue]:
    """What each of these bills asks if nothing was paid, credits set off, by bill id."""
    rows = list(rows)
    web = _Web(session, rows)
    return {row.id: amount_due(web.demand(row), web.related_to(row)) for row in rows}


def related_bills(session: Session, rows: Iterable[BillRow]) -> list[BillRow]:
    """The released bills related to any of these (`bill.payment.credit_set_off`), without these."""
    rows = list(rows)
    own = {row.id for row in rows}
    return [row for row in _Web(session, rows).known.values() if row.id not in own]


class _Web:
    """Some bills with all released bills that are reachable by the numbers they refer to."""

    def __init__(self, session: Session, rows: Sequence[BillRow], known_by: datetime | None = None) -> None:
        self._known_by = known_by
        self.known = {_key(row): row for row in rows}
        self._names: dict[_Key, tuple[str, ...]] = {}
        self._near: dict[_Key, list[_Key]] = {}
        latest: Sequence[BillRow] = rows
        for _ in range(_STEPS):
            if not latest:
                break
            latest = self._step(session, latest)
        for key, numbers in self._names.items():
            for other in ((key[0], number) for number in numbers):
                self._near.setdefault(key, []).append(other)
                self._near.setdefault(other, []).append(key)

    def _step(self, session: Session, latest: Sequence[BillRow]) -> list[BillRow]:
        """Go one step further from *latest*; returns the bills found."""
        keys = {row.id: _key(row) for row in latest}
        named = {keys[bill_id]: numbers for bill_id, numbers in names_of(session, list(keys)).items()}
        self._names |= named
        wanted = {(key[0], number) for key, numbers in named.items() for number in numbers} - self.known.keys()
        visible = _visible(self._known_by)
        naming, bearing = _naming(session, visible, keys.values()), _bearing(session, visible, wanted)
        found = {_key(row): row for row in (*naming, *bearing)}
        fresh = {key: row for key, row in found.items() if key not in self.known}
        self.known |= fresh
        return list(fresh.values())

    def demand(self, row: BillRow) -> DocumentAmount:
        return row.demand._replace(names=self._names.get(_key(row), ()))

    def related_to(self, row: BillRow) -> list[DocumentAmount]:
        """The amounts of all documents related to this bill; *account* is set on those of another customer."""
        seen, ways = {_key(row)}, [_key(row)]
        while ways:
            fresh = {key for key in self._near.get(ways.pop(), ()) if key in self.known} - seen
            seen |= fresh
            ways += fresh
        others = (self.known[key] for key in sorted(seen - {_key(row)}))
        return [
            self.demand(other)._replace(account="" if other.account_id == row.account_id else str(other.account_id))
            for other in others
        ]


def _key(row: BillRow) -> _Key:
    return row.issuer_id, row.number


def _visible(known_by: datetime | None) -> Select[BillRow]:
    """Select the bills that count: released (by that moment, if given), and not superseded or recalled."""
    query = released().where(BillRow.state.not_in(_GONE))
    return query if known_by is None else query.where(Feed.released_at <= known_by)


def _naming(session: Session, visible: Select[BillRow], keys: Iterable[_Key]) -> Sequence[BillRow]:
    """The bills that refer to one of these numbers."""
    naming = [
        select(BillReference.bill_id).where(BillReference.issuer_id == issuer_id, BillReference.number.in_(numbers))
        for issuer_id, numbers in _by_issuer(keys)
    ]
    return session.scalars(visible.where(BillRow.id.in_(union_all(*naming)))).all()


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
