"""Tonight, as operators see it from across the room: the nothing-lost board, feeds, paper, workers, outages, and what
waits for a person. The part that changes is a page of its own, which `live.js` fetches again every ten seconds.

All of it comes from kept counters and from the few rows that are under way: a million bills cost nothing more.
"""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.adoption_curves import adoption_curves
from audit.houseless_batches import read_houseless_batches
from audit.late_batches import read_late_batches, read_unacknowledged_batches
from audit.outages import outages
from audit.print_disputes import read_disputed_batches
from audit.silent_bills import silent_bill_sample
from audit.worker_and_task_liveness import overdue_tasks, workers_silent_since
from audit.workers_at_work import workers_at_work
from delivery.channels.paper.vanished_print_files import lost_letters
from portal import app_context
from portal.access import staff_scope
from portal.operators.presenters.adoption_charts import curves_of
from portal.operators.presenters.delivery_timeline import why_silent
from portal.operators.presenters.feed_progress import feed_progress
from portal.operators.presenters.waiting_board import board_of
from portal.operators.print_batches import latest_batches
from portal.operators.todays_feeds import feeds_of_today, unfinished_of
from store.delivery import deliveries_of
from store.facts.monthly_fact import counted_bill_total
from store.feeds.feed import latest_feeds
from store.issuer import suspended_issuers
from store.last_worked_as_of import business_now
from store.outbox.webhook_endpoint import disabled_endpoints
from store.print_answer import stray_answers
from words import state_names

pages = Blueprint("tonight", __name__, url_prefix="/equipe/ce-soir")

#: Seconds until the page looks again.
LOOK_AGAIN: Final = 10
#: Feeds that are shown: those that need somebody, then those that move, then today's.
_MOST_FEEDS: Final = 12


@pages.get("")
def part() -> ResponseReturnValue:
    """Answers with the part that changes, as a page without the curves: for a screen on the wall, and for `live.js`."""
    return render_template("operators/room/tonight.html", curves=None, **_changing())


def whole_page() -> str:
    """Returns the operators' dashboard: the part that changes, and the curves, which do not from one look to the
    next."""
    session, issuers = app_context.reading(), staff_scope.issuers()
    curves = curves_of(adoption_curves(session, issuers), list(issuers.values()))
    return render_template("operators/room/tonight.html", curves=curves, **_changing())


def _changing() -> dict[str, Any]:
    session, issuers, now = app_context.reading(), staff_scope.issuers(), app_context.now()
    moment = business_now(session, now)
    feeds = list(feeds_of_today(session, now, ZoneInfo(app_context.config().time_zone), None))
    return {
        **_silence(session, moment),
        "looked_at": now,
        "again": LOOK_AGAIN,
        "board": board_of(session),
        "silent_since": workers_silent_since(session, moment),
        "overdue_tasks": overdue_tasks(session),
        "workers": workers_at_work(session),
        "outages": outages(session, moment),
        "suspended": suspended_issuers(session),
        "disabled_endpoints": disabled_endpoints(session, None),
        "feeds": feed_progress(session, feeds[:_MOST_FEEDS]),
        "further_feeds": max(0, len(feeds) - _MOST_FEEDS),
        "last_feed": None if feeds else next(iter(latest_feeds(session, None, 1)), None),
        "unfinished": unfinished_of(issuers.values()),
        "today": app_context.today(),
        "issuers": issuers,
        "wording": state_names,
        **_paper(session, moment),
    }


def _silence(session: Session, moment: datetime) -> dict[str, Any]:
    """Lateness is judged as `facteur check` judges it."""
    lost = lost_letters(session, app_context.print_houses().outboxes)
    silent = silent_bill_sample(session, moment, app_context.calendar(), lost)
    told = [(bill, why_silent(bill, deliveries_of(session, bill.id))) for bill in silent.first]
    return {"silent": silent.number, "first_silent": told, "bills": counted_bill_total(session)}


def _paper(session: Session, moment: datetime) -> dict[str, Any]:
    return {
        "late_batches": read_late_batches(session, moment),
        "unacknowledged": read_unacknowledged_batches(session, moment),
        "houseless": read_houseless_batches(session, app_context.print_houses().slugs),
        "disputed": read_disputed_batches(session),
        "strays": stray_answers(session),
        "batches": latest_batches(session, None, 5),
    }
