"""What staff find bills by: any part of a number, names without accents, contracts, amounts and addresses; each issuer
its own alone; and the index follows what changes."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from bill.customer.known_customer import KnownCustomer
from store import Store
from store.bills.bill import BillRow
from store.bills.buyer_email import email_digest
from store.customers.customer_reference import CustomerReference, reference_row
from store.feeds.feed import Feed
from store.staff_search.folded_text import closed, folded
from store.staff_search.found_accounts import accounts_by_email, accounts_by_name, accounts_by_number
from store.staff_search.found_bills import bills_by_account, bills_by_amount, bills_by_part_of_number, latest_bills
from store.staff_search.part_index import SHORTEST
from tests.adoption.sample_accounts import World, moment

DAY = date(2026, 2, 3)
NUMBERS = ("LUM-2026-004711", "LUM-2026-004712", "lum/77.4711a", "AV'31 \"x", "É-99-#07-%_", "711471", "4711")
HOLDERS = {
    "C 100 200": "Hélène Lœwe", "C-100-201": "ALICE D’AUBIGNÉ", "PDL.4711": "Élodie Straße", "x": "Bob Le Goff",
}  # fmt: skip


class Files:
    """Lumière has bills of all these numbers, and accounts of all these people; Eaux has one of each as well."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing() as session:
            world = World(session)
            self.lumiere, self.eaux = world.issuer("lumiere"), world.issuer("eaux")
            accounts = []
            for number, holder in HOLDERS.items():
                accounts.append(world.account(self.lumiere, number))
                accounts[-1].holder = holder
            self.bills = [world.bill(accounts[0], DAY, number=number) for number in NUMBERS]
            theirs = world.account(self.eaux, "C 100 200")
            theirs.holder = "Hélène Lœwe"
            self.theirs = world.bill(theirs, DAY, number="LUM-2026-004711")
            self.theirs.payable = self.bills[1].payable = Decimal("19.99")
            unread = world.feed(self.lumiere, moment(DAY), state="reading")
            world.bill(accounts[0], DAY, number="SOON-4711", feed=unread)
            known = KnownCustomer(email="Helene@Exemple.fr", clocks={"email": moment(DAY)})
            session.add(CustomerReference(**reference_row(accounts[0].id, self.lumiere.id, known, DAY)))
            world.holds(world.consumer("Charlie"), accounts[3], DAY)
            self.accounts = accounts

    def numbers(self, part: str, limit: int = 10, before: int | None = None) -> list[str]:
        with self.store.reading() as session:
            found = bills_by_part_of_number(session, [self.lumiere.id], part, limit, before)
            assert all(each.issuer_id == self.lumiere.id for each in found)
            return [each.number for each in found]

    def names(self, said: str) -> list[str]:
        with self.store.reading() as session:
            return [each.holder for each in accounts_by_name(session, [self.lumiere.id], said, 10)]

    def contracts(self, said: str) -> list[str]:
        with self.store.reading() as session:
            return [each.number for each in accounts_by_number(session, [self.lumiere.id], said, 10)]


@pytest.fixture
def files(store: Store) -> Iterator[Files]:
    return Files(store)


