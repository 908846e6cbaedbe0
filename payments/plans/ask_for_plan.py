"""A customer asks to pay a bill in several parts, and withdraws the request. Nothing is charged, no reason is asked."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bill import AmountDue, Reason
from issuers.profile import PlanTable
from payments.amounts_due import amounts_due
from store.base import insert_new
from store.bills.bill import BillRow
from store.db.event import record
from store.db.state_change import change_state
from store.outbox.account_events import record_bill_event
from store.payments.payment_plan import PlanRequest, plan_of_bill, plans_asked

#: The longest words that go with a request, in characters.
LONGEST_WORDS = 1000

#: `asked`: it waits for the issuer. `open`: another request about the bill waits already. `nothing`: the bill asks for
#: nothing that could be divided. `parts`, `day`: the number of parts or the first day is not within the issuer's terms.
Asked = Literal["asked", "open", "nothing", "parts", "day"]


def may_ask(due: AmountDue, terms: PlanTable) -> bool:
    """Whether what is due can be paid in parts, if the issuer agrees."""
    return terms.on and due.is_asking and due.left > 0


def ask_for_plan(
    session: Session, row: BillRow, consumer_id: int, parts: int, first_on: date, words: str, terms: PlanTable,
    today: date, now: datetime,
) -> Asked:  # fmt: skip
    """Store the request, and tell the issuer's programs."""
    due = amounts_due(session, [row], today)[row.id]
    if not may_ask(due, terms):
        return "nothing"
    if not 2 <= parts <= terms.most_parts:
        return "parts"
    if not today <= first_on <= today + timedelta(days=terms.most_days_to_first):
        return "day"
    values = {
        "issuer_id": row.issuer_id, "bill_id": row.id, "consumer_id": consumer_id, "asked_at": now, "parts": parts,
        "first_on": first_on, "words": words[:LONGEST_WORDS], "settled_at": None,
    }  # fmt: skip
    if not insert_new(session, PlanRequest, [values]):
        return "open"
    plan = plan_of_bill(session, row.id)
    assert plan is not None
    record(session, "payment_plan", plan.id, "asked", now, by=f"consumer {consumer_id}")
    record_bill_event(
        session, row, "plan.asked", now, plan=plan.id, amount=due.left, currency=due.currency, parts=parts,
        first_on=first_on, words=plan.words or None,
    )  # fmt: skip
    return "asked"


def withdraw_settled_plans(session: Session, bill_ids: Collection[int], now: datetime) -> None:
    """Withdraw the open requests about these bills, which ask for nothing by hand any more: nobody has to answer."""
    for plan in plans_asked(session, bill_ids):
        why = Reason("nothing_asked")
        change_state(session, PlanRequest, plan.id, "asked", "withdrawn", now, why=why, settled_at=now)


def withdraw_plan(session: Session, plan_id: int, consumer_id: int, now: datetime) -> bool:
    """Withdraw this consumer's open request. Returns False if it has its answer, is withdrawn, or somebody else's."""
    by, mine = f"consumer {consumer_id}", PlanRequest.consumer_id == consumer_id
    return change_state(session, PlanRequest, plan_id, "asked", "withdrawn", now, mine, by=by, settled_at=now)
