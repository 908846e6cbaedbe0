"""The SQLAlchemy base class and column types: exact amounts, aware moments, the database's clock."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, MetaData, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Float, Text, TypeDecorator

#: Amounts are stored as integers of ten-thousandths, so that every database sums them exactly.
AMOUNT_SCALE: Final = 4
_SCALE: Final = 10**AMOUNT_SCALE
_UNIT: Final = Decimal(1).scaleb(-AMOUNT_SCALE)
LARGEST_AMOUNT: Final = Decimal(10**15 - 1)


class Amount(TypeDecorator[Decimal]):
    """Column type: a Decimal of at most four places, stored as a 64-bit integer of ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        scaled = value * _SCALE
        whole = int(scaled)
        if whole != scaled:
            raise ValueError(f"{value} has more than {AMOUNT_SCALE} places")
        return whole

    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return _amount(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[..., Decimal | None]:  # noqa: ARG002
        return _amount  # at once: a list has some hundred amounts


def _amount(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else value * _UNIT


class Moment(TypeDecorator[datetime]):
    """Column type: an aware datetime; SQLite stores it in UTC without an offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[..., datetime | None] | None:
        if dialect.name == "sqlite":
            return _moment  # at once, like an amount
        return super().result_processor(dialect, coltype)


#: A moment that is known, or that a statement is told when it is asked (`store.db.due_work.NOW`).
SqlMoment = datetime | ColumnElement[datetime]


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class Blanks(TypeDecorator[dict[str, Any]]):
    """Column type: the values of a finding or reason as JSON, in which decimals keep their digits; NULL where there are
    none."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return _blanks.encode(value).decode() if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any]:  # noqa: ARG002
        return json.loads(value, parse_float=Decimal) if value else {}


_blanks: Final = msgspec.json.Encoder(decimal_format="number")


#: SQLite generates ids only for INTEGER keys.
RowId: Final = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """The declarative base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, Decimal: Amount, int: RowId}  # noqa: RUF012


class db_now(FunctionElement[float]):  # noqa: N801
    """SQL expression: seconds since 1970 by the database's clock, the only clock that leases use."""

    type = Float()
    inherit_cache = True
    name = "db_now"


@compiles(db_now, "sqlite")
def _sqlite_now(element: db_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ARG001
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(db_now, "postgresql")
def _postgresql_now(element: db_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ARG001
    return "extract(epoch from clock_timestamp())"


def insert_new(session: Session, row: type[Base], values: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows and skip those whose key exists; returns the number of new rows."""
    if not values:
        return 0
    table = row.__table__
    assert isinstance(table, Table)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).on_conflict_do_nothing()
    rows = [dict(each) for each in values]
    result = session.connection().execute(insert, rows, execution_options={"preserve_rowcount": True})
    return result.rowcount
