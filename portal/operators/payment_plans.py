"""Routes of requests to pay a bill in several parts: an issuer's member, or an operator, grants or refuses them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bill import AmountDue, Instalment
from bill.payment.payment_plan import proposed_instalments
from delivery.reminders.payment_plan_reminders import grant_and_remind, refuse_plan
from issuers.profile import MOST_PLAN_PARTS
from payments.amounts_due import amounts_due
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.payments.payment_plan import PlanRequest, open_plans
from words.catalogue import N_

pages = Blueprint("payment_plans", __name__, url_prefix="/equipe/plusieurs-fois")

A_PAGE: Final = 20
_LONGEST_AMOUNT: Final = 20
#: Empty lines of the form, for a part more.
_SPARE: Final = 2
_SAID: Final = {
    "done": N_("C’est répondu. La personne en est prévenue par courriel."),
    "late": N_("Quelqu’un a répondu avant vous, ou la demande est retirée."),
    "nothing": N_("Cette facture ne demande plus rien."),
    "sum": N_("Les versements ne font pas la somme qui reste."),
    "days": N_("Chaque versement a son jour, à partir d’aujourd’hui, du premier au dernier."),
}


class OpenPlan(NamedTuple):
    """A request, its bill and asker, what is due, and the instalments that would be as asked."""

    plan: PlanRequest
    bill: BillRow
    asker: Consumer
    due: AmountDue
    proposed: Sequence[Instalment]


@pages.get("")
def show_all() -> ResponseReturnValue:
    session, after = app_context.reading(), row_of(request.args.get("suite", ""), "cursor") or 0
    found = open_plans(session, staff_scope.issuer_id(), after, A_PAGE + 1)
    shown = found[:A_PAGE]
    return render_template(
        "operators/decisions/payment_plans.html",
        waiting=_waiting(session, shown),
        issuers=staff_scope.issuers(),
        spare=range(_SPARE),
        today=app_context.today(),
        first=url_for(".show_all") if after else None,
        following=url_for(".show_all", suite=shown[-1].id) if len(found) > A_PAGE else None,
    )


@pages.post("/<row(payment_plan):plan_id>/reponse")
def answer(plan_id: int) -> ResponseReturnValue:
    """Grant these instalments, or refuse with words."""
    plan = app_context.reading().get(PlanRequest, plan_id) or abort(404)
    staff_scope.check(plan.issuer_id)
    decision, words = request.form.get("decision", ""), form_value("words")
    if decision not in {"accorder", "refuser"}:
        abort(400)
    page = redirect(url_for(".show_all"), 303)
    if decision == "refuser" and not words:
        flash(say("Écrivez à la personne pourquoi vous refusez."), "bad")
        return page
    instalments = _instalments() if decision == "accorder" else ()
    if instalments is None:
        flash(say(_SAID["sum"]), "bad")
        return page
    who, now = current_user.staff().email, app_context.now()
    with app_context.store().writing() as session:
        if decision == "accorder":
            done = grant_and_remind(session, plan.id, instalments, who, now, app_context.calendar())
        else:
            done = refuse_plan(session, plan.id, who, words, now)
    app_context.store().wake_up.send()
    flash(say(_SAID[done]), {"done": "good", "late": "ask"}.get(done, "bad"))
    return page


def _waiting(session: Session, plans: Sequence[PlanRequest]) -> list[OpenPlan]:
    bills = {each.bill_id: session.get_one(BillRow, each.bill_id) for each in plans}
    dues = amounts_due(session, bills.values(), app_context.today())
    return [
        OpenPlan(
            each, bills[each.bill_id], session.get_one(Consumer, each.consumer_id), due,
            _proposed(each, due) if due.is_asking else (),
        )
        for each in plans
        for due in [dues[each.bill_id]]
    ]  # fmt: skip


def _proposed(plan: PlanRequest, due: AmountDue) -> Sequence[Instalment]:
    """As asked; from today on where the first day has passed meanwhile."""
    first = max(plan.first_on, app_context.today())
    return proposed_instalments(due.left, due.currency, plan.parts, first)


def _instalments() -> tuple[Instalment, ...] | None:
    """Returns the instalments that were typed, without those whose line is empty; None if one is no day and amount."""
    days, amounts = request.form.getlist("jour"), request.form.getlist("montant")
    typed = [(day.strip(), amount.strip()) for day, amount in zip(days, amounts, strict=False)]
    lines = [line for line in typed if any(line)]
    if not lines or len(lines) > MOST_PLAN_PARTS:
        return None
    try:
        return tuple(Instalment(amount=_amount(amount), due=date.fromisoformat(day)) for day, amount in lines)
    except (ValueError, InvalidOperation):
        return None


def _amount(typed: str) -> Decimal:
    """Returns the amount as typed in French or English. Raises ValueError or InvalidOperation."""
    amount = Decimal("".join(typed[:_LONGEST_AMOUNT].split()).replace(",", "."))
    if not amount.is_finite():
        raise ValueError(typed)
    return amount
