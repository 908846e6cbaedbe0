"""The issuers, for operators: the list, one with its state and history, a new one; suspended with a reason and resumed,
closed and reopened. Suspended, its feeds are taken and wait, and nothing is lost."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from issuers.closing import close_issuer, reopen_issuer
from issuers.profile_section import ProfileError
from issuers.registry import IssuerError, add_issuer
from issuers.suspension import resume_issuer, suspend_issuer
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.operators.presenters.act_text import told_acts
from portal.page_address import url_for
from portal.translation import language, say
from store.db.event import events_of
from store.feeds.feed import Feed, count_unfinished_feeds, latest_feeds
from store.issuer import Issuer, all_issuers, issuer_by_slug
from words.catalogue import N_

pages = Blueprint("room_issuers", __name__, url_prefix="/equipe/emetteurs")

#: The latest acts of an issuer's history that its page shows.
_HISTORY: Final = 20
_Decide = Callable[[Session, int, str, str, datetime], bool]
#: What an operator decides: by whom, what is said when it is done.
_DECISIONS: Final[dict[str, tuple[_Decide, str]]] = {
    "suspendre": (suspend_issuer, N_("{issuer} est suspendu : ses flux attendent, rien n’est perdu.")),
    "reprendre": (resume_issuer, N_("{issuer} reprend : les flux qui attendaient sont lus.")),
    "clore": (close_issuer, N_("{issuer} a quitté le service : plus rien n’est pris de lui.")),
    "rouvrir": (reopen_issuer, N_("{issuer} est de retour : il lui faut de nouvelles clés.")),
}
#: Leaving the service and coming back take an admin: keys end.
ADMIN_DECISIONS: Final = frozenset({"clore", "rouvrir"})


class ListedRow(NamedTuple):
    """An issuer, its last feed, and how many of its feeds are not through yet."""

    issuer: Issuer
    last: Feed | None
    unfinished: int


@pages.get("")
def show_all() -> ResponseReturnValue:
    session = app_context.reading()
    unfinished = count_unfinished_feeds(session)
    rows = [
        ListedRow(each, next(iter(latest_feeds(session, each.id, 1)), None), unfinished.get(each.id, 0))
        for each in all_issuers(session)
    ]
    return render_template("operators/room/issuers.html", rows=rows)


@pages.get("/nouveau")
def ask() -> ResponseReturnValue:
    return _form({})


@pages.post("/nouveau")
def add() -> ResponseReturnValue:
    """Add an issuer, with its profile where a file is given. A slug that is taken is refused."""
    slug, name, given = form_value("slug", 40), form_value("name", 200), request.files.get("profile")
    if issuer_by_slug(app_context.reading(), slug) is not None:
        return _form({"slug": say("Un émetteur a déjà ce nom court.")}), 422
    try:
        text = given.read().decode("utf-8") if given else ""
        with app_context.store().writing() as session:
            by, now = current_user.staff().email, app_context.now()
            issuer_id = add_issuer(session, slug, name, now, profile_text=text, by=by).id
    except UnicodeDecodeError:
        return _form({"profile": say("Ce fichier n’est pas du texte en UTF-8.")}), 422
    except ProfileError as error:
        return _form({"profile": error.spelled(language())}), 422
    except IssuerError as error:
        return _form({"slug": error.spelled(language())}), 422
    flash(say("{issuer} est sur le service. Il lui faut une clé, et quelqu’un dans son équipe.", issuer=name), "good")
    return redirect(url_for(".show", issuer_id=issuer_id), 303)


@pages.get("/<row(issuer):issuer_id>")
def show(issuer_id: int) -> ResponseReturnValue:
    return _page(staff_scope.issuer(issuer_id))


@pages.post("/<row(issuer):issuer_id>/suspension")
def suspend(issuer_id: int) -> ResponseReturnValue:
    """Suspend or resume an issuer, for a reason."""
    return _decide(issuer_id, {"suspendre", "reprendre"})


@pages.post("/<row(issuer):issuer_id>/depart")
def leave(issuer_id: int) -> ResponseReturnValue:
    """Let an issuer leave the service or come back, for a reason."""
    return _decide(issuer_id, ADMIN_DECISIONS)


def _decide(issuer_id: int, offered: frozenset[str] | set[str]) -> ResponseReturnValue:
    issuer, reason, decision = staff_scope.issuer(issuer_id), form_value("reason"), request.form.get("decision", "")
    if decision not in offered:
        abort(400)
    if not reason:
        return _page(issuer, say("Écrivez la raison de votre décision : elle reste avec votre nom.")), 422
    decide, words = _DECISIONS[decision]
    try:
        with app_context.store().writing() as session:
            done = decide(session, issuer_id, current_user.staff().email, reason, app_context.now())
    except IssuerError as error:
        return _page(issuer, error.spelled(language())), 422
    app_context.store().wake_up.send()
    if done:
        flash(say(words, issuer=issuer.name), "good")
    else:
        flash(say("Quelqu’un a décidé avant vous."), "ask")
    return redirect(url_for(".show", issuer_id=issuer_id), 303)


def _page(issuer: Issuer, wrong: str = "") -> str:
    session = app_context.reading()
    return render_template(
        "operators/room/issuer.html",
        issuer=issuer,
        last=next(iter(latest_feeds(session, issuer.id, 1)), None),
        unfinished=count_unfinished_feeds(session, issuer.id).get(issuer.id, 0),
        acts=told_acts(session, list(reversed(events_of(session, "issuer", issuer.id)))[:_HISTORY]),
        wrong=wrong,
    )


def _form(wrong: dict[str, str]) -> str:
    return render_template("operators/room/new_issuer.html", wrong=wrong, typed=request.form)
