"""Where an answer leads: the operations that take the row that it tells (OpenAPI links)."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_type_hints

from werkzeug.routing import Rule

from portal.api.contract.operation import Operation
from store.row_ids import RowId


def links_of(kind: Any, routes: Iterable[tuple[Rule, Operation]]) -> dict[str, Any]:
    """Returns the links of an answer of this type, by the names of the operations that they lead to."""
    return {
        told.name: {"operationId": told.name, "parameters": {name: f"$response.body#/{field}"}}
        for field, row in _rows(kind)
        for rule, told in routes
        if len(rule.arguments) == 1
        for name in rule.arguments
        if told.path.get(name) is row
    }


def _rows(kind: Any) -> Iterator[tuple[str, type[RowId]]]:
    """The fields of a report that are rows, with their kind; those that may be null, too."""
    if not isinstance(kind, type):
        return
    for name, hint in get_type_hints(kind, include_extras=False).items():
        for each in (hint, *get_args(hint)):
            if isinstance(each, type) and issubclass(each, RowId):
                yield name, each
