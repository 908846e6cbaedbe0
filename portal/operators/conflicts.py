"""Routes of conflicts (other content under a used bill number): list, compare both contents, decide one or all of a
feed.

An issuer's members decide on their own conflicts: they know which content they meant. An operator may too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bill import Bill, unpack
from feeds.conflicts.bill_reached_customer import Issuance, issuances_of
from feeds.conflicts.decide_conflict import REPLACEABLE, ConflictChoice, Decision
from feeds.conflicts.resolve_conflicts import decide_conflict, decide_conflicts_of_feed
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.presenters.bill_comparison import terms_that_differ
from portal.public_id_converter import row_of
from portal.translation import say
from store.bills.bill import BillRow
from store.feeds.conflict import Conflict, count_waiting, waiting_conflicts
from store.feeds.feed import OUT, Feed
from store.feeds.item import Item
from store.issuer import Issuer
from words import state_names

pages = Blueprint("conflicts", __name__, url_prefix="/equipe/conflits")

CONFLICTS_A_PAGE: Final = 50
#: Of one feed, so many are ruled on by one press of a button: whoever presses does not wait long.
MOST_AT_ONCE: Final = 1000
#: Terms that differ are shown so far.
MOST_TERMS: Final = 100

_CHOICES: Final[dict[str, ConflictChoice]] = {"garder": "keep", "remplacer": "replace"}
_TONES: Final = {"done": "good", "late": "ask", "reached": "bad", "busy": "ask", "both_in_feed": "ask"}


class OpenConflict(NamedTuple):
    """A conflict: the bill that has the number, the content that came under it, and whether the bill was issued."""

    conflict: Conflict
    first: BillRow
    item: Item
    reach: Issuance | None


@pages.get("")
def show_all() -> ResponseReturnValue:
    feed = staff_scope.feed(row_of(request.args["flux"], "feed") or 0) if "flux" in request.args else None
    session, issuer_id, feed_id = app_context.reading(), staff_scope.issuer_id(), feed.id if feed else None
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    found = waiting_conflicts(session, issuer_id, feed_id, after, CONFLICTS_A_PAGE + 1)
    shown = found[:CONFLICTS_A_PAGE]
    following = url_for(".show_all", flux=feed_id, suite=shown[-1].id) if len(found) > CONFLICTS_A_PAGE else None
    return render_template(
        "operators/decisions/conflicts.html",
        feed=feed,
        waiting=_waiting(session, shown),
        count=count_waiting(session, issuer_id, feed_id),
        issuers=staff_scope.issuers(),
        first=url_for(".show_all", flux=feed_id) if after else None,
        following=following,
        wording=state_names,
    )


@pages.get("/<row(conflict):conflict_id>")
def show(conflict_id: int) -> ResponseReturnValue:
    session, conflict = app_context.reading(), _conflict(conflict_id)
    first = session.get_one(BillRow, conflict.first_id)
    item = session.get_one(Item, (conflict.feed_id, conflict.seq))
    second = _content(session, item)
    differing = terms_that_differ(first.bill, second) if second is not None else []
    return render_template(
        "operators/decisions/conflict.html",
        conflict=conflict,
        first=first,
        item=item,
        second=second,
        reach=issuances_of(session, [first]).get(first.id),
        is_ready=first.state in REPLACEABLE,
        differing=differing[:MOST_TERMS],
        others=len(differing) - MOST_TERMS,
        feeds=[session.get_one(Feed, feed_id) for feed_id in (first.feed_id, conflict.feed_id)],
        issuer=session.get_one(Issuer, conflict.issuer_id),
        until=_until(conflict),
        wording=state_names,
    )


@pages.post("/<row(conflict):conflict_id>/decision")
def decide(conflict_id: int) -> ResponseReturnValue:
    """Keep the first bill or replace it by the other content. *premiere* is the id of the bill that the person saw."""
    conflict, choice, reason = _conflict(conflict_id), _choice(), form_value("reason")
    page = redirect(url_for(".show", conflict_id=conflict.id), 303)
    if not reason:
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    word = Decision(current_user.staff().email, reason, app_context.now())
    answer = decide_conflict(
        app_context.store(), conflict.id, row_of(request.form.get("premiere", ""), "bill") or 0, choice, word
    )
    flash(say(state_names.DECIDED[choice] if answer == "done" else state_names.NOT_DECIDED[answer]), _TONES[answer])
    return page


@pages.post("/flux/<row(feed):feed_id>")
def decide_all(feed_id: int) -> ResponseReturnValue:
    """Decide all open conflicts of a feed alike, as far as possible."""
    feed, choice, reason = staff_scope.feed(feed_id), _choice(), form_value("reason")
    page = redirect(url_for(".show_all", flux=feed.id), 303)
    if not reason:
        flash(say("Écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return page
    word = Decision(current_user.staff().email, reason, app_context.now())
    answers = decide_conflicts_of_feed(app_context.store(), feed.id, choice, word, MOST_AT_ONCE)
    for answer, count in answers.items():
        words = state_names.DECIDED_MANY[choice if answer == "done" else answer]
        flash(say(words, n=count, count=count), _TONES[answer])
    return page


def _conflict(conflict_id: int) -> Conflict:
    """Returns the conflict if it is in the visitor's scope; else aborts with 404."""
    session = app_context.reading()
    found = session.get(Conflict, conflict_id)
    feed = session.get(Feed, found.feed_id) if found else None
    if found is None or feed is None or feed.state not in OUT:
        abort(404)
    staff_scope.check(found.issuer_id)
    return found


def _choice() -> ConflictChoice:
    said = request.form.get("decision", "")
    if said not in _CHOICES:
        abort(400)
    return _CHOICES[said]


def _waiting(session: Session, conflicts: Sequence[Conflict]) -> list[OpenConflict]:
    firsts = {each.first_id: session.get_one(BillRow, each.first_id) for each in conflicts}
    reached = issuances_of(session, list(firsts.values()))
    return [
        OpenConflict(each, first, session.get_one(Item, (each.feed_id, each.seq)), reached.get(first.id))
        for each in conflicts
        for first in [firsts[each.first_id]]
    ]


def _content(session: Session, item: Item) -> Bill | None:
    """Returns the content that came under the number, staged or a bill by now; None if it was refused."""
    if item.content is not None:
        return unpack(item.content)
    return session.get_one(BillRow, item.bill_id).bill if item.bill_id is not None else None


def _until(conflict: Conflict) -> datetime:
    """Returns when the content is refused if nobody decides before."""
    return conflict.found_at + timedelta(days=app_context.config().conflict_days)
