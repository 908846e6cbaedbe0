"""The index of parts: which bills and accounts have these three characters somewhere in their number or name.

Any part of a text is found by its own threes of characters: `4711` by `471` and `711`. The index says who has them all,
the reader looks whether they follow each other. On SQLite it is a table of FTS5's trigrams, which triggers keep; on
PostgreSQL a GIN index of an array of them, without any extension. With each text goes its issuer, as three characters
that nobody types, so that a search of one issuer reads nothing of the others.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnClause,
    ColumnElement,
    Connection,
    Select,
    Text,
    column,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.accounts.customer_account import IMPORTED, CustomerAccount
from store.bills.bill import IMPORTED_CHANNEL, BillRow
from store.staff_search.folded_text import closed_in_sql, folded_in_sql

#: Fewer characters have no three of them.
SHORTEST: Final = 3
#: So many threes are asked for, the last ones: ends tell numbers apart. The reader sees to the rest.
_MOST_ASKED: Final = 12
#: So many rows are looked at: what more than these have in common finds nothing in particular.
MOST_CANDIDATES: Final = 2_000
#: An issuer's number is written in the 6,400 characters that Unicode leaves to private use, two after a sign.
_FIRST: Final = 0xE000
_DIGITS: Final = 6_400
_ISSUER_IN_SQL: Final = {
    True: f"'#' || char({_FIRST} + {{row}}issuer_id / {_DIGITS}, {_FIRST} + {{row}}issuer_id % {_DIGITS})",
    False: f"'#' || chr(CAST({_FIRST} + {{row}}issuer_id / {_DIGITS} AS integer)) "
    f"|| chr(CAST({_FIRST} + mod({{row}}issuer_id, {_DIGITS}) AS integer))",
}
#: The function of PostgreSQL that gives a text's threes.
THREES: Final = "facteur_threes"
_THREES_FUNCTION: Final = (
    f"CREATE OR REPLACE FUNCTION {THREES}(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "  # noqa: S608
    "$$ SELECT coalesce(array_agg(DISTINCT substr(said, n, 3)), '{}') "
    "FROM generate_series(1, length(said) - 2) AS n $$"
)
#: It keeps which rows have which three characters, and nothing else.
_FTS5: Final = "said, content='', detail=none, columnsize=0, tokenize='trigram'"


class PartIndex(NamedTuple):
    """An index: the model of its table, its name, the columns whose changes it follows, and SQL of which rows it has
    (`{row}` for the name of the row)."""

    model: type[BillRow] | type[CustomerAccount]
    name: str
    followed: tuple[str, ...]
    condition: str = "true"

    @property
    def of(self) -> str:
        return self.model.__tablename__

    def said(self, row: str, *, is_sqlite: bool) -> str:
        """SQL: what is indexed of a row (`NEW.`, `OLD.`, or nothing for the table's own)."""
        part = _ISSUER_IN_SQL[is_sqlite].format(row=row)
        if self.model is BillRow:
            return f"{part} || {closed_in_sql(f'{row}number', is_sqlite=is_sqlite)}"
        name, value = (
            folded_in_sql(f"{row}holder", is_sqlite=is_sqlite),
            closed_in_sql(f"{row}value", is_sqlite=is_sqlite),
        )
        return f"{part} || {name} || ' ' || {value}"


BILL_PARTS: Final = PartIndex(
    BillRow, "search_index_bills", ("number",), "({row}channel IS NULL OR {row}channel <> '" + IMPORTED_CHANNEL + "')"
)
ACCOUNT_PARTS: Final = PartIndex(
    CustomerAccount, "search_index_accounts", ("holder", "value"), "{row}term <> '" + IMPORTED + "'"
)
PART_INDEXES: Final = (BILL_PARTS, ACCOUNT_PARTS)


def create_part_indexes(connection: Connection) -> None:
    """Create the indexes of what is there."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql(_THREES_FUNCTION)
    for each in PART_INDEXES:
        said = each.said("", is_sqlite=is_sqlite)
        if is_sqlite:
            connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {each.name} USING fts5({_FTS5})")
            there = f"SELECT id, {said} FROM {each.of} WHERE {each.condition.format(row='')} ORDER BY id"  # noqa: S608
            connection.exec_driver_sql(f"INSERT INTO {each.name} (rowid, said) {there}")
        else:
            connection.exec_driver_sql(f"CREATE INDEX {each.name} ON {each.of} USING gin ({THREES}({said}))")


def drop_part_triggers(connection: Connection) -> None:
    """Drop the triggers before tables are rebuilt: SQLite renames no table that a trigger refers to."""
    if connection.dialect.name == "sqlite":
        for each in PART_INDEXES:
            for act in ("new", "gone", "changed"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {each.name}_{act}")


def put_part_triggers(connection: Connection) -> None:
    """Create the triggers. PostgreSQL keeps its indexes by itself."""
    if connection.dialect.name == "sqlite":
        for each in PART_INDEXES:
            for act, event, when, what in _triggers(each):
                on = f"AFTER {event} ON {each.of} FOR EACH ROW WHEN {when}"
                connection.exec_driver_sql(f"CREATE TRIGGER {each.name}_{act} {on} BEGIN {what}; END")


def _triggers(index: PartIndex) -> Iterator[tuple[str, str, str, str]]:
    """Name, event, condition and act of each. FTS5 wants to be told what it knew of a row that goes."""
    new, old = (index.said(row, is_sqlite=True) for row in ("NEW.", "OLD."))
    enter = f"INSERT INTO {index.name} (rowid, said) VALUES (NEW.id, {new})"  # noqa: S608 - our names
    leave = f"INSERT INTO {index.name} ({index.name}, rowid, said) VALUES ('delete', OLD.id, {old})"  # noqa: S608
    is_new, is_old = (index.condition.format(row=row) for row in ("NEW.", "OLD."))
    changed = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in index.followed)
    yield "new", "INSERT", is_new, enter
    yield "gone", "DELETE", is_old, leave
    yield "changed", f"UPDATE OF {', '.join(index.followed)}", f"({changed}) AND {is_old}", f"{leave}; {enter}"


def rows_with_parts(
    session: Session, index: PartIndex, parts: Sequence[str], issuer_ids: Collection[int], before: int | None
) -> Select[int] | None:
    """Select the ids, newest first, of at most `MOST_CANDIDATES` rows of the index's table whose text has the threes of
    all of these folded parts; *before* is the id that they come before. Of one issuer only its rows; of several the
    reader chooses. None if no part is long enough."""
    asked = list(dict.fromkeys(three for part in parts for three in threes(part)))[-_MOST_ASKED:]
    if not asked:
        return None
    if len(issuer_ids) == 1:
        high, low = divmod(next(iter(issuer_ids)), _DIGITS)
        asked.append(f"#{chr(_FIRST + high)}{chr(_FIRST + low)}")
    return _newest(index, asked, before) if session.get_bind().dialect.name == "sqlite" else _some(index, asked, before)


def _newest(index: PartIndex, asked: Sequence[str], before: int | None) -> Select[int]:
    """FTS5 reads its rows from the newest on."""
    row_id: ColumnClause[int] = table(index.name, column("rowid", BigInteger)).c.rowid
    quoted = " AND ".join('"' + three.replace('"', '""') + '"' for three in asked)
    query = select(row_id.label("id")).where(text(f"{index.name} MATCH :parts").bindparams(parts=quoted))
    return _of_page(query, row_id, before).order_by(row_id.desc())


def _some(index: PartIndex, asked: Sequence[str], before: int | None) -> Select[int]:
    """PostgreSQL would read the whole table in its order to find the newest of many."""
    said = literal_column(f"{THREES}({index.said(f'{index.of}.', is_sqlite=False)})", ARRAY(Text))
    query = select(index.model.id.label("id")).where(said.contains(asked))
    return _of_page(query, index.model.id, before)


def _of_page(
    query: Select[int], row_id: ColumnElement[int] | InstrumentedAttribute[int], before: int | None
) -> Select[int]:
    if before is not None:
        query = query.where(row_id < before)
    return query.limit(MOST_CANDIDATES)


def threes(part: str) -> list[str]:
    """The threes of characters of a text, first to last."""
    return [part[at : at + SHORTEST] for at in range(len(part) - SHORTEST + 1)]
