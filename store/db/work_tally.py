"""Tallies: how often workers did something, for whoever watches the service. Rows tell what is; these tell how fast.

They are counted in memory and written with the heartbeat, so that they cost no transaction of their own: a process that
is killed loses those of some seconds. Nothing else may lean on them (decision 0095).
"""

from collections import Counter
from threading import Lock
from typing import Final

from sqlalchemy import BigInteger, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.leases import HasWriting

#: The subjects that are counted, and what their two labels are: channel and outcome of an attempt.
ATTEMPTS: Final = "delivery_attempt"
WEBHOOK_ATTEMPTS: Final = "webhook_attempt"


class WorkTally(Base):
    """One sum: *subject* is what was done, *label* and *outcome* tell its kinds apart."""

    __tablename__ = "work_tally"

    subject: Mapped[str] = mapped_column(String(30), primary_key=True)
    label: Mapped[str] = mapped_column(String(30), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(30), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Tallies:
    """What this process has counted and not written yet. Threads may count at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._unwritten: Counter[tuple[str, str, str]] = Counter()

    def count(self, subject: str, label: str, outcome: str, number: int = 1) -> None:
        """Count one more (or *number*) of these."""
        with self._lock:
            self._unwritten[subject, label, outcome] += number

    def write(self, store: HasWriting) -> None:
        """Add what was counted to the rows. An error leaves it to be written the next time."""
        with self._lock:
            counted = dict(self._unwritten)
        if not counted:
            return
        with store.writing() as session:
            _add(session, counted)
        with self._lock:
            self._unwritten.subtract(counted)
            self._unwritten += Counter()  # without what is at 0


#: Those of this process.
TALLIES: Final = Tallies()


def tallied(session: Session, subject: str) -> dict[tuple[str, str], int]:
    """The sums of a subject, by label and outcome."""
    query = select(WorkTally.label, WorkTally.outcome, WorkTally.number).where(WorkTally.subject == subject)
    return {(label, outcome): number for label, outcome, number in session.execute(query)}


def _add(session: Session, counted: dict[tuple[str, str, str], int]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    keys = sorted(counted)  # one order for all workers, so that none waits for another in a circle
    rows = [{"subject": key[0], "label": key[1], "outcome": key[2], "number": counted[key]} for key in keys]
    insert = dialect.insert(WorkTally)
    added = {"number": WorkTally.number + insert.excluded.number}
    session.execute(insert.on_conflict_do_update(index_elements=["subject", "label", "outcome"], set_=added), rows)
