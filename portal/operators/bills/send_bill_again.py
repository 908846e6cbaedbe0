"""Sending a bill to its customer once more, from its trace."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from delivery.sent_again.send_again import SentAgain, Way, send_again
from feeds.conflicts.decide_conflict import Decision
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.operators.bills.bill_trace import pages
from portal.operators.bills.traced_bill import traced_bill
from portal.presenters.amounts_and_dates import local
from portal.presenters.reason_text import reason_text
from portal.translation import language, say
from words.relative_dates import spell_moment


@pages.post("/<row(bill):bill_id>/nouvel-envoi")
def send_bill_again(bill_id: int) -> ResponseReturnValue:
    """Sends the bill again, for the person who is signed in, with their reason."""
    bill, _ = traced_bill(bill_id)
    page = redirect(url_for(".show", bill_id=bill.id), 303)
    if not (reason := form_value("why")):
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    way: Way = "letter" if request.form.get("way") == "letter" else "email"
    decision = Decision(current_user.staff().email, reason, app_context.now())
    flash(*_told(send_again(app_context.store(), bill.id, way, decision), way))
    return page


def _told(answer: SentAgain, way: Way) -> tuple[str, str]:
    """Returns what came of it in a sentence, and its tone."""
    if answer.result == "refused":
        return say("Elle n’est pas envoyée à nouveau : {why}.", why=reason_text(answer.why)), "bad"
    if answer.result == "known" and answer.at is not None:
        when = spell_moment(local(answer.at), language())
        return say("C’était déjà fait : {when}. Elle ne part pas deux fois le même jour.", when=when), "ask"
    if way == "letter":
        return say("C’est fait : la lettre part avec le prochain lot."), "good"
    return say("C’est fait : le courriel part à l’instant."), "good"
