"""Triggers are renewed by migrations alone: who changes one writes a migration, or stores out there keep the old."""

import hashlib
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from store.db.migrations import HEAD
from store.facts.fact_trigger import put_triggers
from store.search.full_text_index import put_search_triggers
from store.staff_search.part_index import put_part_triggers

pytestmark = pytest.mark.beside_any_database

#: The latest migration that renewed the triggers, and what they said then.
RENEWED_BY, SAID = "0090", "f924969ab7b1"


class _Written:
    """Stands for a connection, and keeps what it was told to create."""

    def __init__(self, dialect: str) -> None:
        self.dialect = type("Dialect", (), {"name": dialect})
        self.statements: list[str] = []

    def execute(self, statement: Any) -> None:
        self.statements.append(str(statement))

    exec_driver_sql = execute


def said_by_triggers() -> str:
    """The first digits of a digest of every trigger's statement, on both databases."""
    digest = hashlib.sha256()
    for dialect in ("sqlite", "postgresql"):
        written = _Written(dialect)
        for put in (put_triggers, put_search_triggers, put_part_triggers):
            put(cast("Connection", written))
        created = sorted(each for each in written.statements if each.startswith("CREATE"))
        assert created
        digest.update("\n".join(created).encode())
    return digest.hexdigest()[:12]


def test_changed_triggers_come_with_a_migration() -> None:
    assert said_by_triggers() == SAID, (
        f"a trigger was changed since migration {RENEWED_BY}: write one that may be empty (v0090 is the model), and put"
        f" its number and {said_by_triggers()} here"
    )
    assert RENEWED_BY <= HEAD
