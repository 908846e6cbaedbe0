"""Lists go on from page to page by a cursor: the last row that was shown."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request, url_for

from portal.api.contract.row_ids_outside import tell_row
from store.row_ids import RowId

_Row = TypeVar("_Row")


def linked(
    found: Sequence[_Row], most: int, cursor: Callable[[_Row], Mapping[str, object]]
) -> tuple[Sequence[_Row], str | None]:  # fmt: skip
    """Returns the rows of a page, and where the next one is (None: this is the last).

    *found* has one row more than *most* where there is a next page: query for `limit + 1`. *cursor* returns the
    parameters that lead on from the last row, such as `{"after": Cursor(row.id)}`; the request's other parameters, its
    filters, stay as they are.
    """
    shown = found[:most]
    return shown, address_with({**cursor(shown[-1]), "limit": most}) if len(found) > most else None


def address_with(changed: Mapping[str, object]) -> str:
    """Returns the request's own address with these parameters of its query changed; None leaves one out."""
    assert request.endpoint is not None
    query: dict[str, Any] = request.args.to_dict(flat=False) | {
        name: tell_row(value) if isinstance(value, RowId) else value for name, value in changed.items()
    }
    # Not by `url_for`, for which some names in a query mean something (`_external`).
    path = url_for(request.endpoint, **(request.view_args or {}))
    said = urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
    return f"{path}?{said}" if said else path
