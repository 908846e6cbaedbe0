"""The dashboard of an issuer's members: silent bills, pending decisions, today's feeds, print batches and adoption.
Operators have tonight's page at the same address."""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from adoption.adoption_curves import adoption_curves
from audit.late_batches import read_late_batches, read_unacknowledged_batches
from audit.silent_bills import silent_bill_sample
from delivery.channels.paper.vanished_print_files import lost_letters
from portal import app_context
from portal.access import staff_scope
from portal.operators.customer_enquiries import waiting_enquiries
from portal.operators.first_steps import first_steps
from portal.operators.pending_decisions import counts
from portal.operators.presenters.adoption_charts import curves_of
from portal.operators.presenters.delivery_timeline import why_silent
from portal.operators.presenters.feed_progress import feed_progress
from portal.operators.print_batches import latest_batches
from portal.operators.room import tonight
from portal.operators.todays_feeds import feeds_of_today, unfinished_of
from store.delivery import deliveries_of
from store.feeds.feed import latest_feeds
from store.last_worked_as_of import business_now
from store.outbox.webhook_endpoint import disabled_endpoints
from words import state_names

pages = Blueprint("dashboard", __name__, url_prefix="/equipe")


@pages.get("/")
def show() -> ResponseReturnValue:
    issuer_id = staff_scope.issuer_id()
    return tonight.whole_page() if issuer_id is None else _of_issuer(issuer_id)


def _of_issuer(issuer_id: int) -> str:
    session, issuers = app_context.reading(), staff_scope.issuers()
    points = adoption_curves(session, issuers)
    feeds = feeds_of_today(session, app_context.now(), ZoneInfo(app_context.config().time_zone), issuer_id)
    # Lateness is judged as `facteur check` judges it.
    moment, lost = business_now(session, app_context.now()), lost_letters(session, app_context.print_houses().outboxes)
    silent = silent_bill_sample(session, moment, app_context.calendar(), lost, issuer_id)
    return render_template(
        "operators/dashboard.html",
        silent=silent.number,
        first_silent=[(bill, why_silent(bill, deliveries_of(session, bill.id))) for bill in silent.first],
        bills=sum(point.bills for point in points),
        waiting=counts(session, issuer_id),
        enquiries=waiting_enquiries(session, issuer_id),
        disabled_endpoints=disabled_endpoints(session, issuer_id),
        first_steps=first_steps(session, issuers[issuer_id], app_context.now()),
        today=app_context.today(),
        feeds=feed_progress(session, feeds),
        last_feed=None if feeds else next(iter(latest_feeds(session, issuer_id, 1)), None),
        unfinished=unfinished_of(issuers.values()),
        late_batches=read_late_batches(session, moment, issuer_id),
        unacknowledged=read_unacknowledged_batches(session, moment, issuer_id),
        batches=latest_batches(session, issuer_id, 5),
        curves=curves_of(points, list(issuers.values())),
        issuers=issuers,
        wording=state_names,
    )
