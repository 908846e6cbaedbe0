"""What each worker holds now: the leased rows of every table, counted by their owner from the partial indexes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.base import db_now


def held_by_worker(session: Session, rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    """The number of leased rows by worker (`store.db.process_identity.this_process`) and name of table. A lease that
    ran out holds nothing."""
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        alive = (row.lease_owner.is_not(None), row.lease_until >= db_now())
        query = select(row.lease_owner, func.count()).where(*alive).group_by(row.lease_owner)
        for owner, number in session.execute(query):
            held[owner][row.__tablename__] = number
    return dict(held)
