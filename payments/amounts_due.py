"""Compute what is due of stored bills, with the credit notes, correctives and payments that refer to them.

Related bills are found by key, in a bounded number of queries.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from bill import ZERO, AmountDue, Paid, PaymentPlan, amount_due, payment_instructions, round_money
from issuers.registry import policies_of
from payments.related_bills import GONE, RelatedBills
from store.bills.bill import BillRow
from store.bills.listed_bill import StoredAmount
from store.payments.payment import paid_too_much, waits_because
from store.payments.payment_allocation import paid_by_bill
from store.payments.payment_plan import plans_of_bills
from store.payments.told_of_bills import told_of_bills

#: Why a payment waits that was of a bill with two correctives.
_UNDECIDED: Final = "several_correctives"


def amounts_due(
    session: Session, rows: Iterable[StoredAmount], today: date | None, known_by: datetime | None = None
) -> dict[int, AmountDue]:
    """What is due of each of these bills today, by bill id. Only released bills are set off; with *known_by*, only what
    was released, reported and granted by then, so that the result can be repeated later."""
    rows = list(rows)
    told = _Told(session, rows, known_by)
    return {row.id: told.due_of(row, today) for row in rows}


def amount_due_of(session: Session, row: BillRow, today: date) -> AmountDue:
    """What is due of one bill today, with its payment instructions; reads the whole bill."""
    due = amounts_due(session, [row], today)[row.id]
    return due._replace(how=payment_instructions(row.bill))


def amounts_left(session: Session, rows: Iterable[StoredAmount]) -> dict[int, AmountDue]:
    """What is due of each of these bills by what bank and issuer told, by bill id, whatever their readers said."""
    rows = list(rows)
    told = _Told(session, rows)
    return {row.id: told.left_of(row) for row in rows}


class Asked(NamedTuple):
    """What a bill asks if nothing was paid, credits set off, and the correctives in its place (several where a person
    has to decide; of these each is among its own)."""

    due: AmountDue
    replaced_by: tuple[int, ...]


def asked_without_payments(session: Session, rows: Iterable[StoredAmount]) -> dict[int, Asked]:
    """What each of these bills asks if nothing was paid, by bill id."""
    rows = list(rows)
    related = RelatedBills(session, rows)
    return {
        row.id: Asked(
            amount_due(related.demand(row), related.related_to(row)),
            tuple(each.id for each in related.standing_for(row)),
        )
        for row in rows
    }


def related_bills(session: Session, rows: Iterable[StoredAmount]) -> list[BillRow]:
    """The released bills related to any of these (`bill.payment.credit_set_off`), without these."""
    return list(RelatedBills(session, list(rows)).found.values())


class _Told:
    """All that was told of some bills, in as many queries for many as for one."""

    def __init__(self, session: Session, rows: Sequence[StoredAmount], known_by: datetime | None = None) -> None:
        self._session, self._known_by = session, known_by
        ids = [row.id for row in rows]
        told = told_of_bills(session, ids)
        self._is_silent = not any(told)
        self._related = RelatedBills(session, rows, known_by, are_alone=not told.references)
        self._paid: Mapping[int, list[Paid]] = paid_by_bill(session, ids, known_by) if told.payments else {}
        self._plans: Mapping[int, PaymentPlan] = plans_of_bills(session, ids, known_by) if told.plans else {}
        self._too_much = paid_too_much(session, ids) if told.too_much and known_by is None else {}
        is_paid = bool(self._paid) or any(row.said_paid_at for row in self._related.known.values())
        self._policies = policies_of(session, {row.issuer_id for row in rows}) if is_paid else {}

    def left_of(self, row: StoredAmount) -> AmountDue:
        return self._due(row, (), None)

    def due_of(self, row: StoredAmount, today: date | None) -> AmountDue:
        if row.state in GONE:  # recalled, or another bill has its number: it asks nothing
            return AmountDue("nothing", row.currency, ZERO, None, ZERO)
        if self._is_silent and row.said_paid_at is None:
            return amount_due(row.demand, today=today)
        due = self._due(row, self._said(row) + self._said_of_replaced(row), today)
        if due.paid and self._policies and ZERO < due.left < self._policies[row.issuer_id].least_reminded:
            due = due._replace(is_trifle=True)
        if (due.left > 0 or due.kind == "replaced") and self._is_undecided(row):
            due = due._replace(is_undecided=True)
        return due

    def _due(self, row: StoredAmount, said: Collection[Paid], today: date | None) -> AmountDue:
        demand, related = self._related.demand(row), self._related.related_to(row)
        paid, plan = [*self._paid.get(row.id, ()), *said], self._plans.get(row.id)
        tolerance = self._policies[row.issuer_id].tolerance if self._policies else ZERO
        due = amount_due(demand, related, paid, today, plan, tolerance=tolerance)
        rest = self._too_much.get(row.id, ZERO)
        if not rest:
            return due
        rest = max(rest - self._given_back(row, due), ZERO)
        return amount_due(demand, related, paid, today, plan, rest, tolerance)

    def _given_back(self, row: StoredAmount, due: AmountDue) -> Decimal:
        """What was paid back or deducted of the credit notes that credit this bill."""
        known = (self._related.known.get((row.issuer_id, each.number)) for each in due.by)
        told = paid_by_bill(self._session, [each.id for each in known if each is not None])
        used = (each for of in told.values() for each in of if each.amount is not None)
        return sum((each.amount or ZERO if each.kind == "refunded" else -min(each.money, ZERO) for each in used), ZERO)

    def _said(self, row: StoredAmount) -> list[Paid]:
        """The customer's own word."""
        known_by = self._known_by
        return row.paid if known_by is None or (row.said_paid_at and row.said_paid_at <= known_by) else []

    def _said_of_replaced(self, row: StoredAmount) -> list[Paid]:
        """The customer's word on the bills in whose place this one stands: of all that was asked, the amount that bank
        and issuer had not told until then."""
        found: list[Paid] = []
        for replaced in self._related.replaced_by(row):
            for said in self._said(replaced):
                amount = said.amount
                if amount is None:
                    told = [each for each in self._paid.get(row.id, ()) if _is_before(each, said)]
                    asked = round_money(replaced.demand.asks, row.currency)
                    amount = max(asked - sum((each.money for each in told), ZERO), ZERO)
                found.append(said._replace(amount=amount))
        return found

    def _is_undecided(self, row: StoredAmount) -> bool:
        """Whether something was paid of a bill that this one corrects, which another one corrects too."""
        rivals = self._related.rivals_of(row)
        if not rivals:
            return False
        others = [each for each in rivals if each.id != row.id]
        if any(self._said(each) for each in others) or paid_by_bill(
            self._session, [each.id for each in others], self._known_by
        ):
            return True
        return waits_because(self._session, row.account_id, _UNDECIDED)


def _is_before(told: Paid, said: Paid) -> bool:
    return told.told_at is not None and said.told_at is not None and told.told_at <= said.told_at
