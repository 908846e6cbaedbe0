"""Alice keeps paper: by the link of the notice, or in her space; a mail scanner that opens the link changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest

from store import Store
from store.accounts.account_notice import NewNotice, append_notice, notices_of
from store.accounts.consumer import Consumer
from store.accounts.one_time_email_link import objection_link
from store.issuer import Issuer
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, furnish

NewBrowser = Callable[[], Browser]
BANNER = "les factures de ce contrat viendront dans votre espace, sans papier"


class Told(NamedTuple):
    """Alice, her contract of electricity, and the link of the notice that she had a week ago."""

    alice: Consumer
    account_id: int
    link: str


@pytest.fixture
def told(world: World, store: Store, clock: Clock) -> Told:
    lumiere = furnish(world)["lumiere"]
    alice = world.consumer("Alice Martin", holds={lumiere: "C-1001"})
    account_id = world.account_id(lumiere, "C-1001")
    notice = NewNotice(
        account_id=account_id, kind="default_sent", at=clock() - timedelta(days=7), consumer_id=alice.id,
        channel="email", basis="default_on", wording="default-on-1",
    )  # fmt: skip
    with store.writing() as session:
        session.get_one(Issuer, lumiere).profile += "\n[policy]\ndefault_on = true\n"
        append_notice(session, notice)
    return Told(alice, account_id, f"/objection/{objection_link(store.keys, account_id, alice.id)}")


def objections(store: Store, account_id: int) -> list[str]:
    with store.reading() as session:
        return [each.channel for each in notices_of(session, [account_id])[account_id] if each.kind == "objected"]


def test_the_link_shows_a_button_and_only_pressing_it_counts(browser: NewBrowser, told: Told, store: Store) -> None:
    scanner = browser()
    assert "Garder le papier" in scanner.get(told.link).text
    assert scanner.client.head(told.link).status_code == 200
    assert objections(store, told.account_id) == []
    alice = browser()
    alice.get(told.link)
    assert "restent sur papier" in plain(alice.post(told.link).text)
    alice.get(told.link)
    assert "restent sur papier" in plain(alice.post(told.link).text)
    assert objections(store, told.account_id) == ["email"]
    assert alice.get(f"{told.link[:-4]}").status_code == 404


def test_the_banner_says_the_day_until_she_has_decided(browser: NewBrowser, told: Told, store: Store) -> None:
    alice = browser()
    alice.sign_in(told.alice)
    assert BANNER in plain(alice.get("/").text)
    assert BANNER in plain(alice.get("/contrats").text)
    assert "restent sur papier" in plain(alice.post(f"/contrats/{told.account_id}/objection").text)
    assert objections(store, told.account_id) == ["portal"]
    assert BANNER not in plain(alice.get("/").text)
    trail = plain(alice.get(f"/contrats/{told.account_id}/historique").text)
    assert "papier choisi" in trail
    assert "Objection : les factures restent sur papier, par vous" in trail


def test_nobody_objects_for_somebody_else(browser: NewBrowser, told: Told, world: World, store: Store) -> None:
    bob = browser()
    bob.sign_in(world.consumer("Bob Leroy"))
    bob.get("/contrats")
    assert bob.post(f"/contrats/{told.account_id}/objection").status_code == 404
    assert bob.get(f"/contrats/{told.account_id}/historique").status_code == 404
    assert objections(store, told.account_id) == []
