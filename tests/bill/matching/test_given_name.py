"""Which words of a customer's name are given names."""

import pytest

from bill import given_names, share_given_name


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Alice Martin", {"alice"}), ("Mme Alice MARTIN", {"alice"}), ("MARTIN Alice", {"alice"}),
        ("Alice Martin et Bruno Leroy", {"alice", "bruno"}), ("Zoé Le Goff", {"zoe"}), ("Jean-Paul Roux", {"jeanpaul"}),
        ("ALICE MARTIN", set()), ("Mme Martin", set()), ("A. Martin", set()), ("", set()),
    ],
)  # fmt: skip
def test_given_names(name: str, given: set[str]) -> None:
    assert given_names(name) == given


def test_a_family_name_alone_is_not_shared() -> None:
    assert share_given_name("Alice Martin", "Mme Alice DURAND")
    assert not share_given_name("Alice Martin", "Paul Martin")
