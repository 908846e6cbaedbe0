"""Lock rows in one order, so that transactions never deadlock.

A transaction locks issuers before consumers, these before accounts, then bills, print batches, deliveries; rows of one
table by their ids. Only changes of a key need more than NO KEY UPDATE, which lets other rows refer to a locked row
(foreign keys). SQLite has one writer at a time and no row locks.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

#: For `Session.get`: lock the row, and let other rows refer to it.
ROW_LOCK: Final = {"key_share": True}


def lock_rows(session: Session, row: Any, *conditions: ColumnElement[bool]) -> list[int]:
    """Lock the rows of the table *row* that meet these conditions, in the order of their ids. Returns the ids."""
    query = select(row.id).where(*conditions).order_by(row.id).with_for_update(key_share=True)
    return list(session.scalars(query))
