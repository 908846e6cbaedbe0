"""Paths, queries and forms call rows by their public ids (`store.public_id`). Row numbers, as they were written before,
are still read; a page that was asked for by one redirects to its address with the public id. Version 1 of the API
keeps numbers.
"""

from typing import Any, Final, cast

from flask import Flask, current_app, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter, Map

from portal.row_id import row_id
from store.public_id import LENGTH, Kind, PublicIds

#: Version 1 of the API: its programs know rows by their numbers.
NUMBERED: Final = "api"
#: Programs are answered where they ask, and not redirected.
PROGRAMS: Final = {NUMBERED, "api_2"}
#: Names in queries whose values are rows, and the rows' kind.
_IN_QUERIES: Final[dict[str, Kind]] = {"flux": "feed", "contrat": "account", "avant": "cursor", "suite": "cursor"}


def public_id(number: int, kind: Kind) -> str:
    """Returns the public id of a row."""
    return _ids().of(kind, number)


def row_of(text: str, kind: Kind) -> int | None:
    """Returns the number of the row that *text* names: by its public id, or by its number as before. None if it names
    none."""
    if len(text) == LENGTH:
        return _ids().number(kind, text)
    return row_id(text)


class PublicIdConverter(BaseConverter):
    """`<row(feed):feed_id>` in a path: the public id of a feed outside, its number inside."""

    regex = "[0-9]+|[a-z2-7]{26}"

    def __init__(self, url_map: Map, kind: str) -> None:
        super().__init__(url_map)
        self._kind = cast("Kind", kind)

    def to_python(self, value: str) -> int:
        """A public id that names nothing becomes 0, which no row has: it is answered like a row that is not there."""
        return row_of(value, self._kind) or 0

    def to_url(self, value: int) -> str:
        return str(value) if _is_numbered() else public_id(value, self._kind)


def install(app: Flask, ids: PublicIds) -> None:
    """Teach the app `<row(…):…>` and the templates `| public`. Call it after the policy: nobody is redirected who may
    not enter."""
    app.extensions["public_ids"] = ids
    app.url_map.converters["row"] = PublicIdConverter
    app.jinja_env.filters["public"] = public_id
    app.url_defaults(_name_in_query)
    app.before_request(_lead_to_public_address)


def _name_in_query(_endpoint: str, values: dict[str, Any]) -> None:
    """Rows that a query names, such as where a list goes on, are named by public ids, too."""
    for name, kind in _IN_QUERIES.items():
        if isinstance(number := values.get(name), int) and not _is_numbered():
            values[name] = public_id(number, kind)


def _lead_to_public_address() -> ResponseReturnValue | None:
    if request.method not in {"GET", "HEAD"} or request.blueprint in PROGRAMS:
        return None
    if request.url_rule is None or not request.view_args:
        return None
    by_number = [name for name in request.view_args if _is_written_as_number(name)]
    if not by_number:
        return None
    address = url_for(request.url_rule.endpoint, **request.view_args)
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{address}?{query}" if query else address, 301)


def _is_written_as_number(name: str) -> bool:
    """Whether this part of the path is a row, called by its number."""
    rule = request.url_rule
    assert rule is not None
    assert request.view_args is not None
    converter, parts = rule._converters.get(name), request.path.split("/")
    if not isinstance(converter, PublicIdConverter):
        return False
    number = request.view_args[name]
    return str(number) in parts and public_id(number, converter._kind) not in parts  # another part may be that number


def _ids() -> PublicIds:
    return cast("PublicIds", current_app.extensions["public_ids"])


def _is_numbered() -> bool:
    return has_request_context() and request.blueprint == NUMBERED
