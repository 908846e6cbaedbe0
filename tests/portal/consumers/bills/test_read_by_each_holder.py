"""Alice and Bruno hold one account: what one has read is still new to the other, and each sees that the other has."""

from collections.abc import Callable

import pytest

from bill import Reason
from store import Store
from store.accounts.consumer import Consumer, end_holding
from store.bills.bill import BillRow
from store.delivery import Delivery, create_deliveries
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill

NEW = "<b>nouvelle</b>"


class Couple:
    """Two holders, signed in, and their bill."""

    def __init__(self, world: World, browser: Callable[[], Browser]) -> None:
        issuer = world.issuer("lumiere", "Lumière")
        self.row: BillRow = world.drop(issuer, [a_bill("F-1", "C-1", world.today)])["F-1"]
        self.people = [world.consumer(name, holds={issuer: "C-1"}) for name in ("Alice Martin", "Bruno Petit")]
        self.alice, self.bruno = browser(), browser()
        for signed_in, who in zip((self.alice, self.bruno), self.people, strict=True):
            signed_in.sign_in(who)

    def page(self, browser: Browser) -> str:
        return plain(browser.get(f"/factures/{self.row.uid}").text)


@pytest.fixture
def couple(world: World, browser: Callable[[], Browser]) -> Couple:
    return Couple(world, browser)


def present(store: Store, clock: Clock, row: BillRow, *people: Consumer) -> None:
    """What choosing plans for those who hold the account when the bill comes."""
    rows: list[dict[str, object]] = [
        {
            "bill_id": row.id, "issuer_id": row.issuer_id, "person_id": each.id, "channel": "portal",
            "purpose": "present", "state": "sent", "reason": Reason("shown_to_holder"), "due_at": clock(),
            "made_at": clock(), "sent_at": clock(),
        }
        for each in people
    ]  # fmt: skip
    with store.writing() as session:
        create_deliveries(session, rows)


@pytest.mark.parametrize("is_presented", [True, False])
def test_new_to_each_until_they_look(couple: Couple, store: Store, clock: Clock, is_presented: bool) -> None:
    if is_presented:
        present(store, clock, couple.row, *couple.people)
    assert NEW in couple.alice.get("/").text
    couple.page(couple.alice)
    assert NEW not in couple.alice.get("/").text
    assert NEW in couple.bruno.get("/").text
    couple.page(couple.bruno)
    assert NEW not in couple.bruno.get("/").text


def test_each_sees_when_the_other_looked(couple: Couple, clock: Clock) -> None:
    couple.page(couple.alice)
    clock.forward(hours=2)
    assert "Vue par Alice Martin" in couple.page(couple.bruno)
    brunos = couple.page(couple.bruno)
    assert "Vue dans votre espace" in brunos
    assert brunos.index("Vue par Alice Martin") < brunos.index("Vue dans votre espace")
    alices = couple.page(couple.alice)
    assert "Vue par Bruno Petit" in alices
    assert alices.count("Vue dans votre espace") == 1


def test_who_holds_it_no_more_is_not_named(couple: Couple, store: Store, clock: Clock) -> None:
    couple.page(couple.alice)
    with store.writing() as session:
        end_holding(session, couple.people[0].id, couple.row.account_id, clock())
    brunos = couple.page(couple.bruno)
    history = brunos.partition("Son histoire")[2]
    assert "Vue par un autre titulaire" in history
    assert "Alice" not in history


def test_a_look_through_a_letters_link_is_nobodys(couple: Couple, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        session.get_one(BillRow, couple.row.id).viewed_at = clock()
    clock.forward(hours=2)
    couple.page(couple.alice)
    assert NEW not in couple.alice.get("/").text
    assert NEW in couple.bruno.get("/").text
    moments = [line.strip() for line in couple.alice.get(f"/factures/{couple.row.uid}").text.splitlines()]
    assert sum("Vue" in line for line in moments) == 2


def test_looking_twice_keeps_one_look(couple: Couple, store: Store) -> None:
    couple.page(couple.alice)
    couple.page(couple.alice)
    with store.reading() as session:
        looks = [each.person_id for each in session.query(Delivery).filter_by(bill_id=couple.row.id)]
    assert looks == [couple.people[0].id]
