"""Addresses of pages as templates write them, each built once.

Building an address by Flask's routes costs as much as a row of a list; a page names some twenty that are the same for
everybody (docs/fast-paths.md).
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final

from flask import Flask, current_app, g, request
from flask import url_for as built
from flask.globals import _cv_app

#: The name of the addresses that an app has built, and in a request of what builds them for it.
_BUILT: Final = "page_addresses"
_MOST: Final = 8192


def install(app: Flask) -> None:
    """Let templates write addresses by `url_for`, as everywhere."""
    app.extensions[_BUILT] = lru_cache(_MOST)(_build)
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, **values: Any) -> str:
    """Returns Flask's address of an endpoint, remembered where it follows from the endpoint and plain values alone."""
    if values and (values.keys() & _OTHER or not all(type(each) in _PLAIN for each in values.values())):
        return built(endpoint, **values)
    return _remembered(endpoint, **values)


def bill_addresses() -> str:
    """Returns what stands before a bill's name (*uid*) in the address of its page. The name is made of letters that
    stand in any address."""
    return _remembered("bill.show", uid="-")[:-1]


#: Values of which equal ones are written alike.
_PLAIN: Final = frozenset({str, int})
#: What makes an address depend on more.
_OTHER: Final = frozenset({"_external", "_scheme", "_method"})


def _remembered(endpoint: str, **values: str | int) -> str:
    here = _cv_app.get(None)
    known: Callable[..., str] | None = None if here is None else here.g.__dict__.get(_BUILT)
    if known is None:
        known = g.page_addresses = partial(current_app.extensions[_BUILT], request.root_path, request.blueprint)
    return known(endpoint, tuple(values.items()))


def _build(_root_path: str, _room: str | None, endpoint: str, values: tuple[tuple[str, str | int], ...]) -> str:
    """Flask's address for a request to an app that is mounted at this path, from this room, which says what a name that
    begins with a point is of, and whether rows are named by number (`portal.public_id_converter`)."""
    return built(endpoint, **dict(values))  # type: ignore[arg-type]
