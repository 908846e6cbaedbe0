"""Lock things that have no row of their own, by a number, until the transaction ends."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

#: What the numbers are of; each kind has its own numbers. Take these locks after all row locks
#: (`store.db.row_locks`), one kind only in a transaction.
HOUSEHOLD: Final = 1
STAFF_ADDRESS: Final = 2

_LARGEST: Final = 2**31  # PostgreSQL takes two 32-bit numbers
_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(:kind, each) FROM "
    "(SELECT DISTINCT unnest(CAST(:numbers AS integer[])) AS each ORDER BY each) AS ordered"
)


def lock_numbers(session: Session, kind: int, numbers: Iterable[int]) -> None:
    """Lock these numbers, in their order, and wait for whoever has one of them. SQLite has one writer at a time, and
    needs no lock."""
    wanted = [number % _LARGEST for number in numbers]
    if wanted and session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"kind": kind, "numbers": wanted})
