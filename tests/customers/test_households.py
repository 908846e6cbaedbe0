"""Households: who lives at one dwelling, is followed by one person, or is put together by the issuer."""

import json
from typing import Any

import pytest

from bill import PostalAddress
from bill.matching.dwelling_key import dwelling_key
from customers.households import MOST_SHARED, follow_households
from store.accounts.consumer import Consumer, enrol
from store.customers.household import household_of
from tests.customers.conftest import Lumiere


def at(line1: str, line2: str = "", postcode: str = "44000", city: str = "Nantes") -> PostalAddress:
    return PostalAddress(line1=line1, line2=line2, postcode=postcode, city=city, country="FR")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (at("12 rue des Lilas", "Appartement 7"), at("12 RUE LILAS APT 7"), True),
        (at("12 bd Victor Hugo"), at("12, boulevard Victor-Hugo"), True),
        (at("12 rue des Lilas", "Appartement 7"), at("12 rue des Lilas", "Appartement 8"), False),
        (at("12 rue des Lilas", "Escalier A"), at("12 rue des Lilas", "Escalier B"), False),
        (at("12 rue des Lilas", "Appartement 7"), at("12 rue des Lilas"), False),
        (at("12 rue des Lilas"), at("12 bis rue des Lilas"), False),
        (at("12 rue des Lilas"), at("12 rue des Lilas", postcode="44100"), False),
    ],
)
def test_flats_and_stairs_tell_dwellings_apart(one: PostalAddress, other: PostalAddress, is_one: bool) -> None:
    assert (dwelling_key(one) == dwelling_key(other)) is is_one


@pytest.mark.parametrize("address", [at("Le Bourg"), at("12 rue des Lilas", postcode=""), PostalAddress()])
def test_what_may_be_a_whole_village_is_no_dwelling(address: PostalAddress) -> None:
    assert dwelling_key(address) == ""


def say(lumiere: Lumiere, *customers: dict[str, Any]) -> None:
    lumiere.clock.forward(hours=1)
    lumiere.drop(json.dumps({"customers": list(customers)}).encode())


def person(number: str, line1: str, **said: Any) -> dict[str, Any]:
    address = {"line1": line1, "postcode": "44000", "city": "Nantes"}
    return {"number": number, "names": [f"Dominique {number}"], "postal_address": address, **said}


def households(lumiere: Lumiere, *numbers: str) -> list[set[str]]:
    """The households of these accounts, brought up to date."""
    follow_households(lumiere.store)
    found: dict[int | None, set[str]] = {}
    for number in numbers:
        account = lumiere.account(number)
        with lumiere.store.reading() as session:
            found.setdefault(household_of(session, account.id), set()).add(number)
    assert None not in found
    return sorted(found.values(), key=min)


def test_one_dwelling_one_holder_or_the_issuers_id_make_a_household(lumiere: Lumiere) -> None:
    say(lumiere, person("A", "1 rue Neuve"), person("B", "1, R. Neuve"), person("C", "2 rue Neuve"),
        person("D", "3 rue Neuve", household="H-1"), person("E", "4 rue Neuve", household="H-1"))  # fmt: skip
    assert households(lumiere, *"ABCDE") == [{"A", "B"}, {"C"}, {"D", "E"}]
    with lumiere.store.writing() as session:
        alice = Consumer(email="alice@example.org", password_hash="-", signed_up_at=lumiere.clock())
        session.add(alice)
        session.flush()
        for number in "BC":
            enrol(session, alice.id, lumiere.account(number).id, lumiere.clock())
    assert households(lumiere, *"ABCDE") == [{"A", "B", "C"}, {"D", "E"}]
    assert follow_households(lumiere.store) == 0


def test_who_moves_leaves_the_household_and_may_join_another(lumiere: Lumiere) -> None:
    say(lumiere, person("A", "1 rue Neuve"), person("B", "1 rue Neuve"), person("C", "2 rue Neuve"))
    assert households(lumiere, *"ABC") == [{"A", "B"}, {"C"}]
    say(lumiere, person("A", "2 rue Neuve"))
    assert households(lumiere, *"ABC") == [{"A", "C"}, {"B"}]
    say(lumiere, {"number": "C", "delivery_address": {"line1": "9 quai Haut", "postcode": "29200", "city": "Brest"}})
    assert households(lumiere, *"ABC") == [{"A"}, {"B"}, {"C"}]


def test_an_address_that_many_share_is_no_household(lumiere: Lumiere) -> None:
    numbers = [f"N{n:02}" for n in range(MOST_SHARED + 1)]
    say(lumiere, *(person(number, "5 rue Neuve") for number in numbers[:-1]))
    assert len(households(lumiere, *numbers[:-1])) == 1
    say(lumiere, *(person(number, "5 rue Neuve") for number in numbers))
    assert len(households(lumiere, *numbers)) == MOST_SHARED + 1
