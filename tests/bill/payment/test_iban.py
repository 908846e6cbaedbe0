"""Which account numbers are IBANs that a bank takes, beside another implementation's verdict."""

import pytest
from schwifty import IBAN

from bill import closed_iban, grouped, hide_iban, is_iban, looks_like_iban

SOUND = (
    "FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189",
    "DE89370400440532013000", "SE4550000000058398257466", "NO9386011117947", "MT84MALT011000012345MTLCAST001S",
    "GB82WEST12345698765432", "CH9300762011623852957", "NL91ABNA0417164300",
)  # fmt: skip


@pytest.mark.parametrize("written", SOUND)
def test_what_a_bank_takes(written: str) -> None:
    assert is_iban(written)
    assert IBAN(written, allow_invalid=True).is_valid


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="none"),
        pytest.param("FR7630006000011234567890188", id="a digit wrong"),
        pytest.param("FR7630006000011234567890198", id="two digits exchanged"),
        pytest.param("FR763000600001123456789018", id="a digit lost"),
        pytest.param("FR76300060000112345678901890", id="a digit more"),
        pytest.param("DE1200000000000000000", id="too short for its country, whatever its digits"),
        pytest.param("QQ0500000000000000", id="no country"),
        pytest.param("GB67ABCD12345698765A32", id="letters where its country has digits"),
        pytest.param("9912346", id="PlusGiro"),
        pytest.param("5050-1055", id="Bankgiro"),
        pytest.param("12345678901", id="domestic"),
        pytest.param("FR76 XXXX XXXX XXXX XXXX XXXX 189", id="masked"),
        pytest.param("ＦＲ７６３０００６０００", id="full width"),
    ],
)
def test_what_no_bank_takes(written: str) -> None:
    assert not is_iban(written)
    assert not IBAN(written, allow_invalid=True).is_valid


def test_people_read_it_by_fours() -> None:
    assert grouped("FR7630006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189"
    assert grouped("") == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("FR76 3000 6000 0112 3456 7890 189", "FR76 •••• 0189"), ("FR76XXXXXXXXXXXXXXXXXXX0189", "FR76 •••• 0189"),
        ("FR760189", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_customer_s_own_is_masked(written: str, shown: str) -> None:
    assert hide_iban(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "FR76-3000-6000-0112-3456-7890-189", "FR76.3000.6000.0112.3456.7890.189",
        "IBAN FR76 3000 6000 0112 3456 7890 189", "iban: fr7630006000011234567890189",
        "FR76\N{NO-BREAK SPACE}3000\N{NON-BREAKING HYPHEN}6000011234567890189",
    ],
)  # fmt: skip
def test_what_people_write_between_and_before_it_is_no_part_of_it(written: str) -> None:
    assert is_iban(written)
    assert closed_iban(written) == "FR7630006000011234567890189"


def test_a_domestic_number_is_no_iban_however_it_is_written() -> None:
    for written in ("5402-9681", "20-00-00 12345678", "6012.34.56785", "IBAN"):
        assert not is_iban(written)
        assert not looks_like_iban(written)
