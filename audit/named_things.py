"""What the things are called that acts of the audit trail are about."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.campaigns.campaign import Campaign
from store.db.event import Event
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.staff_member import Staff
from store.test_sides.side_rows import rows_of_side


class NamedThing(NamedTuple):
    """*name* as people know it; *subject* and *row_id* are of the thing whose page tells of it: of a delivery its
    bill."""

    name: str
    subject: str
    row_id: int


#: Things with a name of their own: their table, and how a row is called.
_NAMED: Final[dict[str, tuple[Any, Callable[[Any], str]]]] = {
    "account": (CustomerAccount, lambda row: row.number),
    "bill": (BillRow, lambda row: row.number),
    "campaign": (Campaign, lambda row: row.name),
    "feed": (Feed, lambda row: row.name),
    "issuer": (Issuer, lambda row: row.name),
    "staff": (Staff, lambda row: row.email),
}


def named_things(session: Session, events: Iterable[Event]) -> dict[tuple[str, int], NamedThing]:
    """The things of these events that have a name, by subject and id; one query a kind. A row that is gone has none."""
    asked: dict[str, set[int]] = {}
    for event in events:
        asked.setdefault(event.subject, set()).add(event.subject_id)
    known: dict[tuple[str, int], NamedThing] = {}
    for subject in asked.keys() & _NAMED.keys():
        row, name = _NAMED[subject]
        for each in session.scalars(select(row).where(row.id.in_(asked[subject]))):
            known[subject, each.id] = NamedThing(name(each), subject, each.id)
    query = select(Delivery.id, BillRow.id, BillRow.number).join(BillRow, BillRow.id == Delivery.bill_id)
    for delivery_id, bill_id, number in session.execute(query.where(Delivery.id.in_(asked.get("delivery", ())))):
        known["delivery", delivery_id] = NamedThing(number, "bill", bill_id)
    return known


def without_test_sides(session: Session, events: Sequence[Event]) -> list[Event]:
    """Those of the events that are about no test side, nor anything of one; one query a kind, in their order."""
    sides = session.scalars(select(Issuer.id).where(Issuer.test_of.is_not(None))).all()
    theirs: set[tuple[str, int]] = {("issuer", side) for side in sides}
    for subject in {event.subject for event in events if sides} - {"issuer"}:
        table = Issuer.metadata.tables.get(subject)
        of_sides = [] if table is None else [rows_of_side(table, side) for side in sides]
        if table is not None and (known := [each for each in of_sides if each is not None]):
            ids = {event.subject_id for event in events if event.subject == subject}
            found = session.scalars(select(table.c.id).where(table.c.id.in_(ids), or_(*known)))
            theirs |= {(subject, each) for each in found}
    return [event for event in events if (event.subject, event.subject_id) not in theirs]
