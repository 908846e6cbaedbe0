"""Routes for decisions of a named person: release, reject, cancel or replay a feed, print a failed letter again."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

import delivery
from feeds.cancel_feed import cancel_feed
from feeds.decide_held_feed import FeedDecision, decide_feed
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.translation import say
from store.delivery import Delivery
from store.feeds.feed import Feed, read_again
from store.job import request_job
from words.catalogue import N_

pages = Blueprint("decisions", __name__, url_prefix="/equipe")

#: What a button says, and what was done.
_DECISIONS: dict[str, tuple[FeedDecision, str]] = {
    "liberer": ("release", N_("Le flux est libéré : il continue sa route.")),
    "refuser": ("reject", N_("Le flux est refusé : rien n’en est distribué.")),
}
_BEGUN = N_("Des factures de ce flux ont déjà pris leur numéro : il ne peut que continuer sa route.")


@pages.post("/flux/<row(feed):feed_id>/decision")
def decide(feed_id: int) -> ResponseReturnValue:
    """Release or reject a held feed. The decision is kept with its reason and who took it."""
    feed, reason = staff_scope.feed(feed_id), form_value("reason")
    if not staff_scope.may_decide(feed):
        abort(404)
    if request.form.get("decision") not in _DECISIONS:
        abort(400)
    decision, done = _DECISIONS[request.form["decision"]]
    if not reason:
        return _back(feed.id, say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
    with app_context.store().writing() as session:
        mine = session.get_one(Feed, feed.id)
        has_decided = decide_feed(session, mine, decision, current_user.staff().email, reason, app_context.now())
    app_context.store().wake_up.send()
    if not has_decided:
        return _back(feed.id, say(_BEGUN if feed.released_upto else "Quelqu’un a décidé avant vous."), "ask")
    return _back(feed.id, say(done), "good")


@pages.post("/flux/<row(feed):feed_id>/annulation")
def cancel(feed_id: int) -> ResponseReturnValue:
    """Withdraw a feed before its release. Nothing of it is distributed."""
    feed, reason = staff_scope.feed(feed_id), form_value("reason")
    if not reason:
        return _back(feed.id, say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
    with app_context.store().writing() as session:
        cancelled = cancel_feed(session, feed.id, current_user.staff().email, reason, app_context.now())
    if not cancelled:
        return _back(feed.id, say("Ce flux n’attend plus : ses factures sont en route, ou il est déjà refusé."), "ask")
    return _back(feed.id, say("Le flux est annulé : rien n’en est distribué."), "good")


@pages.post("/flux/<row(feed):feed_id>/relecture")
def replay(feed_id: int) -> ResponseReturnValue:
    """Read a rejected or held feed again, with its issuer's profile as it is now."""
    feed = staff_scope.feed(feed_id)
    with app_context.store().writing() as session:
        mine, who = session.get_one(Feed, feed.id), current_user.staff().email
        again = read_again(session, mine, app_context.now(), who, states=["rejected", "held"])
    app_context.store().wake_up.send()
    if not again:
        return _back(feed.id, say("Seul un flux refusé ou retenu peut être relu."), "ask")
    return _back(feed.id, say("Le flux est relu avec le profil d’aujourd’hui."), "good")


@pages.post("/flux/<row(feed):feed_id>/essai")
def rehearse(feed_id: int) -> ResponseReturnValue:
    """Request a replay rehearsal: what reading the feed again would change. Changes nothing. Only of bills."""
    feed = staff_scope.feed(feed_id)
    if feed.content != "bills":
        abort(404)
    if feed.state not in {"rejected", "held"}:
        return _back(feed.id, say("Seul un flux refusé ou retenu peut être relu."), "ask")
    with app_context.store().writing() as session:
        request_job(session, "rehearse", {"feed_id": feed.id, "reading": feed.reading}, app_context.now())
    app_context.store().wake_up.send()
    return _back(feed.id, say("L’essai est demandé. Rechargez la page dans un instant."), "good")


@pages.post("/lettres/<row(delivery):delivery_id>/imprimer")
def print_again(delivery_id: int) -> ResponseReturnValue:
    """Print a held letter with the next batch: what was wrong with it is mended."""
    letter, reason = app_context.reading().get(Delivery, delivery_id), form_value("reason")
    if letter is None:
        abort(404)
    page = redirect(url_for("bill_trace.show", bill_id=letter.bill_id), 303)
    if not reason:
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    with app_context.store().writing() as session:
        again = delivery.print_again(session, letter.id, current_user.staff().email, reason, app_context.now())
    app_context.store().wake_up.send()
    if again:
        flash(say("La lettre part avec le prochain lot."), "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return page


def _back(feed_id: int, words: str, tone: str) -> ResponseReturnValue:
    flash(words, tone)
    return redirect(url_for("staff_feeds.show", feed_id=feed_id), 303)
