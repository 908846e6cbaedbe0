"""SQL condition on the beginning of a text, by which an index is read in either database."""

from typing import Any

from sqlalchemy import Boolean, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class begins_with(FunctionElement[bool]):  # noqa: N801
    """SQL condition: *column* begins with *prefix*, a code of ours without `%` and backslash. SQLite, whose LIKE knows
    no case, reads an index by what lies between the prefix and the next one; PostgreSQL, whose order may be that of a
    language, by LIKE."""

    type = Boolean()
    inherit_cache = True
    name = "begins_with"

    def __init__(self, column: Any, prefix: str) -> None:
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        super().__init__(column, *(literal(each, Text) for each in (prefix, after, prefix.replace("_", r"\_") + "%")))

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002
        """A condition as it is: compared with 1, as SQLite's booleans are, it would be found by no index."""
        return self


@compiles(begins_with, "sqlite")
def _between(element: begins_with, compiler: SQLCompiler, **kw: Any) -> str:
    column, prefix, after, _ = (compiler.process(each, **kw) for each in element.clauses)
    return f"({column} >= {prefix} AND {column} < {after})"


@compiles(begins_with, "postgresql")
def _like(element: begins_with, compiler: SQLCompiler, **kw: Any) -> str:
    column, _, _, pattern = element.clauses
    return f"{compiler.process(column, **kw)} LIKE {compiler.process(pattern, **kw)}"
