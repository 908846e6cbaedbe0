"""`facteur plan`: lists and answers requests to pay a bill in several parts."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from bill import Instalment
from bill.payment.payment_plan import proposed_instalments
from cli.command_language import said
from cli.open_store import NO_ROW, ROW_NUMBER, WHO, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, say_no
from cli.text_table import print_table
from cli.translated_help import group, option
from delivery.calendar.postal_calendar import Calendar
from delivery.reminders.payment_plan_reminders import grant_and_remind, refuse_plan
from payments.amounts_due import amounts_due
from payments.plans.answer_plan import PlanAnswer
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.last_worked_as_of import business_day, business_now
from store.payments.payment_plan import PlanRequest, open_plans
from words.catalogue import M_

_COLUMNS: Final = {
    "plan": M_("request"), "issuer": M_("issuer"), "bill": M_("bill"), "left": M_("left to pay"),
    "currency": M_("currency"), "parts": M_("instalments"), "first_on": M_("first on"),
}  # fmt: skip
#: Why a request could not be answered so.
_NOT: Final = {
    "late": M_("there is no such request, or it has its answer: look again"),
    "nothing": M_("this bill asks for nothing any more"),
    "sum": M_("the instalments do not add up to what is left"),
    "days": M_("each instalment has a day of its own, from today on, the soonest first"),
}


@group("plan")
def plan_verb() -> None:
    """Requests to pay a bill in several parts."""


@plan_verb.command("list")
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def plan_list(slug: str | None, in_json: bool) -> None:
    """What waits for an answer, the oldest first, with the instalments as asked."""
    with opened_store() as (store, settings), store.reading() as session:
        issuer_id, today = find_issuer(session, slug).id if slug else None, _today(session, settings.time_zone)
        after, told = 0, []
        while page := open_plans(session, issuer_id, after):
            told += [_told(session, each, today) for each in page]
            after = page[-1].id
    if in_json:
        for each in told:
            print_json(each)
        return
    rows = [[str(each[key] or "") for key in _COLUMNS] for each in told]
    print_table(out, [said(heading) for heading in _COLUMNS.values()], rows)


@plan_verb.command("grant")
@click.argument("plan_id", type=ROW_NUMBER, metavar="PLAN")
@click.argument("instalments", nargs=-1, metavar="[DAY=AMOUNT...]")
@option("--by", type=WHO, required=True, help="Who answers.")
def plan_grant(plan_id: int, instalments: tuple[str, ...], by: str) -> None:
    """Grant it, as asked or by these instalments, which add up to what is left: 2027-01-31=40.00."""
    given = [_instalment(each) for each in instalments]
    with opened_store() as (store, settings):
        with store.writing() as session:
            plan, moment = _find(session, plan_id), business_now(session, now())
            chosen = given or _proposed(session, plan, _today(session, settings.time_zone))
            answer = grant_and_remind(
                session, plan.id, chosen, _who(by), moment, Calendar(time_zone=settings.time_zone)
            )  # fmt: skip
        store.wake_up.send()
    _say(answer)


@plan_verb.command("refuse")
@click.argument("plan_id", type=ROW_NUMBER, metavar="PLAN")
@option("--by", type=WHO, required=True, help="Who answers.")
@option("--words", required=True, help="What the person is told.")
def plan_refuse(plan_id: int, by: str, words: str) -> None:
    """Refuse it; the person is told in these words."""
    with opened_store() as (store, _):
        with store.writing() as session:
            moment = business_now(session, now())
            answer = refuse_plan(session, _find(session, plan_id).id, *decider(by, words), moment)
        store.wake_up.send()
    _say(answer)


def _told(session: Session, plan: PlanRequest, today: date) -> dict[str, Any]:
    bill = session.get_one(BillRow, plan.bill_id)
    due = amounts_due(session, [bill], today)[bill.id]
    return {
        "plan": plan.id, "issuer": session.get_one(Issuer, plan.issuer_id).slug, "bill": bill.number,
        "left": str(due.left), "currency": due.currency, "parts": plan.parts, "first_on": plan.first_on.isoformat(),
        "asked": plan.asked_at.isoformat(), "words": plan.words or None,
        "instalments": [
            {"due": each.due.isoformat() if each.due else None, "amount": str(each.amount)}
            for each in _proposed(session, plan, today)
        ],
    }  # fmt: skip


def _proposed(session: Session, plan: PlanRequest, today: date) -> tuple[Instalment, ...]:
    """As asked; from today on where the first day has passed meanwhile."""
    bill = session.get_one(BillRow, plan.bill_id)
    due = amounts_due(session, [bill], today)[bill.id]
    return proposed_instalments(due.left, due.currency, plan.parts, max(plan.first_on, today)) if due.left else ()


def _instalment(text: str) -> Instalment:
    day, _, amount = text.partition("=")
    try:
        found = Instalment(amount=Decimal(amount), due=date.fromisoformat(day))
    except (ValueError, InvalidOperation) as error:
        raise click.UsageError(said("{text} is no instalment: say 2027-01-31=40.00", text=text)) from error
    if not found.amount.is_finite():
        raise click.UsageError(said("{text} is no instalment: say 2027-01-31=40.00", text=text))
    return found


def _find(session: Session, plan_id: int) -> PlanRequest:
    plan = session.get(PlanRequest, plan_id)
    if plan is None:
        say_no(NO_ROW["plan_id"], number=plan_id)
    return plan


def _who(by: str) -> str:
    if not by.strip():
        say_no("say who answers")
    return by.strip()


def _today(session: Session, time_zone: str) -> date:
    """The day of business time, as of which the pipeline last worked."""
    return business_day(session, now(), time_zone)


def _say(answer: PlanAnswer) -> None:
    if answer != "done":
        say_no(_NOT[answer])
