"""Step 2, read, of a feed of bills: its items are staged, then the feed is judged. Staged items own no bill number."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import update

from feeds.accounts.account_number_counts import AccountSurvey
from feeds.stage_items import Staged, stage_items
from ingest import FeedItem, open_feed
from pipeline.steps.judge_feed import judge_feed
from pipeline.steps.profile_of_feed import profile_of_feed
from store import Store
from store.db.leases import assert_lease
from store.feeds.chunk import in_chunks
from store.feeds.feed import Feed
from store.feeds.feed_counts_as_read import FeedCounts
from store.feeds.item import clear_stage
from store.vault.attachment_staging import PAGES, StagedAttachment, attachments_of, keep_staging_blob, put_staging_blob


def staging_bills(store: Store, feed: Feed, clock: Callable[[], datetime]) -> Iterator[None]:
    """Stage the file's items chunk by chunk, then judge the feed. What an unfinished reading left is deleted first."""
    with store.writing() as session:
        assert_lease(session, Feed, feed.id)
        clear_stage(session, feed.id)
        profile = profile_of_feed(session, feed)
    figures = FeedCounts()
    survey = AccountSurvey(feed.issuer_id, profile.account_term)
    with store.blobs.open(feed.sha256) as stream:
        entries = open_feed(stream, feed.name, profile)
        for group in in_chunks(entries, lambda entry: entry.weight):
            for entry in group:
                figures.add(entry.amount, is_taken=entry.bill is not None)
            parcel = put_staging_blob(store.blobs, feed.id, [each for entry in group for each in _enclosed(entry)])
            with store.writing() as session:
                assert_lease(session, Feed, feed.id)
                stage_items(session, feed.id, map(_staged, group))
                keep_staging_blob(session, parcel)
                survey.look(session, {entry.seq: entry.bill for entry in group if entry.bill is not None})
                # Who comes further than the last reader did was not ended by what ended that one.
                further = {"attempts": 1} if figures.items > feed.entries else {}
                session.execute(update(Feed).where(Feed.id == feed.id).values(entries=figures.items, **further))
            yield
    figures.note(survey)
    judge_feed(store, feed, profile, entries, figures, clock())


def _staged(entry: FeedItem) -> Staged:
    return Staged(entry.seq, entry.place, entry.body_sha, entry.number, entry.bill, entry.findings, entry.amount)


def _enclosed(entry: FeedItem) -> Iterator[StagedAttachment]:
    """The issuer's own pages and the attachments of an item that is a bill."""
    if entry.bill is not None:
        if entry.pages is not None:
            yield StagedAttachment(entry.seq, PAGES, entry.pages, entry.text)
        yield from attachments_of(entry.seq, entry.bill, entry.attachment_texts)
