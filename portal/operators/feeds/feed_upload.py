"""Routes by which an issuer's member brings feeds in: files chosen or dragged onto the page, and how far each has come.

The page's script sends one file a request, as its body, so that its bytes are counted while they go and are read from
the request as they lie there. Without the script the form sends all of them at once.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill import ControlTotals
from doors.declared_totals import DeclarationError, declared_totals
from doors.feed_drop import LARGEST_FEED, DropRefused, clean_name, drop_feed
from portal import app_context
from portal.access import current_user, staff_scope
from portal.access.security_headers_and_csrf import csrf, demand_token
from portal.form_input import one_line
from portal.operators.presenters.feed_steps import FeedOnItsWay, feeds_on_their_way
from portal.operators.presenters.finding_text import message
from portal.presenters.amounts_and_dates import size
from portal.public_id_converter import public_id, row_of
from portal.translation import say
from store.blobs.blob_store import Readable
from store.feeds.feed import Feed, feed_of_issuer, latest_feeds
from store.issuer import Issuer
from words import state_names
from words.catalogue import N_

pages = Blueprint("feed_upload", __name__, url_prefix="/equipe/flux/depot")

#: Feeds that the page follows: those that were just brought in, and the latest besides.
_FOLLOWED: Final = 20
_LATEST: Final = 10
#: Seconds until a page that shows feeds on their way looks again.
LOOK_AGAIN: Final = 2
#: What people write between thousands.
_BLANKS: Final = re.compile(r"\s")
_WRONG_TOTALS: Final = N_(
    "Les totaux annoncés ne se lisent pas : un nombre entier de factures, et une somme comme 98211,40."
)


class Told(NamedTuple):
    """What became of a file, in words and their tone, and its feed, where there is one."""

    words: str
    tone: str
    feed_id: int | None = None


@pages.get("")
def show() -> ResponseReturnValue:
    return render_template(
        "operators/feeds/feed_upload.html",
        largest=LARGEST_FEED,
        largest_in_words=size(LARGEST_FEED),
        **_followed(),
    )


@pages.post("/fichier")
def take() -> Response:
    """Take in the one file that is the request's body, under the query's `nom`."""
    name = request.args.get("nom", "")
    announced, wrong = _announced(request.args, 2 if request.args.get("plusieurs") else 1)
    told = Told(wrong, "bad") if wrong else _take(request.stream, name, announced, request.environ["wsgi.input"])
    return jsonify(words=told.words, tone=told.tone, feed=told.feed_id and public_id(told.feed_id, "feed"))


@pages.post("")
def send() -> ResponseReturnValue:
    """Take in the files of the form, each for itself: what is wrong with one keeps no other back."""
    demand_token()
    files = [each for each in request.files.getlist("fichiers") if each.filename]
    announced, wrong = _announced(request.form, len(files))
    if not files or wrong:
        flash(wrong or say("Choisissez au moins un fichier."), "bad")
        return redirect(url_for(".show"), 303)
    followed = []
    for file in files:
        told = _take(file.stream, file.filename or "", announced)
        followed += [told.feed_id] if told.feed_id else []
        if told.tone != "good":
            flash(f"{clean_name(file.filename or '')}{say(' :')} {told.words}", told.tone)
    return redirect(url_for(".show", flux=[public_id(each, "feed") for each in followed]), 303)


csrf.exempt(send)  # it demands the token itself, once the guard has let the visitor in: only then are files opened


def _take(stream: Readable, name: str, announced: ControlTotals | None, unnamed: object = None) -> Told:
    """Drop the file as a feed of the member's issuer. *unnamed* is its stream's own file (`drop_feed`)."""
    try:
        dropped = drop_feed(
            app_context.store(), _issuer(), stream, name, "console", app_context.now(), announced=announced,
            by=current_user.staff().email, unnamed=unnamed,
        )  # fmt: skip
    except DropRefused as refused:
        return Told(message(refused.finding), "bad")
    if dropped.is_new:
        return Told(say("reçu"), "good", dropped.feed_id)
    return Told(say("Déjà déposé, avec le même contenu : rien n’est pris deux fois."), "ask", dropped.feed_id)


def _announced(fields: Mapping[str, str], files: int) -> tuple[ControlTotals | None, str]:
    """Returns the control totals typed beside one of *files* files, and what is wrong with them in words."""
    count, amount = (_BLANKS.sub("", fields.get(name, "")) for name in ("nombre", "somme"))
    if not count and not amount:
        return None, ""
    if files > 1:
        return None, say("Des totaux annoncés valent pour un seul fichier : déposez-les un par un.")
    currency = one_line(fields.get("monnaie", ""), 3).upper() or "EUR"
    try:
        return declared_totals(count or None, [f"{currency}={amount}"] if amount else [], "console"), ""
    except DeclarationError:
        return None, say(_WRONG_TOTALS)


def _followed() -> dict[str, Any]:
    """Returns the feeds that the page shows, for its template: those that the query names first, then the latest."""
    session, issuer_id = app_context.reading(), _issuer().id
    asked = request.args.getlist("flux")[:_FOLLOWED]
    rows = [row for each in asked if (row := row_of(each, "feed")) is not None]
    named = [feed for row in dict.fromkeys(rows) if (feed := feed_of_issuer(session, issuer_id, row)) is not None]
    shown = {feed.id for feed in named}
    feeds: list[Feed] = [*named, *(each for each in latest_feeds(session, issuer_id, _LATEST) if each.id not in shown)]
    found: list[FeedOnItsWay] = feeds_on_their_way(session, feeds)
    return {
        "found": found,
        "again": LOOK_AGAIN if any(each.how.is_moving for each in found) else 0,
        "looks_at": url_for(".show", flux=asked),
        "wording": state_names,
    }


def _issuer() -> Issuer:
    """Returns the issuer that the member works for."""
    [issuer] = staff_scope.issuers().values()
    return issuer
