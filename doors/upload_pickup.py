"""Turn complete uploads into feeds, and write an answer file beside each for its sender."""

import json
import logging
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from doors.awaited_report import AwaitedReport, await_report
from doors.claimed_upload import ClaimedUpload
from doors.complete_uploads import UploadFolder, claim_complete_uploads, upload_folders
from doors.declared_totals import DeclarationError
from doors.feed_drop import DroppedFeed, DropRefused, drop_feed
from doors.kept_uploads import kept_name
from feeds.feed_report import FeedReport, feed_report, refused_report
from issuers.test_side import issuer_of_folder
from store import Store
from store.feeds.feed import Feed
from store.issuer import Issuer

#: Seconds without a change after which an upload is complete, unless it broke off.
QUIET_SECONDS: Final = 60.0

log = logging.getLogger(__name__)


def collect_uploads(
    store: Store, home: Path, now: datetime, quiet_seconds: float = QUIET_SECONDS,
    arrived: Collection[tuple[str, str]] = (),
) -> list[DroppedFeed]:  # fmt: skip
    """Claim the complete uploads under *home* (`doors.complete_uploads` says which) and make feeds of them; returns the
    feeds in order."""
    claim_complete_uploads(home, now, quiet_seconds, arrived)
    return drop_claimed_uploads(store, home, now)


def drop_claimed_uploads(store: Store, home: Path, now: datetime) -> list[DroppedFeed]:
    """Make feeds of claimed uploads, also those left by a killed server. An upload is deleted only after the commit; a
    second try gives the same feed."""
    dropped: list[DroppedFeed] = []
    for upload_folder in upload_folders(home):
        taken = upload_folder.taken()
        issuer = _issuer(store, upload_folder.slug) if taken else None
        if issuer is not None:
            dropped += [feed for each in taken if (feed := _try_to_drop(store, upload_folder, issuer, each, now))]
    return dropped


def _try_to_drop(
    store: Store, upload_folder: UploadFolder, issuer: Issuer, taken: ClaimedUpload, now: datetime
) -> DroppedFeed | None:
    """Make a feed of one upload. An error is logged and retried in the next round, and delays no other upload."""
    try:
        return _drop(store, upload_folder, issuer, taken, now)
    except FileNotFoundError:
        log.info("%s: %s was dropped by another server", upload_folder.slug, taken.name)
    except Exception:
        log.exception("%s: %s could not be dropped now", upload_folder.slug, taken.name)
    return None


def _drop(
    store: Store, upload_folder: UploadFolder, issuer: Issuer, taken: ClaimedUpload, now: datetime
) -> DroppedFeed | None:
    """The file is moved last: a server that is killed before drops it again, which gives the same feed and answer."""
    kept = kept_name(taken.name, now)
    try:
        dropped = _drop_whole(store, issuer, taken, now)
    except DropRefused as refused:
        log.warning("%s: %s is refused: %s", upload_folder.slug, taken.name, refused)
        _answer(upload_folder, taken, ".refused.json", refused_report(upload_folder.slug, taken.name, refused.finding))
        upload_folder.rejected.keep(taken.path, kept, now)
        taken.forget()
        return None
    with store.reading() as session:
        report = feed_report(session, session.get_one(Feed, dropped.feed_id))
    _answer(upload_folder, taken, ".received.json", report)
    await_report(upload_folder, AwaitedReport(dropped.feed_id, taken.name, kept))
    upload_folder.archive.keep(taken.path, kept, now)
    taken.forget()
    return dropped


def _drop_whole(store: Store, issuer: Issuer, taken: ClaimedUpload, now: datetime) -> DroppedFeed:
    try:
        declared = taken.declared()
    except DeclarationError as error:
        raise DropRefused(error.finding(taken.name)) from error
    with taken.path.open("rb") as file:
        return drop_feed(store, issuer, file, taken.name, "sftp", now, checksums=taken.announced, announced=declared)


def _answer(upload_folder: UploadFolder, taken: ClaimedUpload, ending: str, report: FeedReport) -> None:
    upload_folder.answer(taken.name, ending, json.dumps(report, ensure_ascii=False, indent=2) + "\n")


def tidy_kept_uploads(home: Path, now: datetime) -> None:
    """Delete the files in `archive` and `rejected` that were kept long enough."""
    for upload_folder in upload_folders(home):
        for kept in upload_folder.kept.values():
            kept.tidy(now)


def _issuer(store: Store, slug: str) -> Issuer | None:
    with store.reading() as session:
        return issuer_of_folder(session, slug)
