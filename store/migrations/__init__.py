"""The tables' history (Alembic). Every process that opens the store brings it up to date first."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

#: The revision that the tables are at when nothing is missing.
HEAD: Final = "0001"
#: One process at a time migrates a PostgreSQL; the number means nothing else.
_ADVISORY_LOCK: Final = 0x66616374


def bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that are missing; nothing to do costs two queries, and Alembic is not even loaded."""
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.execution_options(writing=True).begin() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """Where the tables are; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