def test_any_part_of_a_number_finds_its_bills(files: Files) -> None:
    """And no others: as if each number had been looked at."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(NUMBERS), st.integers(0, 14), st.integers(1, 15), st.booleans())
    def found(number: str, first: int, length: int, capitals: bool) -> None:
        part = number[first : first + length]
        part = part.upper() if capitals else part
        asked = closed(part)
        meant = [each for each in NUMBERS if asked in closed(each)] if len(asked) >= SHORTEST else []
        assert files.numbers(part) == list(reversed(meant))

    found()
    assert files.numbers("4711") == ["4711", "lum/77.4711a", "LUM-2026-004711"]
    assert files.numbers("lum 2026") == ["LUM-2026-004712", "LUM-2026-004711"]
    with files.store.reading() as session:
        found = bills_by_part_of_number(session, [files.lumiere.id, files.lumiere.id + 999], "4711", 10)
    assert [each.number for each in found] == files.numbers("4711"), "and nothing of an issuer beside these"
    assert files.numbers("00") == files.numbers("") == files.numbers("99999") == []


def test_pages_go_on_where_the_last_one_ended(files: Files) -> None:
    [first] = files.numbers("4711", limit=1)
    assert first == "4711"
    assert files.numbers("4711", limit=1, before=files.bills[-1].id) == ["lum/77.4711a"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("helene", ["Hélène Lœwe"]), ("LOEWE hél", ["Hélène Lœwe"]), ("élodie strasse", ["Élodie Straße"]),
        ("d'aubigne", ["ALICE D’AUBIGNÉ"]), ("goff le", ["Bob Le Goff"]), ("le", []), ("helene bob", []),
        ("lod", ["Élodie Straße"]), ("' OR 1=1", []), ('"', []), ("hel* NOT x", []),
    ],
)  # fmt: skip
def test_people_are_found_by_parts_of_their_names(files: Files, said: str, found: list[str]) -> None:
    assert files.names(said) == found


def test_contracts_are_found_however_they_are_separated(files: Files) -> None:
    assert files.contracts("c100200") == files.contracts("100 200") == ["C 100 200"]
    assert files.contracts("C-100") == ["C-100-201", "C 100 200"]
    assert files.contracts("4711") == ["PDL.4711"]


def test_amounts_are_found_of_ones_own_bills(files: Files) -> None:
    with files.store.reading() as session:
        lumiere, both = [files.lumiere.id], [files.lumiere.id, files.eaux.id]
        assert [each.number for each in bills_by_amount(session, lumiere, Decimal("19.99"), 5)] == [NUMBERS[1]]
        assert len(bills_by_amount(session, both, Decimal("-19.99"), 5)) == 2
        last = files.bills[-1]
        page = bills_by_amount(session, lumiere, last.payable, 2, before=last.id)
        assert [each.number for each in page] == [NUMBERS[-2], NUMBERS[-3]]


def test_an_issuer_finds_by_the_addresses_that_it_told(files: Files) -> None:
    with files.store.reading() as session:
        mine = [files.lumiere.id]
        assert [each.holder for each in accounts_by_email(session, mine, "helene@exemple.fr", of_consumers=False)] == [
            "Hélène Lœwe"
        ]
        assert accounts_by_email(session, [files.eaux.id], "helene@exemple.fr", of_consumers=True) == []
        assert accounts_by_email(session, mine, "charlie@exemple.fr", of_consumers=False) == []
        [held] = accounts_by_email(session, mine, "charlie@exemple.fr", of_consumers=True)
        assert held.holder == "Bob Le Goff"
        assert accounts_by_email(session, mine, "nobody", of_consumers=True) == []


def test_an_address_that_came_with_a_bill_finds_its_account(files: Files) -> None:
    """In whatever spelling, of the issuer's own bills alone, and of none that is not released."""
    with files.store.writing() as session:
        digest = email_digest("Bob.LeGoff@exemple.fr")
        for bill in (files.bills[0], files.bills[1], files.theirs):
            session.get_one(BillRow, bill.id).buyer_email_digest = digest
        session.get_one(BillRow, files.bills[0].id).account_id = files.accounts[3].id
        soon = session.scalars(select(BillRow).where(BillRow.number == "SOON-4711")).one()
        soon.buyer_email_digest, soon.account_id = digest, files.accounts[1].id
    with files.store.reading() as session:
        mine, both = [files.lumiere.id], [files.lumiere.id, files.eaux.id]
        found = accounts_by_email(session, mine, "bob.legoff@EXEMPLE.fr", of_consumers=False)
        assert [each.holder for each in found] == ["Bob Le Goff", "Hélène Lœwe"]
        assert len(accounts_by_email(session, both, "bob.legoff@exemple.fr", of_consumers=True)) == 3
        assert accounts_by_email(session, both, "legoff@exemple.fr", of_consumers=True) == []


def test_an_account_tells_its_bills(files: Files) -> None:
    with files.store.reading() as session:
        ids = [each.id for each in files.accounts]
        assert {key: bill.number for key, bill in latest_bills(session, ids).items()} == {ids[0]: "4711"}
        assert len(bills_by_account(session, ids[0], 10)) == len(NUMBERS), "none of a feed that is not released"


def test_the_index_follows_what_changes(files: Files) -> None:
    with files.store.writing() as session:
        session.get_one(type(files.accounts[3]), files.accounts[3].id).holder = "Zoé Éluard"
        session.get_one(Feed, files.bills[-1].feed_id).state = "held"
        session.execute(text("DELETE FROM item WHERE bill_id = :id"), {"id": files.bills[2].id})
        session.execute(text("DELETE FROM bill WHERE id = :id"), {"id": files.bills[2].id})
    assert files.names("goff") == []
    assert files.names("eluard zoe") == ["Zoé Éluard"]
    assert files.numbers("4711") == ["LUM-2026-004711"]


def test_python_and_the_database_fold_alike(store: Store) -> None:
    """What Python takes for the same, the index does."""
    with store.writing() as session:
        world = World(session)
        mine = world.issuer("lumiere")
        for letter in "àÂçÉëîÏñÕöùÜÿŒœÆß’":
            world.account(mine, f"K{ord(letter)}").holder = f"xx{letter}yy"
    with store.reading() as session:
        for letter in "àÂçÉëîÏñÕöùÜÿŒœÆß’":
            found = accounts_by_name(session, [mine.id], folded(f"xx{letter}yy"), 50)
            assert f"xx{letter}yy" in [each.holder for each in found], letter
