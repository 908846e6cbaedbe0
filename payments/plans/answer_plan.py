"""A named person answers a request to pay in several parts: granted with its instalments, or refused with words."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from bill import ZERO, AmountDue, Instalment, Reason, round_money
from bill.payment.payment_plan import are_in_order
from issuers.profile import MOST_PLAN_PARTS
from payments.amounts_due import amounts_due
from store.bills.bill import BillRow, pack_instalments
from store.db.row_locks import ROW_LOCK
from store.db.state_change import change_state
from store.job import request_job
from store.payments.payment_plan import PlanRequest

#: `done`; `late`: somebody else answered, or the customer withdrew it. `nothing`: the bill asks for nothing any more.
#: `sum`: the instalments do not add up to what is left. `days`: each needs a day of its own, from today on and within
#: LONGEST.
PlanAnswer = Literal["done", "late", "nothing", "sum", "days"]

#: The last instalment is no later than this: a day further off has a wrong digit.
LONGEST: Final = timedelta(days=5 * 366)


def grant_plan(
    session: Session, plan_id: int, instalments: Sequence[Instalment], by: str, today: date, now: datetime
) -> PlanAnswer:
    """The bill is paid by these instalments from now on; who asked is told by mail (wake the workers)."""
    plan = session.get(PlanRequest, plan_id)
    if plan is None or plan.state != "asked":
        return "late"
    bill = session.get_one(BillRow, plan.bill_id, with_for_update=ROW_LOCK, populate_existing=True)
    due = amounts_due(session, [bill], today)[bill.id]
    if not due.is_asking or not due.left:
        return "nothing"
    if fault := _fault(instalments, due, today):
        return fault
    granted = change_state(
        session, PlanRequest, plan_id, "asked", "granted", now, by=by, decided_by=by, settled_at=now,
        instalments=pack_instalments(tuple(instalments)), paid=due.paid, credited=due.credited,
    )  # fmt: skip
    if not granted:
        return "late"
    last = max(each.due for each in instalments if each.due)
    session.execute(update(BillRow).where(BillRow.id == bill.id).values(last_due_date=last))
    request_job(session, "plan_answered", {"plan_id": plan_id}, now)
    return "done"


def refuse_plan(session: Session, plan_id: int, by: str, words: str, now: datetime) -> PlanAnswer:
    """The bill stays as it is; who asked is told by mail, with the issuer's *words* (wake the workers)."""
    refused = change_state(
        session, PlanRequest, plan_id, "asked", "refused", now, by=by, why=words, decided_by=by, settled_at=now,
        reason=Reason.said(words),
    )  # fmt: skip
    if not refused:
        return "late"
    request_job(session, "plan_answered", {"plan_id": plan_id}, now)
    return "done"


def _fault(instalments: Sequence[Instalment], due: AmountDue, today: date) -> PlanAnswer | None:
    amounts = [each.amount for each in instalments]
    is_exact = all(amount > 0 and amount == round_money(amount, due.currency) for amount in amounts)
    if not is_exact or sum(amounts, ZERO) != due.left or len(amounts) > MOST_PLAN_PARTS:
        return "sum"
    return None if are_in_order(instalments, today, today + LONGEST) else "days"
