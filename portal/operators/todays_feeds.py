"""The feeds that a dashboard shows: today's, and those that need somebody; and uploads that were never finished."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from doors.complete_uploads import UnfinishedUpload, unfinished_uploads
from portal import app_context
from store.feeds.feed import Feed, recent_and_unfinished_feeds
from store.issuer import Issuer

#: A refused feed is shown for so long: somebody has to send it again.
REFUSED_SHOWN: Final = timedelta(days=7)
#: What asks for somebody comes first.
_ORDER: Final = ("held", "rejected", "reading", "received", "released", "settled")


def feeds_of_today(session: Session, now: datetime, zone: ZoneInfo, issuer_id: int | None) -> Sequence[Feed]:
    """Returns feeds received today, unfinished or held ones however old, and recently rejected ones; those that need
    somebody first."""
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    feeds = recent_and_unfinished_feeds(session, midnight, now - REFUSED_SHOWN, issuer_id)
    return sorted(feeds, key=lambda feed: _ORDER.index(feed.state))


def unfinished_of(issuers: Iterable[Issuer]) -> list[tuple[Issuer, UnfinishedUpload]]:
    """Returns incomplete uploads of the SFTP door with their issuers, for these issuers."""
    by_slug = {issuer.slug: issuer for issuer in issuers}
    left = unfinished_uploads(app_context.config().drops)
    return [(by_slug[upload.slug], upload) for upload in left if upload.slug in by_slug]
