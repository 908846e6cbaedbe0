"""Reads the print house's files of returned mail in its outbox: `lot-000231-….returned.json` beside the lot.

A file is read again when its bytes change: the print house may add to it. What it told before is known, and what names
no letter of its lot is told to operators by an event of the lot. A file beside no lot of this print house is told to
them as well, and so is one that cannot be read and is not being written any more: nobody's letter is forgotten.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Reason
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.print_outbox import LARGEST_ANSWER
from delivery.feedback.print_acknowledgements import tell_stray
from delivery.feedback.returns.returned_mail_file import NotReturnedMail, ReturnedPiece, lot_of_name, pieces_in
from delivery.feedback.returns.take_returned_pieces import ReturnSource, take_pieces
from store import Store
from store.db.event import Event, record
from store.print_answer import keep_answer
from store.print_batch import PrintBatch

log = logging.getLogger(__name__)

#: Who tells, in events.
BY: Final = "print house"
_ENDING: Final = ".returned.json"
_FILE: Final = re.compile(r"lot-[0-9A-Za-z_-]{1,80}\.returned\.json")
#: A file that has not changed for so long is not being written any more.
_TIME_TO_WRITE: Final = timedelta(minutes=10)
#: Pieces that are taken in one transaction.
_TOGETHER: Final = 200
#: What the event of a lot says when a file was read; `digest` names its bytes.
_READ: Final = "returns read"


class OutboxReturns:
    """The files of returned mail of all print houses; remembers which it has looked at, by size and time."""

    def __init__(self, outboxes: Mapping[str, Path], calendar: Calendar) -> None:
        self._outboxes = outboxes
        self._source = ReturnSource(BY, outboxes, calendar=calendar)
        self._seen: dict[Path, tuple[int, int]] = {}

    def turn(self, store: Store, now: datetime) -> int:
        """Read the files that are new or have changed. Returns how many letters came back."""
        returned = 0
        for house, outbox in self._outboxes.items():
            for path in sorted(outbox.glob(f"lot-*{_ENDING}")):
                if _FILE.fullmatch(path.name):
                    returned += self._look(store, house, path, now)
        return returned

    def _look(self, store: Store, house: str, path: Path, now: datetime) -> int:
        try:
            there = path.lstat()
            is_seen = self._seen.get(path) == (there.st_size, there.st_mtime_ns)
            if is_seen or not S_ISREG(there.st_mode):
                return 0  # a link, a pipe or a folder is no file of returned mail
            if there.st_size > LARGEST_ANSWER:
                log.warning("%s is too large for returned mail: %s bytes", path.name, there.st_size)
            content = path.read_bytes() if there.st_size <= LARGEST_ANSWER else b""
        except OSError:
            return 0  # it was moved meanwhile
        returned = self._read(store, house, path.name, content, now)
        if returned is None and now - datetime.fromtimestamp(there.st_mtime, UTC) > _TIME_TO_WRITE:
            _tell_unread(store, house, path.name, there.st_mtime_ns, content, now)
            returned = 0
        if returned is not None:
            self._seen[path] = (there.st_size, there.st_mtime_ns)
        return returned or 0

    def _read(self, store: Store, house: str, name: str, content: bytes, now: datetime) -> int | None:
        """None while the file is beside no lot that was handed over, or only half of it is there."""
        lot, digest = lot_of_name(name), sha256(content).hexdigest()
        with store.reading() as session:
            batch = session.get(PrintBatch, lot) if lot is not None else None
            if batch is None or batch.house != house or f"{batch.name}{_ENDING}" != name:
                log.debug("%s is beside no lot of this print house", name)
                return None
            if _is_read(session, batch.id, digest):
                return 0
        try:
            pieces = [
                each._replace(lot=batch.id, reason=each.reason or "other") for each in pieces_in(content, name)
            ]  # fmt: skip
        except NotReturnedMail as error:
            log.warning("%s: %s", name, error)
            return None
        return self._take(store, batch.id, digest, pieces, now)

    def _take(self, store: Store, batch_id: int, digest: str, pieces: Sequence[ReturnedPiece], now: datetime) -> int:
        outcomes: Counter[str] = Counter()
        for group in _groups(pieces):
            with store.writing() as session:
                outcomes.update(each.outcome for each in take_pieces(session, group, self._source, now))
        wrong = outcomes["unknown"] + outcomes["not_posted"]
        why = Reason.of("returns_read", letters=outcomes["recorded"], other_letters=wrong, digest=digest)
        with store.writing() as session:
            record(session, "print_batch", batch_id, _READ, now, by=BY, why=why)
        return outcomes["recorded"]


def _tell_unread(store: Store, house: str, name: str, stamp: int, content: bytes, now: datetime) -> None:
    """Tell operators, once, of a file of which nothing is recorded. What a print house says of returned mail counts no
    letters."""
    row = {
        "house": house, "file": name, "sha256": sha256(content).hexdigest(), "stamp": stamp, "batch_id": None,
        "read_at": now, "letters": 0, "sheets": 0, "missing": [],
    }  # fmt: skip
    with store.writing() as session:
        if (answer := keep_answer(session, row)) is not None:
            tell_stray(session, answer, now)


def _groups(pieces: Sequence[ReturnedPiece]) -> Iterable[Sequence[ReturnedPiece]]:
    return (pieces[start : start + _TOGETHER] for start in range(0, len(pieces), _TOGETHER))


def _is_read(session: Session, batch_id: int, digest: str) -> bool:
    mine = (Event.subject == "print_batch", Event.subject_id == batch_id, Event.what == _READ)
    last = session.scalar(select(Event).where(*mine).order_by(Event.id.desc()).limit(1))
    return last is not None and last.reason.values.get("digest") == digest
