"""Routes of the yearly question whether bills without paper still suit."""

from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consumers.suitability_wording import SUITABILITY
from delivery.suitability.answer_check import answer_check
from portal import app_context
from portal.access import current_user
from portal.consumers.notices import kinds_waiting
from portal.translation import language, say
from store.accounts.consumer import accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.suitability_event import SuitabilityEvent, open_questions
from store.issuer import Issuer

pages = Blueprint("suitability", __name__, url_prefix="/contrats/<row(account):account_id>/convient")


class OpenQuestion(NamedTuple):
    """A question that waits for the visitor's answer, and the contract it is about."""

    account: CustomerAccount
    issuer: Issuer
    question: SuitabilityEvent


def unanswered() -> list[OpenQuestion]:
    """Returns the visitor's questions that wait for an answer."""
    if not kinds_waiting().of_suitability:
        return []
    session = app_context.reading()
    held = {each.id: each for each in accounts_of(session, current_user.consumer_id()) if each.paperless}
    return [
        OpenQuestion(held[account_id], session.get_one(Issuer, held[account_id].issuer_id), question)
        for account_id, question in open_questions(session, held).items()
    ]


@pages.get("")
def show(account_id: int) -> ResponseReturnValue:
    """Shows the question; opening the page answers nothing."""
    session, account = app_context.reading(), _mine(account_id)
    question = open_questions(session, [account.id]).get(account.id)
    if question is None or not account.paperless:
        return redirect(url_for("accounts.show"), 303)
    return render_template(
        "consumers/accounts/suitability.html",
        account=account,
        issuer=session.get_one(Issuer, account.issuer_id),
        question=question,
        words=SUITABILITY.words(language()),
    )


@pages.post("")
def suits(account_id: int) -> ResponseReturnValue:
    account = _mine(account_id)
    with app_context.store().writing() as session:
        is_new = answer_check(session, account, current_user.consumer(), "suits", app_context.now())
    if is_new:
        flash(say("Merci, c’est noté : ce contrat reste sans papier."), "good")
    return redirect(url_for("accounts.show"), 303)


def _mine(account_id: int) -> CustomerAccount:
    """Returns the account if this consumer holds it; else aborts with 404."""
    held = {account.id: account for account in accounts_of(app_context.reading(), current_user.consumer_id())}
    return held.get(account_id) or abort(404)
