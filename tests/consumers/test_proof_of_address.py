"""The bill that proves where Alice lives, and why another does not."""

from datetime import date, timedelta

import pytest

from bill import PostalAddress
from consumers.proof_of_address import AddressBill, Refusal, proof_of_address

TODAY = date(2026, 11, 27)
SINCE = date(2026, 8, 27)
HOME = PostalAddress(line1="12 rue des Lilas", postcode="44000", city="Nantes", country="FR")
GOOD = AddressBill("a", "electricity", TODAY - timedelta(days=20), False, False, "Mme Alice MARTIN", HOME)


def at(**terms: str) -> PostalAddress:
    return PostalAddress(**({"line1": "12 rue des Lilas", "postcode": "44000", "city": "Nantes"} | terms))


@pytest.mark.parametrize(
    ("bill", "why"),
    [
        (GOOD, None),
        (GOOD._replace(trade="telecom"), None),
        (GOOD._replace(trade="bank"), "trade"),
        (GOOD._replace(trade="other"), "trade"),
        (GOOD._replace(is_credit=True), "credit"),
        (GOOD._replace(is_provisional=True), "provisional"),
        (GOOD._replace(issued=SINCE), None),
        (GOOD._replace(issued=SINCE - timedelta(days=1)), "old"),
        (GOOD._replace(buyer="Martin Alice"), None),
        (GOOD._replace(buyer="Bob Martin"), "name"),
        (GOOD._replace(buyer="M. et Mme Martin"), "name"),
        (GOOD._replace(buyer="A. Martin"), "name"),
        (GOOD._replace(buyer="Alice et Bob Martin"), None),
        (GOOD._replace(buyer="Mme Alice Martin-Durand"), None),
        (GOOD._replace(buyer="SARL Alice Martin"), "name"),
        (GOOD._replace(buyer=""), "name"),
        (GOOD._replace(address=PostalAddress(city="Nantes", country="FR")), "address"),
        (GOOD._replace(address=at(line2="BP 40012")), "box"),
        (GOOD._replace(address=at(line2="CS40012")), "box"),
        (GOOD._replace(address=at(line1="12 rue C.S. Lewis")), None),
        (GOOD._replace(address=at(line1="Boîte postale 12")), "box"),
        (GOOD._replace(address=at(city="Nantes CEDEX 1")), "box"),
        (GOOD._replace(address=at(line1="12 rue du BPCS")), None),
    ],
)
def test_a_bill_proves_it_or_says_why_not(bill: AddressBill, why: Refusal | None) -> None:
    proof = proof_of_address([bill], "Alice Martin", SINCE)
    assert (proof.uid, proof.refused.get("a")) == ("a" if why is None else None, why)


def test_the_surest_trade_wins_then_the_newest_bill() -> None:
    older = GOOD._replace(uid="older", issued=TODAY - timedelta(days=50))
    phone = GOOD._replace(uid="phone", trade="telecom", issued=TODAY)
    assert proof_of_address([phone, older, GOOD], "Alice Martin", SINCE).uid == "a"
    assert proof_of_address([phone], "Alice Martin", SINCE).uid == "phone"
    assert proof_of_address([], "Alice Martin", SINCE) == (None, {}, ())


def test_whoever_has_just_moved_proves_the_new_address_and_may_prove_the_other() -> None:
    old = GOOD._replace(uid="old", issued=TODAY - timedelta(days=60))
    phone = GOOD._replace(uid="new", trade="telecom", issued=TODAY, address=at(line1="3 quai de Seine", city="Rouen"))
    water = phone._replace(uid="water", trade="water", issued=TODAY - timedelta(days=5))
    assert proof_of_address([old, phone], "Alice Martin", SINCE) == ("new", {}, ("old",))
    assert proof_of_address([water, old, phone], "Alice Martin", SINCE) == ("water", {}, ("old",))
