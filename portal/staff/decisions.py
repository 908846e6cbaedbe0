"""What a named person decides: on held feeds, on feeds to be read again, on a letter that failed."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

import delivery
from portal import here, visitor
from portal.staff import scope
from portal.typed import typed
from portal.words import say
from store.delivery import Delivery
from store.errand import ask
from store.feed import Feed, read_again
from store.release import Decision
from store.release import decide as decide_feed

pages = Blueprint("decisions", __name__, url_prefix="/equipe")

#: What a button says, and what was done.
_DECISIONS: dict[str, tuple[Decision, str]] = {
    "liberer": ("release", "Le flux est libéré : il continue sa route."),
    "refuser": ("reject", "Le flux est refusé : rien n’en est distribué."),
}
_BEGUN = "Des factures de ce flux ont déjà pris leur numéro : il ne peut que continuer sa route."


@pages.post("/flux/<int:feed_id>/decision")
def decide(feed_id: int) -> ResponseReturnValue:
    """Release or reject a held feed. The decision and its reason stay with the name of who took it."""
    feed, reason = scope.feed(feed_id), typed("reason")
    if not scope.may_decide(feed):
        abort(404)
    if request.form.get("decision") not in _DECISIONS:
        abort(400)
    decision, done = _DECISIONS[request.form["decision"]]
    if not reason:
        return _back(feed.id, say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
    with here.store().writing() as session:
        mine = session.get_one(Feed, feed.id)
        has_decided = decide_feed(session, mine, decision, visitor.staff().email, reason, here.now())
    here.store().bell.ring()
    if not has_decided:
        return _back(feed.id, say(_BEGUN if feed.released_upto else "Quelqu’un a décidé avant vous."), "ask")
    return _back(feed.id, say(done), "good")


@pages.post("/flux/<int:feed_id>/relecture")
def replay(feed_id: int) -> ResponseReturnValue:
    """Read a rejected or held feed again, with its issuer's profile as it is now."""
    feed = scope.feed(feed_id)
    with here.store().writing() as session:
        mine, who = session.get_one(Feed, feed.id), visitor.staff().email
        again = read_again(session, mine, here.now(), who, states=["rejected", "held"])
    here.store().bell.ring()
    if not again:
        return _back(feed.id, say("Seul un flux refusé ou retenu peut être relu."), "ask")
    return _back(feed.id, say("Le flux est relu avec le profil d’aujourd’hui."), "good")


@pages.post("/flux/<int:feed_id>/essai")
def rehearse(feed_id: int) -> ResponseReturnValue:
    """Ask the road what reading it again would change: nothing is changed by that."""
    feed = scope.feed(feed_id)
    if feed.state not in {"rejected", "held"}:
        return _back(feed.id, say("Seul un flux refusé ou retenu peut être relu."), "ask")
    with here.store().writing() as session:
        ask(session, "rehearse", {"feed_id": feed.id, "reading": feed.reading}, here.now())
    here.store().bell.ring()
    return _back(feed.id, say("L’essai est demandé. Rechargez la page dans un instant."), "good")


@pages.post("/lettres/<int:delivery_id>/imprimer")
def print_again(delivery_id: int) -> ResponseReturnValue:
    """What was wrong with a held letter is mended: it goes with the next batch."""
    letter, reason = here.reading().get(Delivery, delivery_id), typed("reason")
    if letter is None:
        abort(404)
    page = redirect(url_for("fate.show", bill_id=letter.bill_id), 303)
    if not reason:
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    with here.store().writing() as session:
        again = delivery.print_again(session, letter.id, visitor.staff().email, reason, here.now())
    here.store().bell.ring()
    if again:
        flash(say("La lettre part avec le prochain lot."), "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return page


def _back(feed_id: int, words: str, tone: str) -> ResponseReturnValue:
    flash(words, tone)
    return redirect(url_for("staff_feeds.show", feed_id=feed_id), 303)
