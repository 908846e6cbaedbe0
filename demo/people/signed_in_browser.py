"""A browser of somebody with a password, which signs in where the portal asks for it."""

from typing import Final

from flask import Flask

from demo.demo_credentials import PASSWORD
from demo.people.browser_client import Browser, Page

#: Where consumers and staff sign in.
CONSUMERS: Final = "/connexion"
STAFF: Final = "/equipe/connexion"


class SignedInBrowser:
    """The browser of *email*, who signs in at *door*: a new one, or the *browser* that they have."""

    def __init__(self, app: Flask, place: int, door: str, email: str, browser: Browser | None = None) -> None:
        self._browser = browser or Browser(app, place)
        self._door, self._email = door, email

    def look(self, path: str) -> Page:
        """Get a page; sign in first where it leads there."""
        page = self._browser.look(path)
        if self._door not in page.leads_to and f'action="{self._door}"' not in page.text and not _is_landing(page):
            return page
        self._browser.fill(self._door, self._door, email=self._email, password=PASSWORD)
        return self._browser.look(path)

    def press(self, path: str, **fields: str | list[str]) -> Page:
        """Submit a form of the page seen last."""
        return self._browser.press(path, **fields)

    def fill(self, form: str, path: str, **fields: str | list[str]) -> Page:
        """Get the page of a form, then submit it."""
        self.look(form)
        return self.press(path, **fields)


def _is_landing(page: Page) -> bool:
    """Whether this is the page for strangers, which asks to create a space."""
    return 'href="/inscription"' in page.text and "/deconnexion" not in page.text
