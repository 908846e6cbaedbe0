"""Migrate the database schema (Alembic). Every process that opens the store runs the missing migrations first.

A released migration never changes: stores out there were made by it. Each change is a new file in `versions`, named `v`
and the next number.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from store.db.database_engine import writing_engine
from store.facts.fact_trigger import drop_triggers, put_triggers
from store.search.full_text_index import drop_search_triggers, put_search_triggers
from store.staff_search.part_index import drop_part_triggers, put_part_triggers
from words.spoken_error import SpokenError

_VERSIONS: Final = sorted(path.stem[1:5] for path in (Path(__file__).parent / "versions").glob("v[0-9]*.py"))
#: The latest revision.
HEAD: Final = _VERSIONS[-1]
#: The advisory lock with which one process at a time migrates a PostgreSQL.
_ADVISORY_LOCK: Final = 0x66616374


class StoreIsNewer(SpokenError):  # noqa: N818
    """The store was migrated by a newer program, whose rows this one cannot read."""


def bring_up_to_date(engine: Engine) -> None:
    """Run the missing migrations. Costs two queries if there are none; Alembic is not imported then. Raises
    StoreIsNewer if the store is at an unknown revision."""
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
        keeps_foreign_keys = connection.dialect.name == "sqlite"
    with writing_engine(engine).connect() as connection:
        if keeps_foreign_keys:
            _ask_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                _lock(connection)
                _upgrade(connection)
                if keeps_foreign_keys:
                    _check_foreign_keys(connection)
        finally:
            if keeps_foreign_keys:
                _ask_foreign_keys(connection, "ON")


def _upgrade(connection: Connection) -> None:
    revision = _revision(connection)
    if revision is not None and revision not in _VERSIONS:
        raise StoreIsNewer(
            "this store is at revision {revision}, and this program knows revisions up to {known}: "
            "install the Facteur that last used the store, or a newer one",
            revision=revision,
            known=HEAD,
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    drop_triggers(connection)
    drop_search_triggers(connection)
    drop_part_triggers(connection)
    command.upgrade(config, "head")
    put_triggers(connection)
    put_search_triggers(connection)
    put_part_triggers(connection)


def _revision(connection: Connection) -> str | None:
    """The revision of the schema; None if there are no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})


def _ask_foreign_keys(connection: Connection, whether: str) -> None:
    """Turn SQLite's foreign key checks on or off. A batch migration rebuilds a table, which the checks would take for
    deleting every row. The pragma has no effect inside a transaction, so it goes to the driver outside of one."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={whether}")


def _check_foreign_keys(connection: Connection) -> None:
    """Check all foreign keys before the commit, since the checks were off."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        raise RuntimeError(f"a migration broke foreign keys: {[tuple(row) for row in broken]}")
