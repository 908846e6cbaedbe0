"""Delete rows with every row that refers to them: for what one person alone has, never for what an issuer sent."""

from collections.abc import Collection

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from store.base import Base


def delete_with_referring_rows(session: Session, table: Table, ids: Collection[int]) -> None:
    """Delete the rows of these ids, and before them, by any foreign key, what refers to them in other tables."""
    if not ids:
        return
    [key] = table.primary_key
    for other in (each for each in Base.metadata.sorted_tables if each is not table):
        for column in (each.parent for each in other.foreign_keys if each.column is key):
            if list(other.primary_key.columns.keys()) == ["id"]:
                referring = session.scalars(select(other.c.id).where(column.in_(ids))).all()
                delete_with_referring_rows(session, other, referring)
            session.execute(delete(other).where(column.in_(ids)))
    session.execute(delete(table).where(key.in_(ids)))
