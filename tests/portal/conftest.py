"""A portal over a store of its own, and a town that lives in it."""

import copy
import re
from collections.abc import Callable
from email.message import Message
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Config
from delivery import run_mail_job
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer
from store.job import claim_job
from tests.conftest import Clock
from tests.lived_beginnings import Living
from tests.portal.sample_town import PASSWORD, World
from tests.portal.staff_office import Office


@pytest.fixture
def app(store: Store, config: Config, clock: Clock) -> Flask:
    return make_app(store, config, clock)


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock())


@pytest.fixture
def browser(app: Flask) -> Callable[[], "Browser"]:
    """Makes a browser of somebody's own, with its own cookies."""
    return lambda: Browser(app.test_client())


class Browser:
    """A visitor's browser: follows redirects, and sends the token of the page it is on with each form."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._page: TestResponse | None = None
        self._led_to: str | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> "Browser":
        """The same cookies and the same page, in the portal that takes this one's place."""
        other = Browser(copy.copy(self.client))
        other.client.application = memo[id(self.client.application)]
        other.client._cookies = dict(self.client._cookies or {})
        other._page, other._led_to = self._page, self._led_to
        return other

    @property
    def page(self) -> TestResponse | None:
        """The page this browser is on; one that it was led to is asked for when somebody looks."""
        if self._led_to is not None:
            self.get(self._led_to)
        return self._page

    @page.setter
    def page(self, page: TestResponse | None) -> None:
        self._page, self._led_to = page, None

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        self.page = page = self.client.get(path, follow_redirects=True, **kwargs)
        return page

    def post(self, path: str, **fields: str | tuple[BytesIO, str]) -> TestResponse:
        """*fields* as typed; a file is its bytes and its name."""
        self.page = page = self.client.post(path, data=fields | self._token(), follow_redirects=True)
        return page

    def _token(self) -> dict[str, str]:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text if self.page else "")
        return {"csrf_token": token[1]} if token else {}

    def sign_in(self, consumer: Consumer, password: str = PASSWORD) -> TestResponse:
        self.get("/connexion")
        return self.post("/connexion", email=consumer.email, password=password)

    def enter(self, path: str, **fields: str) -> None:
        """Sign in by this form; where that leads is not looked at yet."""
        self.get(path)
        answer = self.client.post(path, data=fields | self._token())
        assert answer.location is not None, answer.text
        self._led_to = answer.location

    def confirm_identity(self, password: str = PASSWORD, side: str = "") -> None:
        """Prove anew who is here; *side* is `/equipe` for staff."""
        self.get(f"{side}/confirmer-identite")
        self.post(f"{side}/confirmer-identite/mot-de-passe", password=password)


class Mailbox:
    """Everybody's mailbox: a mail transport who keeps what he is given."""

    sender = "Facteur <facteur@localhost>"
    host = "localhost"

    def __init__(self) -> None:
        self.mails: list[tuple[str, Message]] = []

    def send(self, mail: Message, to: str) -> str:
        self.mails.append((to, mail))
        return "250 OK"

    def hang_up(self) -> None:
        return

    def link_to(self, email: str) -> str:
        """The path of the first link in the latest mail to somebody."""
        latest = next(mail for to, mail in reversed(self.mails) if to == email)
        plain = next(part for part in latest.walk() if part.get_content_type() == "text/plain")
        text = plain.get_payload(decode=True).decode()
        return urlsplit(re.search(r"https?://\S+", text)[0]).path


@pytest.fixture
def post(store: Store, config: Config, clock: Clock) -> Callable[[], Mailbox]:
    """Does the portal's jobs; the mailbox, as it is then."""
    mailbox = Mailbox()

    def run() -> Mailbox:
        while True:
            with store.writing() as session:
                job = claim_job(session, clock())
            if job is None:
                return mailbox
            run_mail_job(store, job, mailbox, config.public_url, clock())

    return run


@pytest.fixture
def office(store: Store, config: Config, clock: Clock, lived: Living) -> Office:
    return lived(Office.begin, Office(store, config, clock))


@pytest.fixture
def staff(office: Office, browser: Callable[[], Browser]) -> Callable[[str], Browser]:
    """A browser with somebody signed in."""

    def signed_in(name: str) -> Browser:
        mine = browser()
        mine.enter("/equipe/connexion", email=f"{name}@facteur.example", password=PASSWORD)
        return mine

    return signed_in
