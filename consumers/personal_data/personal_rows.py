"""Reads a person's rows as they are handed out: values as JSON has them, an account, a bill and an issuer by what their
person calls them, and of other people no more than that there is one."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import Column, LargeBinary, Table, select
from sqlalchemy.orm import Session

from bill import PostalAddress
from consumers.personal_data.personal_category import LEFT_OUT, PersonalTable
from store.all_models import Base
from store.base import Amount

#: What is handed out in place of a row's number: the table, and the columns that its person knows.
_CALLED_BY: Final = {
    "account_id": ("account", {"contract": "value"}),
    "bill_id": ("bill", {"bill": "number", "bill_issued": "issue_date"}),
    "issuer_id": ("issuer", {"issuer": "name"}),
}
_EVERYWHERE: Final = frozenset(name for names in LEFT_OUT.values() for name in names)
#: Bytes that are handed out all the same: an address that somebody gave.
_ADDRESSES: Final = {("stated_move", "address")}
Record = dict[str, Any]


def handed_out(wanted: PersonalTable) -> list[Column[Any]]:
    """The columns of a table whose values are handed out."""
    table = Base.metadata.tables[wanted.name]
    return [each for each in table.columns if _is_handed_out(each, wanted)]


def _is_handed_out(column: Column[Any], wanted: PersonalTable) -> bool:
    if column.name in _CALLED_BY:
        return True
    refers = bool(column.foreign_keys) or column.name == wanted.column or column.name.endswith("_id")
    is_bytes = isinstance(column.type, LargeBinary) and (wanted.name, column.name) not in _ADDRESSES
    return not refers and not is_bytes and column.name not in {*_EVERYWHERE, *wanted.without}


def personal_rows(session: Session, wanted: PersonalTable, consumer_id: int) -> Iterator[Record]:
    """The person's rows of one table, in the order of its key."""
    table = Base.metadata.tables[wanted.name]
    columns = handed_out(wanted)
    query = select(*columns, *_names(columns)).select_from(_joined(table, columns))
    mine = query.where(table.c[wanted.column] == consumer_id).order_by(*table.primary_key.columns)
    roles = {"access_grant", "dispute", "holder_notice"}
    for row in session.execute(mine.execution_options(yield_per=500)).mappings():
        found = {"role": wanted.column.removesuffix("_id")} if wanted.name in roles else {}
        yield {"table": wanted.name, **found, **_record(row, columns, consumer_id)}


def _joined(table: Table, columns: list[Column[Any]]) -> Any:
    source: Any = table
    for column in columns:
        if column.name in _CALLED_BY:
            other = Base.metadata.tables[_CALLED_BY[column.name][0]]
            if other is not table:
                source = source.outerjoin(other, column == other.c.id)
    return source


def _names(columns: list[Column[Any]]) -> list[Any]:
    return [
        Base.metadata.tables[table].c[source].label(f"called_{name}")
        for column in columns if column.name in _CALLED_BY
        for table, names in [_CALLED_BY[column.name]]
        for name, source in names.items()
    ]  # fmt: skip


def _record(row: Mapping[Any, Any], columns: list[Column[Any]], consumer_id: int) -> Record:
    found: Record = {}
    for column in columns:
        if column.name in _CALLED_BY:
            found |= {name: value(row[f"called_{name}"]) for name in _CALLED_BY[column.name][1]}
        elif is_actor(column.name):
            found[column.name] = who(row[column], consumer_id)
        elif isinstance(column.type, Amount) and row[column] is not None:
            found[column.name] = f"{row[column]:f}"
        else:
            found[column.name] = value(row[column])
    return found


def is_actor(column: str) -> bool:
    """Whether a column says who acted."""
    return column == "by" or column.endswith("_by")


def who(actor: str | None, consumer_id: int) -> str | None:
    """Who acted, without a name: `you`, `another person`, or `us` (Facteur, its staff, an issuer)."""
    if not actor:
        return None
    if actor == f"consumer {consumer_id}":
        return "you"
    return "another person" if actor.startswith("consumer ") else "us"


def value(given: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(given, bytes):
        return msgspec.to_builtins(msgspec.msgpack.decode(given, type=PostalAddress))
    if isinstance(given, (datetime, date)):
        return given.isoformat()
    return f"{given:f}" if isinstance(given, Decimal) else given
