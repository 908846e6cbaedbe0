"""The full-text index over `search_entry`: FTS5 on SQLite, a GIN index of tsvectors on PostgreSQL; one seam for both.

A token of the index is the account's id, `x`, and the token itself, so that a search reads nothing of other accounts,
however many bills they have. Of each entry the token "" is in it, too. On SQLite the index is a table of its own, whose
row ids are the places of the entries; triggers keep it with its table, in the same transaction. Further triggers, on
both databases, follow bills that go to another account, or leave the portal.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Select, bindparam, column, select, table, text
from sqlalchemy.orm import Session

from store.search.search_entry import SearchEntry
from store.search.search_expression import Expression, Token, spell

_Spelling = Callable[[int, Token], str]
#: FTS5's table, and the tables that it keeps beside it (`search_index_data` and so on).
FTS5_TABLE: Final = "search_index"

#: The tokens of the index, of one row of `search_entry`. Both databases understand it; PostgreSQL indexes it.
_INDEXED: Final = (
    "CAST({row}account_id AS text) || 'x ' || CAST({row}account_id AS text) || 'x' || "
    "replace({row}tokens, ' ', ' ' || CAST({row}account_id AS text) || 'x')"
)
_VECTOR: Final = f"array_to_tsvector(string_to_array({_INDEXED.format(row='')}, ' '))"
#: Pages that one merge writes, and the changes that FTS5 counts where there is more to merge.
_MERGED_PAGES: Final = 500
_MORE: Final = 2
#: How a bill leaves the search.
_GONE: Final = "NEW.state IN ('superseded', 'recalled', 'erased')"
_MOVE: Final = "UPDATE search_entry SET account_id = NEW.account_id WHERE bill_id = NEW.id"
_LEAVE: Final = "DELETE FROM searched_text WHERE bill_id = NEW.id; DELETE FROM search_entry WHERE bill_id = NEW.id"
_NEW: Final = f"NEW.place, {_INDEXED.format(row='NEW.')}"
_OLD: Final = f"OLD.place, {_INDEXED.format(row='OLD.')}"
_ENTER_FTS5: Final = f"INSERT INTO {FTS5_TABLE} (rowid, tokens) VALUES ({_NEW})"  # noqa: S608 - our names
_LEAVE_FTS5: Final = f"INSERT INTO {FTS5_TABLE} ({FTS5_TABLE}, rowid, tokens) VALUES ('delete', {_OLD})"  # noqa: S608
#: Name, event with its table, condition, and what is done.
_ON_BILL: Final = [
    ("search_bill_moved", "UPDATE OF account_id ON bill", "OLD.account_id <> NEW.account_id", _MOVE),
    ("search_bill_gone", "UPDATE OF state ON bill", _GONE, _LEAVE),
]
_ON_ENTRY: Final = [
    ("search_entry_new", "INSERT ON search_entry", "true", _ENTER_FTS5),
    ("search_entry_gone", "DELETE ON search_entry", "true", _LEAVE_FTS5),
    ("search_entry_changed", "UPDATE ON search_entry", "true", f"{_LEAVE_FTS5}; {_ENTER_FTS5}"),
]


def is_described(_item: object, name: str | None, kind: str, *_: object) -> bool:
    """Whether a model describes this table or index, for Alembic's comparison: all but the full-text index, and those
    of parts (`store.staff_search.part_index`)."""
    is_index = (name or "").startswith(FTS5_TABLE) and kind in {"table", "index"}
    return not is_index and name != "ix_search_entry_tokens"


def drop_search_triggers(connection: Connection) -> None:
    """Drop the triggers before tables are rebuilt: SQLite renames no table that a trigger refers to."""
    is_sqlite = connection.dialect.name == "sqlite"
    for name, *_ in (*_ON_BILL, *_ON_ENTRY):
        drop = f"DROP TRIGGER IF EXISTS {name}" if is_sqlite else f"DROP FUNCTION IF EXISTS {name}() CASCADE"
        connection.exec_driver_sql(drop)


def put_search_triggers(connection: Connection) -> None:
    """Create the triggers. PostgreSQL keeps its index by itself."""
    if connection.dialect.name == "sqlite":
        for name, event, when, act in (*_ON_BILL, *_ON_ENTRY):
            connection.exec_driver_sql(f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN {when} BEGIN {act}; END")
        return
    for name, event, when, act in _ON_BILL:
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN NULL; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )


def matching_places(session: Session, asked: Sequence[tuple[int, Expression]]) -> Select[int]:
    """Select the places of entries that the index finds: of each account (by id) those of which its expression
    holds."""
    if session.get_bind().dialect.name == "sqlite":
        index = table(FTS5_TABLE, column("rowid", BigInteger))
        found = text(f"{FTS5_TABLE} MATCH :asked").bindparams(asked=_spelled(asked, _fts5, " AND ", " OR "))
        return select(index.c.rowid.label("place")).where(found)
    spelled = _spelled(asked, _tsquery, " & ", " | ")
    found = text(f"{_VECTOR} @@ CAST(:asked AS tsquery)").bindparams(bindparam("asked", spelled))
    return select(SearchEntry.place).where(found)


def _spelled(asked: Sequence[tuple[int, Expression]], token: _Spelling, all_of: str, any_of: str) -> str:
    return any_of.join(
        spell(expression, lambda each, mine=account_id: token(mine, each), all_of, any_of)  # type: ignore[misc]
        for account_id, expression in asked
    )


def _fts5(account_id: int, token: Token) -> str:
    return f'"{account_id}x{token.text}"{" *" if token.is_prefix else ""}'


def _tsquery(account_id: int, token: Token) -> str:
    return f"'{account_id}x{token.text}'{':*' if token.is_prefix else ''}"


def merge_deleted(session: Session, *, begins: bool) -> bool:
    """Take a piece of what was deleted out of the index's bytes: FTS5 keeps the words of a deleted entry until the
    segments that have them are merged (https://www.sqlite.org/fts5.html#the_merge_command). *begins*: of the whole
    index, anew. Returns whether there is more. PostgreSQL's vacuum does it by itself."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return False
    driver: Any = connection.connection.driver_connection
    before = driver.total_changes
    pages = -_MERGED_PAGES if begins else _MERGED_PAGES
    connection.exec_driver_sql(f"INSERT INTO {FTS5_TABLE} ({FTS5_TABLE}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608
    return bool(driver.total_changes - before >= _MORE)
