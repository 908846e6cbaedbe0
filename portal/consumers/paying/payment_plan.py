"""Routes of a consumer's request to pay a bill in several parts: the form, the request, its withdrawal."""

from datetime import date, timedelta
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuers.profile import PlanTable
from issuers.registry import profile_of
from payments.amounts_due import amount_due_of
from payments.plans.ask_for_plan import ask_for_plan, may_ask, withdraw_plan
from portal import app_context
from portal.access import current_user
from portal.consumers.enquiries.enquiries_on_bill import disputed_since
from portal.form_input import form_value
from portal.translation import language, say
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import bill_of_consumer
from store.issuer import Issuer
from store.payments.payment_plan import plan_of_bill
from words.catalogue import N_
from words.relative_dates import spell_day

pages = Blueprint("plan", __name__)

_DIGITS: Final = 2
_SAID: Final = {
    "asked": N_("C’est demandé. {issuer} vous répond par courriel."),
    "open": N_("Une demande attend déjà la réponse de {issuer}."),
    "nothing": N_("Cette facture ne demande rien à payer en plusieurs fois."),
    "parts": N_("Choisissez un nombre de versements dans la liste."),
    "day": N_("Choisissez un premier jour entre aujourd’hui et le {day}."),
}


@pages.get("/factures/<uid>/plusieurs-fois")
def show(uid: str) -> ResponseReturnValue:
    """The form of a request; a bill that cannot be paid in parts leads back to its page."""
    row, issuer = _mine(uid)
    session, terms, today = app_context.reading(), profile_of(issuer).plans, app_context.today()
    due, asked = amount_due_of(session, row, today), plan_of_bill(session, row.id)
    if not may_ask(due, terms) or (asked is not None and asked.state == "asked"):
        return redirect(url_for("bill.show", uid=uid), 303)
    return render_template(
        "consumers/paying/ask_for_plan.html",
        row=row,
        issuer=issuer,
        due=due,
        disputed_since=disputed_since(session, row.id),
        most_parts=terms.most_parts,
        today=today,
        last_day=_last_day(terms),
    )


@pages.post("/factures/<uid>/plusieurs-fois")
def ask(uid: str) -> ResponseReturnValue:
    row, issuer = _mine(uid)
    terms, today = profile_of(issuer).plans, app_context.today()
    with app_context.store().writing() as session:
        done = ask_for_plan(
            session, row, current_user.consumer_id(), _parts(), _day(), form_value("words", 1000), terms, today,
            app_context.now(),
        )  # fmt: skip
    words = say(_SAID[done], issuer=issuer.name, day=spell_day(_last_day(terms), language()))
    flash(words, {"asked": "good", "open": "ask"}.get(done, "bad"))
    again = url_for(".show", uid=uid) if done in {"parts", "day"} else url_for("bill.show", uid=uid)
    return redirect(again, 303)


@pages.post("/factures/<uid>/plusieurs-fois/retrait")
def withdraw(uid: str) -> ResponseReturnValue:
    row, _ = _mine(uid)
    asked = plan_of_bill(app_context.reading(), row.id)
    if asked is not None:
        with app_context.store().writing() as session:
            done = withdraw_plan(session, asked.id, current_user.consumer_id(), app_context.now())
        if done:
            flash(say("Votre demande est retirée. La facture se paie comme avant."), "good")
        else:
            flash(say("Cette demande a déjà sa réponse."), "ask")
    return redirect(url_for("bill.show", uid=uid), 303)


def _mine(uid: str) -> tuple[BillRow, Issuer]:
    """Returns the bill if the consumer holds its account, and its issuer is on board; else aborts with 404."""
    found = bill_of_consumer(app_context.reading(), current_user.consumer_id(), uid)
    return found if found is not None and not found[0].is_imported else abort(404)


def _last_day(terms: PlanTable) -> date:
    return app_context.today() + timedelta(days=terms.most_days_to_first)


def _parts() -> int:
    """Returns the number of parts that was chosen; 0 for what is none."""
    typed = request.form.get("parts", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS else 0


def _day() -> date:
    """Returns the first day that was chosen; the first of all days, which is never offered, for what is none."""
    try:
        return date.fromisoformat(request.form.get("first", ""))
    except ValueError:
        return date.min
