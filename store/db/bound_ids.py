"""SQL condition on a set of row ids that are bound as one value, however many there are (docs/fast-paths.md)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Iterable[int]]):
    """Type of a parameter: ids as one array of PostgreSQL, as one text of JSON for SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return f"[{','.join(map(str, value or ()))}]"
        return list(value or ())


class is_among(FunctionElement[bool]):  # noqa: N801
    """SQL condition: the column has one of the ids that the statement is executed with under this name. Ids in an
    expanding IN are written into the statement each time that it runs, and prepared anew for each number of them."""

    type = Boolean()
    inherit_cache = True
    name = "is_among"

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Ids()))

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002
        """A condition as it is: compared with 1, as SQLite's booleans are, it would be found by no index."""
        return self


@compiles(is_among, "sqlite")
def _sqlite_among(element: is_among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 -- both are compiled


@compiles(is_among, "postgresql")
def _postgresql_among(element: is_among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY ({ids})"
