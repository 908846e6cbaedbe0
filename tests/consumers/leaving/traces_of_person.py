"""Looks for words of a person in every column of every table."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.all_models import Base


def columns_with(session: Session, words: Iterable[str]) -> set[str]:
    """The columns (`table.column`) in which one of these words is, in any case, packed or not."""
    looked_for, found = [word.casefold() for word in words], set()
    for table in Base.metadata.tables.values():
        for row in session.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                if any(word in text.casefold() for word in looked_for):
                    found.add(f"{table.name}.{column.name}")
    return found
