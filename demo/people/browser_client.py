"""Somebody's browser: looks at the portal's pages and fills in their forms, as a person would."""

import re
from html import escape, unescape
from typing import Final, NamedTuple

from flask import Flask
from werkzeug.test import TestResponse

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


class PageError(Exception):
    """The portal did not do what somebody wanted of it: the message names the page and the answer."""


class Page(NamedTuple):
    """What came back: a text, or the path that it leads on to."""

    text: str
    leads_to: str


class FormRefused(PageError):  # noqa: N818
    """The portal says what is wrong with what was filled in (422)."""


def choice(page: str, words: str) -> str:
    """What a form sends when somebody chooses these words in a list; PageError when they are not there."""
    if found := re.search(rf'<option value="([^"]*)"[^>]*>\s*{re.escape(escape(words))}\s*<', page):
        return unescape(found[1])
    raise PageError(f"there is no {words!r} to choose")


class Browser:
    """Keeps cookies, and the form token of the last page that had one. Each has an address of its own (10.0.0.0/8),
    since the portal counts tries by address."""

    def __init__(self, app: Flask, place: int) -> None:
        self._client = app.test_client()
        self._client.environ_base["REMOTE_ADDR"] = ".".join(map(str, (10, *place.to_bytes(3))))
        self._token = ""

    def look(self, path: str) -> Page:
        """A page."""
        return self._page(self._client.get(path))

    def fill(self, form: str, path: str, **fields: str) -> Page:
        """Look at the page of a form and send it, filled in, to *path*."""
        self.look(form)
        return self.press(path, **fields)

    def press(self, path: str, **fields: str) -> Page:
        """Send a form of a page that was looked at before."""
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
