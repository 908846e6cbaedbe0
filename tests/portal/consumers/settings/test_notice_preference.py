"""Alice chooses how to hear of her bills: for all contracts, otherwise for one, and never silence."""

from collections.abc import Callable
from datetime import time

import pytest

from delivery.notices.notice_preference import NoticePreference, preferences_of
from store import Store
from store.accounts.consumer import Consumer
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, furnish

EVERYWHERE = "/courriels"


@pytest.fixture
def town(world: World) -> dict[str, int]:
    return furnish(world)


@pytest.fixture
def alice(world: World, town: dict[str, int]) -> Consumer:
    return world.consumer("Alice Martin", holds={town["lumiere"]: "C-1001", town["eaux"]: "R-1187"})


@pytest.fixture
def mine(browser: Callable[[], Browser], alice: Consumer) -> Browser:
    signed_in = browser()
    signed_in.sign_in(alice)
    return signed_in


def chosen(store: Store, alice: Consumer, account: int) -> NoticePreference:
    with store.reading() as session:
        return preferences_of(session, {(alice.id, account)})[alice.id, account]


def test_alice_wants_one_mail_on_saturdays_and_her_nights(
    mine: Browser, store: Store, world: World, alice: Consumer, town: dict[str, int]
) -> None:
    account = world.account_id(town["lumiere"], "C-1001")
    page = plain(mine.get(EVERYWHERE).text)
    assert "Une facture vous est toujours annoncée, ou envoyée par la poste" in page
    said = mine.post(EVERYWHERE, channel="email", digest="weekly", day="5", quiet_from="22:00", quiet_until="7h")
    assert "un courriel par semaine, le samedi ; jamais entre 22:00 et 07:00" in plain(said.text)
    assert chosen(store, alice, account) == NoticePreference(
        digest="weekly", digest_day=5, quiet_from=time(22), quiet_until=time(7)
    )


def test_one_contract_is_an_exception_until_she_takes_it_back(
    mine: Browser, store: Store, world: World, alice: Consumer, town: dict[str, int]
) -> None:
    account, other = world.account_id(town["lumiere"], "C-1001"), world.account_id(town["eaux"], "R-1187")
    mine.get(EVERYWHERE)
    mine.post(EVERYWHERE, channel="email", digest="weekly", day="0")
    page = mine.get(f"/contrats/{account}/courriels")
    assert "vous avez choisi : un courriel par semaine, le lundi" in plain(page.text)
    assert "Faire comme pour tous mes contrats" not in page.text
    mine.post(f"/contrats/{account}/courriels", channel="email", digest="each", language="en")
    assert chosen(store, alice, account) == NoticePreference(language="en", digest_day=5)
    assert chosen(store, alice, other).digest == "weekly"
    assert "Faire comme pour tous mes contrats" in mine.get(f"/contrats/{account}/courriels").text
    mine.post(f"/contrats/{account}/courriels/comme-partout")
    assert chosen(store, alice, account) == chosen(store, alice, other)


def test_no_box_is_paper_and_is_said(
    mine: Browser, store: Store, world: World, alice: Consumer, town: dict[str, int]
) -> None:
    account = world.account_id(town["lumiere"], "C-1001")
    mine.get(EVERYWHERE)
    said = plain(mine.post(EVERYWHERE, digest="each").text)
    assert "Sans message, vos factures viennent par la poste, gratuitement." in said
    assert chosen(store, alice, account).channels == ()


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("22:00", "", "Donnez les deux heures"),
        ("", "07:00", "Donnez les deux heures"),
        ("25:00", "07:00", "Donnez les deux heures"),
        ("07:00", "07:00", "Les deux heures sont les mêmes"),
        ("07:00", "06:59", "Laissez-nous au moins huit heures par jour"),
        ("06:00", "22:01", "Laissez-nous au moins huit heures par jour"),
    ],
)
def test_hours_that_cannot_be(mine: Browser, store: Store, alice: Consumer, start: str, end: str, wrong: str) -> None:
    mine.get(EVERYWHERE)
    page = mine.post(EVERYWHERE, channel="email", digest="weekly", quiet_from=start, quiet_until=end)
    assert page.status_code == 422
    assert wrong in plain(page.text)
    assert 'value="weekly" checked' in page.text
    assert chosen(store, alice, 1) == NoticePreference()


def test_sixteen_hours_may_be_quiet(mine: Browser, store: Store, alice: Consumer) -> None:
    mine.get(EVERYWHERE)
    assert mine.post(EVERYWHERE, channel="email", quiet_from="18:00", quiet_until="10:00").status_code == 200
    assert chosen(store, alice, 1).quiet_until == time(10)


def test_the_contract_of_somebody_else_looks_like_none(mine: Browser, world: World, town: dict[str, int]) -> None:
    theirs = world.account_id(town["mobile"], "0612345678")
    for path in (f"/contrats/{theirs}/courriels", "/contrats/4711/courriels"):
        assert mine.get(path).status_code == 404
        mine.get(EVERYWHERE)
        assert mine.post(path, channel="email").status_code == 404
        mine.get(EVERYWHERE)
        assert mine.post(f"{path}/comme-partout").status_code == 404
