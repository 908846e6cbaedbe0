"""Addresses of pages as templates write them: what depends on nothing but its endpoint is built once.

Building an address by Flask's routes costs as much as a row of a list; a page names some twenty that are the same for
everybody (docs/fast-paths.md).
"""

from typing import Any, Final

from flask import Flask, current_app, request
from flask import url_for as built

#: The name of the addresses that an app has built: its endpoint (or file) under the path where it is mounted.
_BUILT: Final = "page_addresses"


def install(app: Flask) -> None:
    """Let templates write addresses by `url_for`, as everywhere."""
    app.extensions[_BUILT] = {}
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, **values: Any) -> str:
    """Returns Flask's address of an endpoint, remembered where it has no other value than the name of a static file."""
    if values.keys() - {"filename"}:
        return built(endpoint, **values)
    return _remembered(endpoint, **values)


def bill_addresses() -> str:
    """Returns what stands before a bill's name (*uid*) in the address of its page. The name is made of letters that
    stand in any address."""
    return _remembered("bill.show", uid="-")[:-1]


def _remembered(endpoint: str, **values: Any) -> str:
    known: dict[tuple[str, ...], str] = current_app.extensions[_BUILT]
    key = (request.root_path, endpoint, *values.values())
    if key not in known:
        known[key] = built(endpoint, **values)
    return known[key]
