"""A name that strangers read is a name: nothing in it leads anywhere, and no letter fits into it."""

import pytest

from store.accounts.told_name import LONGEST, told_name


@pytest.mark.parametrize(
    "name",
    [
        "Alice Martin", "Jean-Pierre de La Tour", "Zoé O’Neil", "J.-P. Dupont", "J.P. Dupont", "Louis XIV",
        "Nguyễn Văn",        "M. et Mme Petit", "山田 太郎", "Dupont & Fils", "محمد علي",
    ],
)  # fmt: skip
def test_a_name_is_told_as_it_is(name: str) -> None:
    assert told_name(name) == name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Alice https://evil.example/x Martin", "Alice Martin"),
        ("Alice evil.example", "Alice"),
        ("www.evil Alice", "Alice"),
        ("evil\N{FULLWIDTH FULL STOP}example", ""),
        ("evil\N{IDEOGRAPHIC FULL STOP}example", ""),
        ("evil\N{ONE DOT LEADER}example", ""),
        ("mallory@evil.example", ""),
        ("Alice 0612345678", "Alice"),
        ("Alice 06 12 34 56 78", "Alice"),
        ("Alice ٠٦١٢٣٤", "Alice"),
        ("<b>Alice</b>", ""),
        ("Alice\nVotre compte", "Alice Votre compte"),
        ("Alice *** ☎ Martin", "Alice Martin"),
        ("", ""),
        ("!!!", ""),
        ("Alice Martin.", "Alice Martin."),
    ],
)
def test_what_leads_elsewhere_is_left_out(name: str, told: str) -> None:
    assert told_name(name) == told


def test_a_letter_does_not_fit() -> None:
    letter = "Votre colis est en attente appelez vite notre service pour le recevoir avant demain"
    assert told_name(letter) == "Votre colis est en attente appelez vite"
    assert len(told_name("x" * 200)) == LONGEST
