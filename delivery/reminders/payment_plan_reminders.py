"""Reminders of a bill that is to be paid by a payment plan: those of its own dates end, the plan's are planned; while a
request waits for its answer, nothing is reminded of."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Instalment, Reason
from delivery.calendar.french_region import region_of
from delivery.calendar.postal_calendar import MORNING, Calendar
from delivery.calendar.region_time_zone import time_zone_of
from delivery.notices.notice_preference import NoticeChannel, preferences_of
from delivery.notices.working_channels import reaching, working_channels
from delivery.reminders.bill_reminders import DAYS_BEFORE_INSTALMENT, is_reminder
from issuers.registry import profile_of
from payments.plans.answer_plan import PlanAnswer, grant_plan, refuse_plan
from store.accounts.consumer import holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import record_all
from store.db.row_locks import lock_rows
from store.delivery import Delivery, create_deliveries
from store.issuer import Issuer
from store.payments.payment_plan import PlanRequest, asked_of_bills

__all__ = ["grant_and_remind", "refuse_plan", "waits_for_answer"]

#: A plan's reminder is called by its day: `due-20270131`.
_CALLED: Final = "due-%Y%m%d"


def grant_and_remind(
    session: Session, plan_id: int, instalments: Sequence[Instalment], by: str, now: datetime,
    calendar: Calendar | None = None,
) -> PlanAnswer:  # fmt: skip
    """Grant a plan (`payments.plans.answer_plan`), and remind of its instalments instead of the bill's dates."""
    calendar = calendar or Calendar()
    answer = grant_plan(session, plan_id, instalments, by, calendar.day_of(now), now)
    if answer == "done":
        bill = session.get_one(BillRow, session.get_one(PlanRequest, plan_id).bill_id)
        _stop(session, bill.id, now)
        _plan(session, bill, [each.due for each in instalments if each.due], calendar, now)
    return answer


def _stop(session: Session, bill_id: int, now: datetime) -> None:
    ids = lock_rows(
        session, Delivery, Delivery.bill_id == bill_id, is_reminder(), Delivery.state.in_(["waiting", "ready"])
    )
    why = Reason("plan_granted")
    session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state="cancelled", reason=why))
    record_all(session, "delivery", ids, "cancelled", now, why=why)


def _plan(session: Session, bill: BillRow, days: Sequence[date], calendar: Calendar, now: datetime) -> None:
    """One reminder for each holder and day. One that an earlier plan had, and that was not sent, is taken up again."""
    address = session.get_one(CustomerAccount, bill.account_id).postal_address
    place = address.french_postcode, address.country
    reader = calendar.at_reader(time_zone_of(*place), region_of(*place))
    ways = _ways(session, bill.account_id)
    for n, day in enumerate(days, 1):
        due_at = reader.at(reader.days_before(day, DAYS_BEFORE_INSTALMENT), MORNING)
        if due_at <= now:
            continue
        why, purpose = Reason.of("instalment_due", instalment=n, day=day.isoformat()), day.strftime(_CALLED)
        mine = (Delivery.bill_id == bill.id, Delivery.purpose == purpose, Delivery.state == "cancelled")
        ids = lock_rows(session, Delivery, *mine, Delivery.attempts == 0)
        session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state="waiting", due_at=due_at, reason=why))
        record_all(session, "delivery", ids, "waiting", now, why=why)
        row = {
            "bill_id": bill.id, "issuer_id": bill.issuer_id, "made_at": now, "purpose": purpose, "state": "waiting",
            "due_at": due_at, "reason": why,
        }  # fmt: skip
        create_deliveries(session, [row | {"person_id": person, "channel": channel} for person, channel in ways])


def _ways(session: Session, account_id: int) -> list[tuple[int, NoticeChannel]]:
    """Each holder whom messages reach, and the channel by which they are told first."""
    holders = holders_of(session, [account_id]).get(account_id, [])
    chosen = preferences_of(session, {(each.id, account_id) for each in holders})
    readers = [(each, chosen[each.id, account_id]) for each in holders]
    works = working_channels(session, readers)
    ways = [(who.id, reaching(preference, works[who.id])) for who, preference in readers]
    return [(person, channels[0]) for person, channels in ways if channels]


def waits_for_answer(session: Session, bills: Sequence[BillRow], now: datetime) -> dict[int, datetime]:
    """The bills of which nobody is reminded now, since a request to pay in parts waits: until when at most, by id."""
    asked = asked_of_bills(session, [row.id for row in bills])
    if not asked:
        return {}
    issuer_ids = {row.issuer_id for row in bills if row.id in asked}
    issuers = session.scalars(select(Issuer).where(Issuer.id.in_(issuer_ids)))
    pauses = {issuer.id: timedelta(days=profile_of(issuer).plans.answer_days) for issuer in issuers}
    until = {row.id: asked[row.id] + pauses[row.issuer_id] for row in bills if row.id in asked}
    return {bill_id: moment for bill_id, moment in until.items() if moment > now}
