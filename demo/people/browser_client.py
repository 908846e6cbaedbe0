"""A minimal browser for simulated people: gets the portal's pages and submits their forms, with cookies and CSRF
tokens."""

import re
from html import escape, unescape
from typing import Final, NamedTuple

from flask import Flask
from werkzeug.test import TestResponse

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


class PageError(Exception):
    """The portal answered otherwise than expected. The message names the page and the answer."""


class Page(NamedTuple):
    """An answer: its text, or the path that it redirects to."""

    text: str
    leads_to: str


class FormRefused(PageError):  # noqa: N818
    """The portal refused a form's input (422). The message says why."""


def choice(page: str, words: str) -> str:
    """Return the value of the list option with the text *words*. Raises PageError when there is none."""
    if found := re.search(rf'<option value="([^"]*)"[^>]*>\s*{re.escape(escape(words))}\s*<', page):
        return unescape(found[1])
    raise PageError(f"there is no {words!r} to choose")


class Browser:
    """Keeps cookies and the latest CSRF token. Each browser has its own IP address (10.0.0.0/8), because the portal
    limits attempts by address."""

    def __init__(self, app: Flask, place: int) -> None:
        self._client = app.test_client()
        self._client.environ_base["REMOTE_ADDR"] = ".".join(map(str, (10, *place.to_bytes(3))))
        self._token = ""

    def look(self, path: str) -> Page:
        """Get a page."""
        return self._page(self._client.get(path))

    def fill(self, form: str, path: str, **fields: str) -> Page:
        """Get the page of a form, then submit it with *fields* to *path*."""
        self.look(form)
        return self.press(path, **fields)

    def press(self, path: str, **fields: str | list[str]) -> Page:
        """Submit a form of the page seen last; a list is a field that stands there several times."""
        return self._page(self._client.post(path, data={"csrf_token": self._token, **fields}))

    def _page(self, answer: TestResponse) -> Page:
        if answer.status_code >= 400:
            raise (FormRefused if answer.status_code == 422 else PageError)(
                f"{answer.request.method} {answer.request.path}: {answer.status}"
            )
        text = answer.get_data(as_text=True)
        if token := _TOKEN.search(text):
            self._token = unescape(token[1])
        return Page(text, answer.headers.get("Location", ""))
