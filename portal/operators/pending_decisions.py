"""The page of what waits for a person: held feeds, conflicts, account questions, disputes, held letters, failed
bills, payments, requests to pay in parts, accounts of the dead, moves that holders state."""

from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

import delivery
from delivery.waiting_bereavements import count_bereavements, waiting_bereavements
from feeds.accounts.account_question_details import details_of_questions
from feeds.failed_bill_retry import count_failed_bills, failed_bills, retry_bills
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.presenters.feed_progress import feed_progress
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.account_question import count_questions, waiting_questions
from store.accounts.holder_dispute import count_disputes
from store.accounts.stated_move import count_open_moves, open_moves
from store.feeds.conflict import count_waiting, waiting_by_feed
from store.feeds.feed import count_held_feeds, held_feeds
from store.payments.payment import count_waiting_payments
from store.payments.payment_plan import count_open_plans
from words import state_names
from words.catalogue import N_

pages = Blueprint("waiting", __name__, url_prefix="/equipe/attente")

LETTERS_A_PAGE: Final = 50
#: Of feeds, and of bills that were set apart, so many are shown.
MOST_SHOWN: Final = 20


class PendingCounts(NamedTuple):
    """How many things of each kind wait for a person."""

    feeds: int
    conflicts: int
    questions: int
    letters: int
    bills: int
    disputes: int
    payments: int
    plans: int
    bereavements: int
    moves: int

    @property
    def all(self) -> int:
        return sum(self)


@pages.get("")
def show() -> ResponseReturnValue:
    session, issuer_id = app_context.reading(), staff_scope.issuer_id()
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    letters = delivery.held_letters(session, LETTERS_A_PAGE + 1, issuer_id, after)
    shown = letters[:LETTERS_A_PAGE]
    return render_template(
        "operators/decisions/pending_decisions.html",
        counts=counts(session, issuer_id),
        feeds=feed_progress(session, held_feeds(session, issuer_id)),
        conflicts=waiting_by_feed(session, issuer_id, MOST_SHOWN),
        questions=details_of_questions(session, waiting_questions(session, issuer_id, limit=MOST_SHOWN)),
        bereaved=waiting_bereavements(session, issuer_id, limit=MOST_SHOWN),
        moves=open_moves(session, issuer_id, limit=MOST_SHOWN),
        letters=shown,
        bills=failed_bills(session, issuer_id, limit=MOST_SHOWN),
        first=url_for(".show") if after else None,
        following=url_for(".show", suite=shown[-1].delivery.id) if len(letters) > LETTERS_A_PAGE else None,
        issuers=staff_scope.issuers(),
        wording=state_names,
        awaits_address=delivery.awaits_address,
    )


@pages.post("/lettres")
def decide() -> ResponseReturnValue:
    """Print these held letters with the next batch, or give them up, for a reason."""
    decision, reason = request.form.get("decision"), form_value("reason")
    chosen = [number for text in request.form.getlist("lettre") if (number := row_of(text, "delivery")) is not None]
    if decision not in {"imprimer", "annuler"}:
        abort(400)
    page = redirect(url_for(".show"), 303)
    if not reason or not chosen:
        flash(say("Choisissez des lettres, et écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    verb = delivery.print_again if decision == "imprimer" else delivery.give_up
    with app_context.store().writing() as session:
        who, now = current_user.staff().email, app_context.now()
        held = {letter.delivery.id for letter in delivery.held_letters(session, LETTERS_A_PAGE, ids=chosen)}
        done = sum(verb(session, each, who, reason, now) for each in sorted(held))
    app_context.store().wake_up.send()
    _say_done(decision, done, len(chosen))
    return page


@pages.post("/factures")
def retry() -> ResponseReturnValue:
    """Retry these failed bills, for a reason."""
    reason = form_value("repair")
    chosen = {number for text in request.form.getlist("facture") if (number := row_of(text, "bill")) is not None}
    page = redirect(url_for(".show"), 303)
    if not reason or not chosen:
        flash(
            say("Choisissez des factures, et écrivez la raison de votre décision : elle reste avec votre nom."), "bad"
        )
        return page
    with app_context.store().writing() as session:
        failed = [each.bill for each in failed_bills(session, ids=chosen)]
        done = len(retry_bills(session, failed, current_user.staff().email, reason, app_context.now()))
    app_context.store().wake_up.send()
    if done:
        words = N_("{count} facture est reprise.|{count} factures sont reprises.")
        flash(say(words, n=done, count=done), "good")
    if done < len(chosen):
        flash(say("Les autres sont déjà reprises, ou en cours."), "ask")
    return page


def _say_done(decision: str, done: int, chosen: int) -> None:
    if done:
        flash(say(state_names.LETTERS_DECIDED[decision], n=done, count=done), "good")
    if done < chosen:
        others = say("Pour les autres, quelqu’un a décidé avant vous.")
        flash(others if done else say("Quelqu’un a décidé avant vous."), "ask")


def counts(session: Session, issuer_id: int | None) -> PendingCounts:
    """Returns how many of each kind wait, of one issuer or (None) of all, each up to
    `store.db.row_counting.MOST_COUNTED`."""
    return PendingCounts(
        count_held_feeds(session, issuer_id),
        count_waiting(session, issuer_id),
        count_questions(session, issuer_id),
        delivery.count_held(session, issuer_id),
        count_failed_bills(session, issuer_id),
        count_disputes(session, issuer_id),
        count_waiting_payments(session, issuer_id),
        count_open_plans(session, issuer_id),
        count_bereavements(session, issuer_id),
        count_open_moves(session, issuer_id),
    )
