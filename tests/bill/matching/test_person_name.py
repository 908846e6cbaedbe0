"""People who are likely one, by name and postcode."""

import pytest

from bill import person_key


@pytest.mark.parametrize(
    "name", ["Alice Martin", "MARTIN Alice", "Mme Alice MARTIN", "martin  alice", "Martin, Alice", "Alicé Martin"]
)
def test_alice_however_she_is_written(name: str):
    assert person_key(name, "44000") == person_key("Alice Martin", "44000")


def test_a_couple_is_known_by_the_name_it_bears():
    assert person_key("M. et Mme Bob Durand", "44000") == person_key("Bob Durand", "44 000")


def test_who_is_not_alice():
    alice = person_key("Alice Martin", "44000")
    assert person_key("Alice Martin", "35000") != alice
    assert person_key("Alice Martinet", "44000") != alice
    assert person_key("Alice Anne Martin", "44000") != alice


def test_too_little_to_go_by():
    assert person_key("Martin", "44000") == ""
    assert person_key("Mme Martin", "44000") == ""
    assert person_key("Alice Martin", "") == ""
