"""An account number is one, however it is written; and two numbers are never one."""

import pytest

from bill import number_key, scheme_key


@pytest.mark.parametrize(
    "written",
    [
        "CL 1001", "cl-1001", "CL1001", " cl 1001 ", "CL\N{NO-BREAK SPACE}1001", "CL\N{NARROW NO-BREAK SPACE}1001",
        "CL\t1001", "CL.1001", "CL/1001", "CL_1001", "CL\N{EN DASH}1001", "CL\N{SOFT HYPHEN}1001", "ＣＬ１００１",
        "CL\N{ZERO WIDTH SPACE}1001", "C L 1 0 0 1", "CL\\1001",
    ],
)  # fmt: skip
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    assert number_key(written) == "cl1001"


@pytest.mark.parametrize(
    ("one", "other"),
    [("0012", "12"), ("12", "120"), ("12,5", "125"), ("A+1", "A1"), ("CL1", "GL1"), ("1001A", "A1001"), ("-", ".")],
)  # fmt: skip
def test_two_numbers_are_two(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


def test_a_number_is_as_long_as_the_store_takes() -> None:
    assert len(number_key("9" * 500)) == 200
    assert number_key("") == ""


def test_a_scheme_is_compared_without_case_and_blanks() -> None:
    assert scheme_key(" SIREN ") == scheme_key("siren")
    assert scheme_key("0002") != scheme_key("0009")
