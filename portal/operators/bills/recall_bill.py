"""Recalling a bill that has reached nobody yet, from its trace."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from delivery.recall.recall_bill import recall_bill
from feeds.conflicts.decide_conflict import Decision
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.operators.bills.bill_trace import pages
from portal.operators.bills.traced_bill import traced_bill
from portal.translation import say


@pages.post("/<row(bill):bill_id>/rappel")
def recall(bill_id: int) -> ResponseReturnValue:
    """Takes the bill back, for the person who is signed in, with their reason."""
    bill, _ = traced_bill(bill_id)
    page = redirect(url_for(".show", bill_id=bill.id), 303)
    if not (reason := form_value("reason")):
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    staff = current_user.staff()
    decision = Decision(staff.email, reason, app_context.now())
    answer = recall_bill(app_context.store(), bill.id, decision, "operator" if staff.is_operator else "issuer")
    if answer.result == "done":
        flash(say("La facture est rappelée : elle n’atteindra personne."), "good")
    elif answer.result == "reached":
        flash(say("Elle a déjà atteint son client : corrigez-la par un avoir ou une facture rectificative."), "bad")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return page
