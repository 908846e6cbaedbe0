"""Programs that open every link of every mail and letter: they change no row, and count as nobody's look."""

import os
import re
from collections.abc import Callable
from email.message import Message
from html import unescape
from urllib.parse import urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from delivery import send_due
from store import Store
from store.accounts.one_time_email_link import mail_stop_link, objection_link
from store.base import Base
from store.job import request_job
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.one_bill.one_bill_links import LinkTown
from tests.portal.consumers.one_bill.test_one_bill_page import opened
from tests.portal.sample_town import World

#: A scanner stops somewhere, too; in `make battery` later.
MOST_PAGES = 200 if "FACTEUR_KILLS" in os.environ else 30


class Scanner:
    """Opens what it finds by GET and HEAD, follows redirects and links, and submits the forms that are sent by GET. It
    keeps cookies, as a headless browser does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.seen: set[str] = set()

    def open(self, *urls: str) -> None:
        ahead = [self._path(url) for url in urls]
        while ahead and len(self.seen) < MOST_PAGES:
            path = ahead.pop(0)
            if path in self.seen:
                continue
            self.seen.add(path)
            self.client.head(path)
            self.client.get(path, headers={"Sec-Purpose": "prefetch"})
            answer = self.client.get(path, follow_redirects=True)
            if answer.mimetype == "text/html":
                ahead += [unescape(each) for each in re.findall(r'href="(/[^"#]*)"', answer.text)]
                self._submit(answer.text, path)

    def _submit(self, page: str, path: str) -> None:
        for form in lxml.html.fromstring(page).forms:
            if form.method == "GET":
                self.client.get(
                    form.action or path, query_string={each.name: each.value for each in form.inputs if each.name}
                )

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with store.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def links_in(mail: Message) -> list[str]:
    texts = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_maintype() == "text"]
    said = "\n".join(text.decode() for text in texts if isinstance(text, bytes))
    headers = " ".join(str(value) for name, value in mail.items() if name.casefold() == "list-unsubscribe")
    return re.findall(r"https?://[^\s\"'<>)]+", unescape(f"{said} {headers}"))


@pytest.fixture
def town(store: Store, world: World) -> LinkTown:
    return LinkTown(store, world)


def test_a_scanner_that_opens_everything_changes_nothing(
    town: LinkTown,
    browser: Callable[[], Browser],
    post: Callable[[], Mailbox],
    store: Store,
    config: Config,
    clock: Clock,
) -> None:
    bruno = town.world.consumer("Bruno Leroy", holds={town.lumiere: "C-3003"})
    tokens = [town.letter(), town.mail("LUM-3", bruno)]
    with store.writing() as session:
        for kind in ("reset", "already_signed_up"):
            request_job(session, kind, {"email": bruno.email, "consumer_id": bruno.id, "epoch": 0}, clock())
    town.change("LUM-3", "email", state="ready", sent_at=None)
    mails = [mail for _, mail in post().mails]
    mailbox = Mailbox()
    send_due(store, mailbox, config.public_url, clock())
    mails += [mail for _, mail in mailbox.mails]
    found = [link for mail in mails for link in links_in(mail)]
    assert any("/f/" in link for link in found), "a bill's mail brings its link"
    before = dump(store)
    links = [*found, *(f"/f/{token}" for token in tokens), f"/objection/{objection_link(store.keys, 1, bruno.id)}"]
    links += [f"/f/{token}/{page}" for token in tokens for page in ("pdf", "suivre", "payer", "paiements/x")]
    links += [f"/c/{town.code()}", f"/desabonnement/{mail_stop_link(store.keys, bruno.id, 'suitability_check')}"]
    for link in links:
        Scanner(browser().client).open(link)
    assert dump(store) == before
    assert town.row("LUM-3").viewed_at is None


def test_a_scanner_on_a_device_that_was_admitted_changes_nothing(
    town: LinkTown, browser: Callable[[], Browser], store: Store
) -> None:
    """A phone fetches its open pages again by itself."""
    token, alice = town.letter(), browser()
    opened(alice, token)
    before = dump(store)
    scanner = Scanner(alice.client)
    scanner.open(f"/f/{token}")
    assert {f"/f/{token}", f"/f/{token}/pdf", f"/f/{token}/suivre"} <= scanner.seen
    assert dump(store) == before


def test_the_scan_itself_sees_what_changes(town: LinkTown, browser: Callable[[], Browser], store: Store) -> None:
    before = dump(store)
    opened(browser(), town.letter())
    assert dump(store) != before
