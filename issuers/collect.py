"""Collecting: what lies whole in the trays becomes feeds, and each sender finds an answer beside."""

import json
import logging
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from issuers.declaration import DeclarationError
from issuers.drop import Dropped, Refused, drop
from issuers.report import feed_report, refused_report
from issuers.taken import Taken
from issuers.tray import Tray, take_whole, trays
from store import Store
from store.feed import Feed
from store.issuer import Issuer, issuer_by_slug

#: An upload that nobody has touched for so many seconds is whole, unless it broke off.
QUIET_SECONDS: Final = 60.0

log = logging.getLogger(__name__)


def take_settled(
    store: Store, home: Path, now: datetime, quiet_seconds: float = QUIET_SECONDS,
    arrived: Collection[tuple[str, str]] = (),
) -> list[Dropped]:  # fmt: skip
    """Take what is whole in the trays under *home* (`tray.take_whole` says when) and drop it; the feeds, in order."""
    take_whole(home, now, quiet_seconds, arrived)
    return drop_taken(store, home, now)


def drop_taken(store: Store, home: Path, now: datetime) -> list[Dropped]:
    """Drop what was taken, now or by a server that died since. It is forgotten only after the commit: a second time
    gives the same feed."""
    dropped: list[Dropped] = []
    for tray in trays(home):
        taken = tray.taken()
        issuer = _issuer(store, tray.slug) if taken else None
        if issuer is not None:
            dropped += [feed for each in taken if (feed := _try_to_drop(store, tray, issuer, each, now))]
    return dropped


def _try_to_drop(store: Store, tray: Tray, issuer: Issuer, taken: Taken, now: datetime) -> Dropped | None:
    """What goes wrong with one issuer's file keeps nobody else's waiting; it is tried again at the next round."""
    try:
        return _drop(store, tray, issuer, taken, now)
    except FileNotFoundError:
        log.info("%s: %s was dropped by another server", tray.slug, taken.name)
    except Exception:
        log.exception("%s: %s could not be dropped now", tray.slug, taken.name)
    return None


def _drop(store: Store, tray: Tray, issuer: Issuer, taken: Taken, now: datetime) -> Dropped | None:
    try:
        dropped = _drop_whole(store, issuer, taken, now)
    except Refused as refused:
        log.warning("%s: %s is refused: %s", tray.slug, taken.name, refused)
        _answer(tray, taken, ".refused.json", refused_report(tray.slug, taken.name, refused.finding))
        return None
    with store.reading() as session:
        report = feed_report(session, session.get_one(Feed, dropped.feed_id))
    _answer(tray, taken, ".received.json", report)
    return dropped


def _drop_whole(store: Store, issuer: Issuer, taken: Taken, now: datetime) -> Dropped:
    try:
        declared = taken.declared()
    except DeclarationError as error:
        raise Refused(error.finding(taken.name)) from error
    with taken.path.open("rb") as file:
        return drop(store, issuer, file, taken.name, "sftp", now, checksums=taken.announced, announced=declared)


def _answer(tray: Tray, taken: Taken, ending: str, report: dict[str, Any]) -> None:
    tray.answer(taken.name, ending, json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    taken.forget()


def _issuer(store: Store, slug: str) -> Issuer | None:
    with store.reading() as session:
        return issuer_by_slug(session, slug)
