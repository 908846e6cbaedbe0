"""The job that resets a test side: deletes all its rows and blobs and nothing else, some at a time, and gives it the
settings that its issuer has now. Its keys, endpoints and numbers of events stay.

What was under way is stopped first, so that nobody works at what goes. Killed in between, the job begins anew with
what is left; and so it does where a feed came in the meantime, whose rows refer to what is to go.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Table, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config import Config
from issuers.test_side_reset import ResetProgress
from store import Store
from store.db.event import record
from store.issuer import Issuer
from store.job import Job, finish_job
from store.print_batch import house_of_side
from store.test_sides.side_rows import count_rows, delete_some, loosen_rows, side_tables, stop_work
from store.test_sides.twin_issuer import renew_settings
from store.vault.attachment_staging import abandon_blobs

#: How often it begins anew while feeds come in.
_MOST_ROUNDS: Final = 20


def resetting_side(store: Store, job: Job, config: Config, now: datetime) -> Iterator[None]:
    """Do the job step by step: yields between groups of rows. *config* names the folders of letters and of uploads."""
    side_id: int = job.particulars["issuer_id"]
    progress = ResetProgress()
    for rounds_left in reversed(range(_MOST_ROUNDS)):
        while not _begin(store, side_id):
            yield
        with store.reading() as session:
            progress = msgspec.structs.replace(progress, rows=progress.deleted + count_rows(session, side_id))
        try:
            for table in side_tables():
                for number in _emptying(store, table, side_id):
                    progress = msgspec.structs.replace(progress, deleted=progress.deleted + number)
                    with store.writing() as session:
                        _note(session, job.id, progress)
                    yield
            break
        except IntegrityError:
            if not rounds_left:
                raise
    shutil.rmtree(config.test_outbox / house_of_side(side_id), ignore_errors=True)
    with store.writing() as session:
        side = session.get_one(Issuer, side_id)
        _empty_uploads(config.drops / side.slug)
        renew_settings(session, side, now)
        record(session, "issuer", side_id, "reset", now, by="worker")
        finish_job(session, job.id, msgspec.json.encode(progress).decode())


def _emptying(store: Store, table: Table, side_id: int) -> Iterator[int]:
    """Delete the side's rows of one table, some at a time. Yields how many each time. Raises IntegrityError where a
    row of a table that was emptied before refers to one by now."""
    number = 1
    while number:
        with store.writing() as session:
            number, blobs = delete_some(session, table, side_id)
            abandon_blobs(session, blobs)
        yield number


def _begin(store: Store, side_id: int) -> bool:
    """Stop what is under way. Returns False while somebody works at it."""
    with store.writing() as session:
        if not session.get_one(Issuer, side_id).is_test_side:
            raise PermissionError("only a test side is reset")
        if not stop_work(session, side_id):
            return False
        loosen_rows(session, side_id)
        return True


def _empty_uploads(folder: Path) -> None:
    """Delete what was dropped by SFTP or as a file, and what was answered; the folders stay for who is signed in."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)


def _note(session: Session, job_id: int, progress: ResetProgress) -> None:
    said = msgspec.json.encode(progress).decode()
    session.execute(update(Job).where(Job.id == job_id).values(answer=said))
