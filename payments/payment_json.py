"""A payment as a JSON object: the same from the command line and the API."""

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from sqlalchemy.orm import Session

from bill.decimal_text import amount_text
from bill.json_values import Amount, Day, Moment, one_of, says
from bill.payment.payment_entry import MovementKind
from payments.matching.likely_bills import LikelyBill
from store.bills.bill_lookup import bills_by_id
from store.payments.payment import PAYMENT_OUTCOMES, PaymentRow, Teller
from store.payments.payment_allocation import parts_of_payments
from store.row_ids import PaymentId


class PaidBill(TypedDict):
    """What a payment pays of a bill."""

    number: str
    amount: Amount
    since: Moment
    by: Annotated[str, says("Who or what has matched it.")]


class MatchedPayment(TypedDict):
    """A payment and the bills it is of."""

    payment: PaymentId
    issuer: str
    id: Annotated[str | None, says("The source's own id.")]
    kind: MovementKind
    amount: Amount
    currency: str
    on: Day
    told_by: Teller
    outcome: Annotated[
        str,
        one_of(
            PAYMENT_OUTCOMES,
            "`part`: some of it is of no bill; `waiting`: a person decides; `duplicate`: another one tells the same.",
        ),
    ]
    why: Annotated[str | None, says("By what it was matched, or why it waits: a code.")]
    bills: list[PaidBill]
    rest: Annotated[Amount, says("What is of no bill: the account's, in favour.")]
    too_much: Annotated[
        Amount,
        says(
            "What was paid beyond what a bill asks, as far as nobody decided otherwise: the rest or, of a payment that "
            "waits since its bill is settled, all of it."
        ),
    ]
    too_much_of: Annotated[str | None, says("The number of that bill.")]
    decided_by: str | None


def payment_reports(session: Session, rows: Sequence[PaymentRow], issuer: str) -> list[MatchedPayment]:
    """These payments of the issuer *issuer* (its slug) with the bills they are of. Amounts are decimal strings, days
    ISO dates, absent values null; `why` is a code of docs/issuers.md. `too_much` was paid beyond what the bill
    `too_much_of` asks."""
    parts = parts_of_payments(session, [row.id for row in rows])
    numbers = {
        bill.id: bill.number for bill in bills_by_id(session, {row.rest_of_id for row in rows if row.rest_of_id})
    }
    return [
        {
            "payment": PaymentId(row.id),
            "issuer": issuer,
            "id": row.entry.entry_id or None,
            "kind": row.kind,
            "amount": amount_text(row.amount, row.currency),
            "currency": row.currency,
            "on": row.booked_on.isoformat(),
            "told_by": row.told_by,
            "outcome": row.outcome,
            "why": row.why or None,
            "bills": [
                {"number": part.number, "amount": amount_text(part.allocation.amount, row.currency),
                 "since": part.allocation.since.isoformat(), "by": part.allocation.by}
                for part in parts.get(row.id, [])
            ],
            "rest": amount_text(row.rest, row.currency),
            "too_much": amount_text(row.too_much, row.currency),
            "too_much_of": numbers.get(row.rest_of_id or 0),
            "decided_by": row.decided_by or None,
        }
        for row in rows
    ]  # fmt: skip


def likely_bill_report(likely: LikelyBill) -> dict[str, Any]:
    """A bill that a payment may be of: number, what is left of it, and the codes of what speaks for it."""
    demand = likely.demand
    return {"number": demand.number, "left": amount_text(likely.left, demand.currency), "reasons": list(likely.reasons)}
