"""Tells requests that a program makes by itself, before a person asks or instead of one: HEAD, prefetches."""

from typing import Final

from flask import request

#: Headers by which browsers say that nobody has asked yet (Fetch: `Sec-Purpose`; older ones: the others).
_PURPOSES: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_IN_ADVANCE: Final = ("prefetch", "prerender", "preview")


def is_fetched_by_itself() -> bool:
    """Whether the present request is no person's look at a page: another method than GET, a prefetch, a preview."""
    said = " ".join(request.headers.get(name, "") for name in _PURPOSES).casefold()
    return request.method != "GET" or any(word in said for word in _IN_ADVANCE)
