"""SQL condition: a column of bytes has some bytes within. Reads each row that is looked at, without decoding it."""

from typing import Any

from sqlalchemy import Boolean, LargeBinary, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class bears(FunctionElement[bool]):  # noqa: N801
    """SQL condition: *column* has *part* within, at whatever place."""

    type = Boolean()
    inherit_cache = True
    name = "bears"

    def __init__(self, column: Any, part: bytes) -> None:
        super().__init__(column, literal(part, LargeBinary))

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002
        """A condition as it is, not compared with 1 as SQLite's booleans are."""
        return self


@compiles(bears, "sqlite")
def _sqlite_bears(element: bears, compiler: SQLCompiler, **kw: Any) -> str:
    column, part = (compiler.process(each, **kw) for each in element.clauses)
    return f"instr({column}, {part}) > 0"


@compiles(bears, "postgresql")
def _postgresql_bears(element: bears, compiler: SQLCompiler, **kw: Any) -> str:
    column, part = (compiler.process(each, **kw) for each in element.clauses)
    return f"position({part} IN {column}) > 0"
