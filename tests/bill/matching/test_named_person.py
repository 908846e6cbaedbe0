"""Whether a bill's name names Camille Petit."""

import pytest

from bill.matching.named_person import names_person


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("Mme Camille PETIT", True),
        ("Petit Camille", True),
        ("Camille et Louis Petit", True),
        ("Louis & Camille PETIT", True),
        ("Petit Louis et Camille", True),
        ("M. Louis Petit et Mme Camille Petit", True),
        ("Camille Jeanne Petit", True),
        ("Camille Petit-Durand", True),
        ("Camille Petit c/o Paul Durand", True),
        ("M. et Mme Petit", False),
        ("M. et Mme Louis Petit", False),
        ("C. Petit", False),
        ("Petit", False),
        ("Famille Petit", False),
        ("Camille Durand et Louis Petit", False),
        ("Paul Durand chez Camille Petit", False),
        ("Camille Petit SARL", False),
        ("Succession Camille Petit", False),
        ("", False),
    ],
)
def test_a_name_names_camille_by_first_and_family_name(name: str, does: bool) -> None:
    assert names_person(name, "Camille Petit") is does


def test_a_first_name_alone_is_nobody_s() -> None:
    assert not names_person("Camille et Louis Petit", "Camille")
    assert names_person("Jean Ville", "Jean Ville"), "a word that also means a body"
