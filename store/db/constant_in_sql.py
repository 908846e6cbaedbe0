"""SQL conditions on constants of the code, written into the statement as they are."""

import re
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, literal_column

_PLAIN: Final = re.compile(r"\w+", re.ASCII)


def is_one_of(column: Any, constants: Iterable[str]) -> ColumnElement[bool]:
    """SQL condition: the column has one of these codes or names of ours. As parameters they would be expanded into the
    statement each time that it runs (docs/fast-paths.md). Raises ValueError for one that is not letters and digits."""
    names = sorted(constants)
    if not all(_PLAIN.fullmatch(each) for each in names):
        raise ValueError(f"no constants of the code: {names}")
    found: ColumnElement[bool] = column.in_([literal_column(f"'{each}'") for each in names])
    return found
