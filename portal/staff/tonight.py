"""Tonight: whether all is well, from across the room. Bills without news, feeds, paper, adoption."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from adoption.curves import curves
from audit.late_batches import late_batches, unacknowledged_batches
from audit.silent_bills import silent_bills
from audit.violations import count
from audit.workers import overdue_tasks, workers_silent_since
from delivery.lost_letters import lost_letters
from issuers.tray import Unfinished, unfinished
from portal import here
from portal.staff import scope, wording
from portal.staff.batches import latest_batches, of_issuer
from portal.staff.curves import curves_of
from portal.staff.headway import headway
from portal.staff.story import why_silent
from portal.staff.waiting import counts
from store.bill import BillRow
from store.business_time import business_now
from store.delivery import deliveries_of
from store.feed import Feed, latest_feeds
from store.issuer import Issuer

pages = Blueprint("tonight", __name__, url_prefix="/equipe")

#: A refused feed is shown for so long: somebody has to send it again.
REFUSED_SHOWN: Final = timedelta(days=7)
#: What asks for somebody comes first.
_ORDER: Final = ("held", "rejected", "reading", "received", "released", "settled")


@pages.get("/")
def show() -> ResponseReturnValue:
    session, issuers = here.reading(), scope.issuers()
    points = curves(session, issuers)
    is_operator = scope.issuer_id() is None
    feeds = feeds_tonight(session, here.now(), ZoneInfo(here.config().time_zone), scope.issuer_id())
    # Lateness is judged as `facteur check` judges it.
    moment, lost = business_now(session, here.now()), lost_letters(session, here.config().outbox)
    silent = silent_bills(moment, here.calendar(), lost, scope.issuer_id())
    return render_template(
        "staff/tonight.html",
        silent=count(session, silent),
        first_silent=[
            (bill, why_silent(bill, deliveries_of(session, bill.id)))
            for bill in (session.get_one(BillRow, bill_id) for bill_id in session.scalars(silent.limit(5)).all())
        ],
        bills=sum(point.bills for point in points),
        waiting=counts(session, scope.issuer_id()),
        silent_since=workers_silent_since(session, moment) if is_operator else None,
        overdue_tasks=overdue_tasks(session) if is_operator else [],
        today=here.today(),
        feeds=headway(session, feeds),
        last_feed=None if feeds else next(iter(latest_feeds(session, scope.issuer_id(), 1)), None),
        unfinished=_unfinished(issuers.values()),
        late_batches=session.scalars(of_issuer(late_batches(moment), scope.issuer_id())).all(),
        unacknowledged=session.scalars(of_issuer(unacknowledged_batches(moment), scope.issuer_id())).all(),
        batches=latest_batches(session, scope.issuer_id(), 5),
        curves=curves_of(points, list(issuers.values())),
        issuers=issuers,
        wording=wording,
    )


def _unfinished(issuers: Iterable[Issuer]) -> list[tuple[Issuer, Unfinished]]:
    """Uploads at the SFTP door that do not count, of the issuers to be seen here."""
    by_slug = {issuer.slug: issuer for issuer in issuers}
    left = unfinished(here.config().drops)
    return [(by_slug[upload.slug], upload) for upload in left if upload.slug in by_slug]


def feeds_tonight(session: Session, now: datetime, zone: ZoneInfo, issuer_id: int | None) -> Sequence[Feed]:
    """What came today, what is not finished or waits for somebody since earlier, and what was refused lately."""
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    is_new = Feed.received_at >= midnight
    is_unfinished = Feed.state.in_(["received", "reading", "held"])
    is_refused = (Feed.state == "rejected") & (Feed.received_at >= now - REFUSED_SHOWN)
    query = select(Feed).where(is_new | is_unfinished | is_refused).order_by(Feed.id.desc()).limit(50)
    if issuer_id is not None:
        query = query.where(Feed.issuer_id == issuer_id)
    return sorted(session.scalars(query), key=lambda feed: _ORDER.index(feed.state))
