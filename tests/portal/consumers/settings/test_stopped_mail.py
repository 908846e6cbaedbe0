"""Alice stops the yearly question by the link of its mail: her mail program by an empty POST, or she by a button."""

from collections.abc import Callable

import pytest

from store import Store
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import mail_stop_link, objection_link
from store.accounts.stopped_mail import who_stopped
from store.db.event import events_of
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World

NewBrowser = Callable[[], Browser]
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.fixture
def alice(world: World) -> Consumer:
    return world.consumer("Alice Martin")


@pytest.fixture
def link(store: Store, alice: Consumer) -> str:
    return f"/desabonnement/{mail_stop_link(store.keys, alice.id, 'suitability_check')}"


def is_stopped(store: Store, alice: Consumer) -> bool:
    with store.reading() as session:
        return who_stopped(session, [alice.id], "suitability_check") == {alice.id}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", None),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (MULTIPART, "multipart/form-data; boundary=x"),
        (b"\xff\x00{", "application/json"),
        (b"x" * 100_000, "multipart/form-data"),
    ],
    ids=["empty", "form", "multipart", "nonsense", "long"],
)  # fmt: skip
def test_a_mail_program_stops_it_by_one_post(
    browser: NewBrowser, store: Store, alice: Consumer, link: str, body: bytes, kind: str | None
) -> None:
    """RFC 8058 3.1: no cookie, no token of a form, no redirect; a second time is as the first."""
    for _ in range(2):
        answer = browser().client.post(link, data=body, content_type=kind)
        assert (answer.status_code, answer.data) == (200, b"")
        assert "Set-Cookie" not in answer.headers
    assert is_stopped(store, alice)
    with store.reading() as session:
        told = events_of(session, "consumer", alice.id)
    assert [(each.what, each.by) for each in told] == [("mails stopped: suitability_check", "the link of a mail")]


def test_opening_the_link_changes_nothing(browser: NewBrowser, store: Store, alice: Consumer, link: str) -> None:
    scanner = browser()
    assert "vos factures sans papier" in plain(scanner.get(link).text)
    assert scanner.client.head(link).status_code == 200
    assert not is_stopped(store, alice)


def test_she_presses_the_button_and_has_it_back(browser: NewBrowser, store: Store, alice: Consumer, link: str) -> None:
    hers = browser()
    hers.get(link)
    assert "Vos factures arrivent comme avant" in plain(hers.post(f"{link}?page=1").text)
    assert is_stopped(store, alice)
    assert "Le recevoir de nouveau" in plain(hers.get(link).text)
    assert "continuent d’arriver" in plain(hers.post(f"{link}/reprendre").text)
    assert not is_stopped(store, alice)
    with store.reading() as session:
        told = [each.what for each in events_of(session, "consumer", alice.id)]
    assert told == ["mails stopped: suitability_check", "mails resumed: suitability_check"]


def test_a_forged_link_stops_nothing(browser: NewBrowser, store: Store, alice: Consumer, link: str) -> None:
    other = objection_link(store.keys, alice.id, alice.id)
    said, _, signature = link.rpartition(".")  # its last letter has two bits that say nothing
    other_signature = f"{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    for forged in (f"{said}.{other_signature}", f"/desabonnement/{other}", "/desabonnement/x"):
        assert browser().client.post(forged).status_code == 404
        assert browser().get(forged).status_code == 404
    assert browser().get("/desabonnement/").status_code == 404
    assert not is_stopped(store, alice)
