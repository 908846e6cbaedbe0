"""Write what matching found: outcomes, allocations, events. Collected for many payments, and written in a few
statements."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import ZERO
from payments.matching.movement import Match
from store.db.bulk_insert import insert_rows
from store.db.event import record_all
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation


class MatchWriter:
    """What matching found at a moment. *touched* are the bills that it bears on."""

    def __init__(self, at: datetime, touched: Iterable[int] = ()) -> None:
        self._at = at
        self.touched = set(touched)
        self._ended: list[dict[str, Any]] = []
        self._fresh: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []
        self._events: dict[str, list[int]] = defaultdict(list)

    def add(self, row: PaymentRow, match: Match, held: Iterable[PaymentAllocation]) -> bool:
        """Collect what became of a payment, of which the parts *held* counted until now. Returns whether its outcome or
        the reason of it is another than before."""
        self._add_parts(row, match, held)
        values = {
            "outcome": match.outcome, "why": match.why, "rest": match.rest, "rest_of_id": match.rest_of,
            "account_id": match.account_id, "undoes_id": match.undoes, "same_as_id": match.same_as,
            "decided_by": row.decided_by if match.why == "decided" else "",
        }  # fmt: skip
        if all(getattr(row, name) == value for name, value in values.items()):
            return False
        self._changed.append({"id": row.id, **values})
        if (match.outcome, match.why) == (row.outcome, row.why):
            return False
        self._events[match.outcome].append(row.id)
        return True

    def _add_parts(self, row: PaymentRow, match: Match, held: Iterable[PaymentAllocation]) -> None:
        """End the parts that count no more, and begin those that are new."""
        wanted: dict[int, Decimal] = {}
        for bill_id, amount in match.shares:
            wanted[bill_id] = wanted.get(bill_id, ZERO) + amount
        over = [each for each in held if wanted.get(each.bill_id) != each.amount]
        kept = {each.bill_id for each in held} - {each.bill_id for each in over}
        fresh = {bill_id: amount for bill_id, amount in wanted.items() if bill_id not in kept}
        self._ended += [{"id": each.id, "until": self._at} for each in over]
        self._fresh += [
            {"payment_id": row.id, "bill_id": bill_id, "amount": amount, "since": self._at, "until": None,
             "by": (row.decided_by if match.why == "decided" else "") or row.told_by}
            for bill_id, amount in sorted(fresh.items())
        ]  # fmt: skip
        self.touched |= {each.bill_id for each in over} | fresh.keys()
        if match.undoes != row.undoes_id or match.outcome != row.outcome:
            self.touched |= kept

    def write(self, session: Session) -> None:
        """Write all that was collected, with an event for each payment whose outcome is another."""
        if self._ended:
            session.execute(update(PaymentAllocation), self._ended)
        insert_rows(session, PaymentAllocation, self._fresh)
        if self._changed:
            session.execute(update(PaymentRow), self._changed)
        for outcome, ids in sorted(self._events.items()):
            record_all(session, "payment", ids, outcome, self._at)
