"""The code on the letter: typed by people, forgiven where it can be, refused where it cannot."""

import pytest

from consumers.claim_code import ALPHABET, claim_code, digest, read_code

SECRET = b"a secret of thirty-two bytes ..."


def test_a_letter_composed_twice_carries_the_same_code():
    assert claim_code(SECRET, 4711) == claim_code(SECRET, 4711)
    assert len({claim_code(SECRET, delivery_id) for delivery_id in range(2000)}) == 2000
    assert claim_code(SECRET, 4711) != claim_code(b"another secret of 32 bytes .....", 4711)


def test_it_is_two_fives_of_letters_nobody_confuses():
    first, second = claim_code(SECRET, 1).split("-")
    assert len(first) == len(second) == 5
    assert set(first + second) <= set(ALPHABET)


def test_alice_types_it_as_people_do():
    code = next(c for c in (claim_code(SECRET, n) for n in range(1000)) if "0" in c and "1" in c)
    for typed in (
        code.lower(), code.replace("-", ""), code.replace("-", " "), f"  {code} ", code.replace("0", "O"),
        code.replace("0", "o"), code.replace("1", "I"), code.replace("1", "l"), " ".join(code),
    ):  # fmt: skip
        assert read_code(typed) == code
        assert digest(typed) == digest(code)


@pytest.mark.parametrize("delivery_id", [1, 231, 4711])
def test_any_one_wrong_character_is_noticed(delivery_id):
    code = claim_code(SECRET, delivery_id).replace("-", "")
    for place, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@pytest.mark.parametrize("delivery_id", range(20))
def test_two_neighbours_swapped_are_noticed(delivery_id):
    code = claim_code(SECRET, delivery_id).replace("-", "")
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert read_code(swapped) is None


@pytest.mark.parametrize(
    "typed", ["", "-", "12345", "12345-678901", "ÀÉÎÕÜ-ÀÉÎÕÜ", "UUUUU-UUUUU", "٣٣٣٣٣-٣٣٣٣٣", "ß" * 10]
)
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) is None
    assert digest(typed) == digest("")
