"""The yearly question in the portal: Alice sees it, opening it answers nothing, a button does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from store import Store
from store.accounts.customer_account import CustomerAccount
from store.accounts.suitability_event import append_suitability, suitability_events
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, furnish


class Question:
    def __init__(self, store: Store, world: World, clock: Clock) -> None:
        self.store, ids = store, furnish(world)
        self.alice = world.consumer("Alice Martin", holds={ids["lumiere"]: "C-1001"})
        self.account = world.account_id(ids["lumiere"], "C-1001")
        with store.writing() as session:
            mine = update(CustomerAccount).where(CustomerAccount.id == self.account)
            session.execute(mine.values(paperless=True, paperless_since=clock() - timedelta(days=340)))
            append_suitability(
                session, self.account, clock().date() + timedelta(days=25), "asked", clock(), wording="suitability-1",
                way="email", article="C. conso. L224-12",
            )  # fmt: skip

    def acts(self) -> list[str]:
        with self.store.reading() as session:
            return [event.act for event in suitability_events(session, self.account)]


@pytest.fixture
def question(store: Store, world: World, clock: Clock) -> Question:
    return Question(store, world, clock)


def test_alice_answers_with_a_button(question: Question, browser: Callable[[], Browser]) -> None:
    alice = browser()
    alice.sign_in(question.alice)
    for page in ("/", "/contrats"):
        assert "vous conviennent-elles toujours" in plain(alice.get(page).text)
    address = f"/contrats/{question.account}/convient"
    shown = plain(alice.get(address).text)
    assert "convient-il toujours" in shown
    assert "C. conso. L224-12" in shown
    assert question.acts() == ["asked"], "opening the page answers nothing"
    assert "ce contrat reste sans papier" in plain(alice.post(address).text)
    assert question.acts() == ["asked", "suits"]
    assert "vous conviennent-elles toujours" not in plain(alice.get("/").text)
    assert alice.get(address).request.path == "/contrats", "nothing is asked any more"


def test_alice_goes_back_to_paper_from_the_question(question: Question, browser: Callable[[], Browser]) -> None:
    alice = browser()
    alice.sign_in(question.alice)
    alice.get(f"/contrats/{question.account}/convient")
    page = plain(alice.post(f"/contrats/{question.account}/papier").text)
    assert "au plus tard le" in page
    assert question.acts() == ["asked", "paper"]
    assert "Vous avez demandé du papier" in plain(alice.get("/contrats").text)


def test_nobody_answers_for_another(question: Question, world: World, browser: Callable[[], Browser]) -> None:
    bob = browser()
    bob.sign_in(world.consumer("Bob Le Goff"))
    bob.get("/")
    answered = bob.post(f"/contrats/{question.account}/convient")
    shown, nothing = (bob.get(f"/contrats/{n}/convient") for n in (question.account, 999_999))
    assert (answered.status_code, shown.status_code) == (404, 404)
    assert answered.data == shown.data == nothing.data
    assert question.acts() == ["asked"]
