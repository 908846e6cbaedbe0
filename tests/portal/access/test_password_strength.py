"""Which passwords are taken: what others would guess is refused, a sentence of one's own never is."""

import time

import pytest

from portal.access.password_strength import weakness_of

OWN = ["Alice Martin", "alice.dupuis@exemple.fr", "Lumière de l’Ouest", "Eaux du Pays de Retz", "Facteur"]


@pytest.mark.parametrize(
    "password",
    [
        "motdepasse", "Motdepasse2026", "M0tdep@sse!!", "mot de passe 1", "azertyuiop", "AZERTYUIOP44", "jetaime2008",
        "je t’aime mon amour", "marseille13013", "olympiquedemarseille", "vivelafrance", "soleil soleil", "nicolas1987",
        "bonjourmonamour", "qsdfghjklm", "1234567890", "aaaaaaaaaaaa", "password123", "iloveyou12345",
    ],
)  # fmt: skip
def test_what_many_have_is_refused(password: str) -> None:
    assert weakness_of(password, OWN) == "common"


@pytest.mark.parametrize(
    "password",
    [
        "alicemartin", "Martin-Alice44", "alice.dupuis@exemple.fr", "Dupuis2026!", "facteur2026", "Facteur-facteur",
        "lumieredelouest", "LUMIÈRE de l’Ouest 1", "4lic3m4rtin", "eauxdupaysderetz", "0612345678", "+33 6 12 34 56 78",
    ],
)  # fmt: skip
def test_what_is_known_of_a_person_is_refused(password: str) -> None:
    assert weakness_of(password, OWN) == "own"


@pytest.mark.parametrize(("password", "why"), [("abcdefghijkl", "pattern"), ("13/08/1985 13", "date")])
def test_what_goes_on_as_expected_is_refused(password: str, why: str) -> None:
    assert weakness_of(password, OWN) == why


@pytest.mark.parametrize(
    "password",
    [
        "une phrase que je retiens", "la poste passe à midi", "chat chien lapin tortue", "xK9#mQ2$vL",
        "éléphant bleu vert", "Alice aime les lampes vertes", "ñandú kiwi zèbre", "漢字の長い合言葉です",
    ],
)  # fmt: skip
def test_sentences_are_taken_whatever_characters_they_have(password: str) -> None:
    assert weakness_of(password, OWN) is None


@pytest.mark.parametrize("password", ["4@8({[<369&1!|0$5+7%2" * 9, "a" * 200, "ab1" * 66, "1a2b3c4d" * 25])
def test_a_long_one_is_judged_in_time(password: str) -> None:
    begun = time.process_time()
    weakness_of(password, OWN)
    assert time.process_time() - begun < 2


def test_one_persons_words_are_not_anothers() -> None:
    assert weakness_of("zebulonzebulon", ["Zebulon"]) == "own"
    assert weakness_of("zebulonzebulon", []) != "own"
