"""The profile that a feed is read with."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from issuers.profile import Profile
from issuers.registry import profile_of
from store.feeds.feed import Feed
from store.issuer import Issuer


def profile_of_feed(session: Session, feed: Feed) -> Profile:
    """The present profile of the feed's issuer, for a reading that begins now; its version is kept in the feed's
    row."""
    issuer = session.get_one(Issuer, feed.issuer_id)
    version = issuer.profile_version or None
    session.execute(update(Feed).where(Feed.id == feed.id).values(profile_version=version))
    return profile_of(issuer)
