"""The steps of a feed from its arrival to its bills' channels: what is done, what is under way and how far."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from sqlalchemy.orm import Session

from portal.operators.presenters.feed_progress import FeedProgress, feed_progress
from portal.presenters.amounts_and_dates import number, share
from portal.translation import say
from store.feeds.chunk import ChunkShares, shares_by_step
from store.feeds.feed import OUT, Feed

StepState = Literal["done", "now", "to come", "stopped"]

_ALL: Final = ChunkShares(1.0, 1.0)
_NONE: Final = ChunkShares(0.0, 0.0)


class FeedStep(NamedTuple):
    """A step in words, how it stands, and how far it is in words ("" where that is not known)."""

    words: str
    state: StepState
    so_far: str = ""


class FeedOnItsWay(NamedTuple):
    """A feed, how far it has come, and its steps in their order."""

    how: FeedProgress
    steps: list[FeedStep]


def feeds_on_their_way(session: Session, feeds: Sequence[Feed]) -> list[FeedOnItsWay]:
    """Returns the feeds with their steps, in the same order."""
    released = [feed.id for feed in feeds if feed.state == "released"]
    shares = shares_by_step(session, released)
    return [
        FeedOnItsWay(how, feed_steps(how, shares.get(how.feed.id, _ALL if how.feed.state in OUT else _NONE)))
        for how in feed_progress(session, feeds)
    ]


def feed_steps(how: FeedProgress, shares: ChunkShares) -> list[FeedStep]:
    """Returns the steps of a feed. One of other content than bills has no page to draw and no channel to choose."""
    feed = how.feed
    steps = [FeedStep(say("Reçu"), "done"), _reading(how), _release(feed)]
    if feed.content == "bills":
        steps.append(_share(say("Mis en page"), feed, shares.rendered, is_next=True))
        steps.append(_share(say("Canal choisi"), feed, shares.chosen, is_next=shares.rendered > 0))
    return steps


def _reading(how: FeedProgress) -> FeedStep:
    feed, words = how.feed, say("Lu")
    count = say("{count} article|{count} articles", n=how.all, count=number(how.all)) if how.all else ""
    if feed.state == "received" or (feed.state == "reading" and feed.read_at is None):
        return FeedStep(words, "now", count)
    is_broken_off = feed.state in {"held", "rejected"} and (feed.read_at is None or not feed.entries)
    return FeedStep(words, "stopped", "") if is_broken_off else FeedStep(words, "done", count)


def _release(feed: Feed) -> FeedStep:
    words = say("Libéré")
    if feed.state in OUT:
        return FeedStep(words, "done")
    if feed.read_at is None or (feed.state == "rejected" and not feed.entries):
        return FeedStep(words, "to come")
    return FeedStep(words, "now" if feed.state == "reading" else "stopped")


def _share(words: str, feed: Feed, part: float, *, is_next: bool) -> FeedStep:
    if feed.state not in OUT:
        return FeedStep(words, "to come")
    if part >= 1:
        return FeedStep(words, "done")
    return FeedStep(words, "now" if is_next else "to come", share(part) if part else "")
