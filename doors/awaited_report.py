"""Reports that senders of uploaded feeds wait for: written beside the upload once a feed was read, and once more when a
held one was decided."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from doors.complete_uploads import UploadFolder, upload_folders
from feeds.feed_report import feed_report
from store import Store
from store.feeds.feed import Feed, states_and_readings

#: States of a feed that has been read; of a held one there is more to come.
_READ: Final = frozenset({"held", "released", "settled", "rejected"})

log = logging.getLogger(__name__)


class AwaitedReport(msgspec.Struct, frozen=True):
    """The upload *name* became *feed* and lies in the archive as *kept*. *told*: the state that was
    reported last, and of which reading."""

    feed: int
    name: str
    kept: str
    told: tuple[str, int] = ("", 0)
    is_outdated: bool = False  # a later file has this name: nothing is told of this one, but it is put where it belongs


def await_report(upload_folder: UploadFolder, awaited: AwaitedReport) -> None:
    """Remember that a report is to be written, and none on an older file of this name."""
    for path, older in _awaited(upload_folder):
        if older.name == awaited.name and path.exists():
            _write(upload_folder, msgspec.structs.replace(older, is_outdated=True))
    _write(upload_folder, awaited)


def write_reports(store: Store, home: Path, now: datetime) -> None:
    """Write the reports of the feeds that have been read since. An error in one folder delays no other."""
    for upload_folder in upload_folders(home):
        try:
            _write_reports_of(store, upload_folder, now)
        except Exception:
            log.exception("%s: reports could not be written now", upload_folder.slug)


def _write_reports_of(store: Store, upload_folder: UploadFolder, now: datetime) -> None:
    waiting = list(_awaited(upload_folder))
    if not waiting:
        return
    with store.reading() as session:
        read = states_and_readings(session, [awaited.feed for _, awaited in waiting])
        for path, awaited in waiting:
            now_at = read.get(awaited.feed)
            if now_at is None:  # a test side that was reset
                path.unlink(missing_ok=True)
            elif now_at[0] in _READ and now_at != awaited.told:
                if not awaited.is_outdated:
                    report = feed_report(session, session.get_one(Feed, awaited.feed))
                    upload_folder.report(awaited.name, json.dumps(report, ensure_ascii=False, indent=2) + "\n")
                _note(upload_folder, path, awaited, now_at, now)


def _note(
    upload_folder: UploadFolder, path: Path, awaited: AwaitedReport, told: tuple[str, int], now: datetime
) -> None:
    """A rejected feed's file goes to `rejected`; only a held feed is waited for any longer."""
    kept = upload_folder.archive.folder / awaited.kept
    if told[0] == "rejected" and kept.is_file():
        upload_folder.rejected.keep(kept, awaited.kept, now)
    if told[0] == "held":
        _write(upload_folder, msgspec.structs.replace(awaited, told=told))
    else:
        path.unlink(missing_ok=True)


def _awaited(upload_folder: UploadFolder) -> Iterator[tuple[Path, AwaitedReport]]:
    folder = upload_folder.awaited
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            yield path, msgspec.json.decode(path.read_bytes(), type=AwaitedReport)
        except FileNotFoundError:  # another server has written it
            continue


def _write(upload_folder: UploadFolder, awaited: AwaitedReport) -> None:
    upload_folder.awaited.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = upload_folder.awaited / f"{awaited.kept}.json"
    draft = path.with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(awaited))
    draft.replace(path)
