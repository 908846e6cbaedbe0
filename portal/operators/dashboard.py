"""The staff's dashboard: silent bills, pending decisions, today's feeds, print batches and adoption, on one page."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.adoption_curves import adoption_curves
from audit.houseless_batches import read_houseless_batches
from audit.late_batches import read_late_batches, read_unacknowledged_batches
from audit.print_disputes import read_disputed_batches
from audit.silent_bills import silent_bill_sample
from audit.worker_and_task_liveness import overdue_tasks, workers_silent_since
from delivery.channels.paper.vanished_print_files import lost_letters
from doors.complete_uploads import UnfinishedUpload, unfinished_uploads
from portal import app_context
from portal.access import staff_scope
from portal.operators.customer_enquiries import waiting_enquiries
from portal.operators.pending_decisions import counts
from portal.operators.presenters.adoption_charts import curves_of
from portal.operators.presenters.delivery_timeline import why_silent
from portal.operators.presenters.feed_progress import feed_progress
from portal.operators.print_batches import latest_batches
from store.delivery import deliveries_of
from store.feeds.feed import Feed, latest_feeds, recent_and_unfinished_feeds
from store.heard_mail import count_mails_to_read
from store.issuer import Issuer
from store.last_worked_as_of import business_now
from store.outbox.webhook_endpoint import disabled_endpoints
from store.print_answer import stray_answers
from words import state_names

pages = Blueprint("dashboard", __name__, url_prefix="/equipe")

#: A refused feed is shown for so long: somebody has to send it again.
REFUSED_SHOWN: Final = timedelta(days=7)
#: What asks for somebody comes first.
_ORDER: Final = ("held", "rejected", "reading", "received", "released", "settled")


@pages.get("/")
def show() -> ResponseReturnValue:
    session, issuers = app_context.reading(), staff_scope.issuers()
    points = adoption_curves(session, issuers)
    issuer_id = staff_scope.issuer_id()
    is_operator = issuer_id is None
    feeds = feeds_of_today(session, app_context.now(), ZoneInfo(app_context.config().time_zone), issuer_id)
    # Lateness is judged as `facteur check` judges it.
    moment, lost = business_now(session, app_context.now()), lost_letters(session, app_context.print_houses().outboxes)
    others = app_context.print_houses().other_calendars
    silent = silent_bill_sample(session, moment, app_context.calendar(), lost, issuer_id, others=others)
    return render_template(
        "operators/dashboard.html",
        silent=silent.number,
        first_silent=[(bill, why_silent(bill, deliveries_of(session, bill.id))) for bill in silent.first],
        bills=sum(point.bills for point in points),
        waiting=counts(session, issuer_id),
        enquiries=waiting_enquiries(session, issuer_id),
        silent_since=workers_silent_since(session, moment) if is_operator else None,
        overdue_tasks=overdue_tasks(session) if is_operator else [],
        disabled_endpoints=disabled_endpoints(session, issuer_id),
        returned_mails=count_mails_to_read(session) if is_operator else 0,
        today=app_context.today(),
        feeds=feed_progress(session, feeds),
        last_feed=None if feeds else next(iter(latest_feeds(session, issuer_id, 1)), None),
        unfinished=_unfinished(issuers.values()),
        late_batches=read_late_batches(session, moment, issuer_id),
        unacknowledged=read_unacknowledged_batches(session, moment, issuer_id),
        houseless=read_houseless_batches(session, app_context.print_houses().slugs) if is_operator else [],
        disputed=read_disputed_batches(session) if is_operator else [],
        strays=stray_answers(session) if is_operator else [],
        batches=latest_batches(session, issuer_id, 5),
        curves=curves_of(points, list(issuers.values())),
        issuers=issuers,
        wording=state_names,
    )


def _unfinished(issuers: Iterable[Issuer]) -> list[tuple[Issuer, UnfinishedUpload]]:
    """Returns incomplete uploads of the SFTP door with their issuers, for the issuers in scope."""
    by_slug = {issuer.slug: issuer for issuer in issuers}
    left = unfinished_uploads(app_context.config().drops)
    return [(by_slug[upload.slug], upload) for upload in left if upload.slug in by_slug]


def feeds_of_today(session: Session, now: datetime, zone: ZoneInfo, issuer_id: int | None) -> Sequence[Feed]:
    """Returns feeds received today, unfinished or held ones however old, and recently rejected ones; those that need
    somebody first."""
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    feeds = recent_and_unfinished_feeds(session, midnight, now - REFUSED_SHOWN, issuer_id)
    return sorted(feeds, key=lambda feed: _ORDER.index(feed.state))
