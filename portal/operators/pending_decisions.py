"""What waits for a person: held feeds, conflicts, account questions, letters that could not go, bills that could not
be laid out."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

import delivery
from feeds.accounts.account_question_details import asked_of
from feeds.failed_bill_retry import failed_bills, retry_bills
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.presenters import state_names
from portal.operators.presenters.feed_progress import feed_progress
from portal.row_id import row_id
from portal.translation import say
from store.accounts.account_question import count_questions, waiting_questions
from store.accounts.holder_dispute import count_disputes
from store.bills.bill import BillRow, is_set_apart
from store.db.row_counting import count_some
from store.feeds.conflict import Conflict, count_waiting
from store.feeds.feed import OUT, Feed

pages = Blueprint("waiting", __name__, url_prefix="/equipe/attente")

LETTERS_A_PAGE: Final = 50
#: Of feeds, and of bills that were set apart, so many are shown.
MOST_SHOWN: Final = 20


class Counts(NamedTuple):
    """How much waits for a person, of one issuer or of all."""

    feeds: int
    conflicts: int
    questions: int
    letters: int
    bills: int
    disputes: int

    @property
    def all(self) -> int:
        return sum(self)


class OfFeed(NamedTuple):
    """Conflicts of one feed that wait, and since when the first of them does."""

    feed: Feed
    number: int
    since: datetime


@pages.get("")
def show() -> ResponseReturnValue:
    session, issuer_id = app_context.reading(), staff_scope.issuer_id()
    after = row_id(request.args.get("suite", "")) or 0
    letters = delivery.held_letters(session, LETTERS_A_PAGE + 1, issuer_id, after)
    shown = letters[:LETTERS_A_PAGE]
    return render_template(
        "staff/pending_decisions.html",
        counts=counts(session, issuer_id),
        feeds=feed_progress(session, session.scalars(_held_feeds(select(Feed), issuer_id).order_by(Feed.id)).all()),
        conflicts=_conflicts(session, issuer_id),
        questions=asked_of(session, waiting_questions(session, issuer_id, limit=MOST_SHOWN)),
        letters=shown,
        bills=failed_bills(session, issuer_id, limit=MOST_SHOWN),
        first=url_for(".show") if after else None,
        following=url_for(".show", suite=shown[-1].delivery.id) if len(letters) > LETTERS_A_PAGE else None,
        issuers=staff_scope.issuers(),
        wording=state_names,
    )


@pages.post("/lettres")
def decide() -> ResponseReturnValue:
    """What was wrong with these letters is mended, and they go with the next batch; or they are posted no more."""
    decision, reason = request.form.get("decision"), form_value("reason")
    chosen = [number for text in request.form.getlist("lettre") if (number := row_id(text)) is not None]
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
    """What kept these bills from being laid out is mended: they are worked again."""
    reason = form_value("repair")
    chosen = {number for text in request.form.getlist("facture") if (number := row_id(text)) is not None}
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
        words = "{count} facture est reprise.|{count} factures sont reprises."
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


def counts(session: Session, issuer_id: int | None) -> Counts:
    """How much waits for a person, of each kind up to `store.db.row_counting.MOST_COUNTED`."""
    return Counts(
        count_some(session, _held_feeds(select(Feed.id), issuer_id)),
        count_waiting(session, issuer_id),
        count_questions(session, issuer_id),
        delivery.count_held(session, issuer_id),
        count_some(session, _set_apart(select(BillRow.id), issuer_id)),
        count_disputes(session, issuer_id),
    )


def _held_feeds(query: Select[Any], issuer_id: int | None) -> Select[Any]:
    query = query.where(Feed.state == "held", Feed.decided_by == "")
    return query if issuer_id is None else query.where(Feed.issuer_id == issuer_id)


def _set_apart(query: Select[Any], issuer_id: int | None) -> Select[Any]:
    query = query.join(Feed, Feed.id == BillRow.feed_id).where(is_set_apart(), Feed.state.in_(OUT))
    return query if issuer_id is None else query.where(BillRow.issuer_id == issuer_id)


def _conflicts(session: Session, issuer_id: int | None) -> list[OfFeed]:
    """By feed, the longest waiting first."""
    since = func.min(Conflict.found_at)
    query = (
        select(Feed, func.count(), since).join(Conflict, Conflict.feed_id == Feed.id)
        .where(Conflict.state == "open", Feed.state.in_(OUT)).group_by(Feed.id).order_by(since, Feed.id)
        .limit(MOST_SHOWN)
    )  # fmt: skip
    if issuer_id is not None:
        query = query.where(Conflict.issuer_id == issuer_id)
    return [OfFeed(feed, number, first) for feed, number, first in session.execute(query)]
