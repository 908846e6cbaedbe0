"""What the payment code says, and that it is read back from our symbol and from another encoder's (EPC069-12)."""

from decimal import Decimal

import pytest
import segno
import zxingcpp
from PIL import Image

from bill import CreditTransfer, is_iban, payment_code
from render.codes import qr_code

IBAN = "FR7630006000011234567890189"


def code(
    amount: str = "84.20", *, iban: str = IBAN, bic: str = "", name: str = "Lumière de l’Ouest", currency: str = "EUR",
    reference: str = "LO-42",
) -> bytes | None:  # fmt: skip
    return payment_code(CreditTransfer(iban=iban, bic=bic), name, Decimal(amount), currency, reference)


def read(rows: list[list[bool]]) -> bytes:
    """What another reader finds in these modules."""
    image = Image.new("L", ((len(rows) + 8) * 4,) * 2, 255)
    for y, row in enumerate(rows, 4):
        for x, is_dark in enumerate(row, 4):
            if is_dark:
                image.paste(0, (x * 4, y * 4, x * 4 + 4, y * 4 + 4))
    (found,) = zxingcpp.read_barcodes(image)
    return bytes(found.bytes)


STRANGE = {
    "plain": {},
    "BIC": {"bic": "agrifrpp xxx"},
    "Cyrillic": {"name": "Энергия Плюс"},
    "Arabic": {"name": "شركة الكهرباء"},
    "Chinese, and an emoji": {"name": "电力公司 ⚡", "reference": "发票 42 ⚡"},
    "lines and tabs": {"name": "Lumière\nde l’Ouest\t SA", "reference": "LO\r\n42"},
    "70 of a name": {"name": "É" * 90},
    "140 of a text": {"reference": "à" * 200},
    "all of both": {"name": "É" * 70, "reference": "à" * 140, "bic": "AGRIFRPPXXX"},
    "more than fits": {"name": "Энергия" * 10, "reference": "Счёт №" * 30},
    "letters that are spelled with many": {"name": "ﷺ" * 70, "reference": "ﷺ" * 140},
    "creditor reference": {"reference": "RF18 5390 0754 7034"},
    "a name like an amount": {"name": "EUR1.00"},
}


@pytest.mark.parametrize("said", STRANGE.values(), ids=STRANGE)
def test_it_is_read_back_from_two_encoders(said: dict[str, str]) -> None:
    payload = code(**said)
    assert payload is not None
    assert len(payload) <= qr_code.MOST_BYTES
    symbol = qr_code.encode(payload)
    ours = [[bool(row >> symbol.size - 1 - x & 1) for x in range(symbol.size)] for row in symbol.rows]
    theirs = segno.make(payload, error="m", mode="byte", micro=False, boost_error=False).matrix
    assert read(ours) == payload
    assert read([[bool(module) for module in row] for row in theirs]) == payload
    lines = payload.decode().split("\n")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert len(lines) in {10, 11}
    assert len(lines[5]) <= 70
    assert len(lines[-1]) <= 140


@pytest.mark.parametrize(
    ("amount", "written"),
    [("84.2", "84.20"), ("120.005", "120.01"), ("120.004", "120.00"), ("0.005", "0.01"), ("1E+2", "100.00"),
     ("999999999.99", "999999999.99"), ("2.675", "2.68"), ("2.665", "2.67")],
)  # fmt: skip
def test_cents_are_rounded_half_up(amount: str, written: str) -> None:
    payload = code(amount)
    assert payload is not None
    assert payload.decode().split("\n")[7] == f"EUR{written}"


@pytest.mark.parametrize(
    "said",
    [{"amount": "0"}, {"amount": "0.004"}, {"amount": "-1"}, {"amount": "999999999.995"}, {"amount": "1E+30"},
     {"currency": "GBP"}, {"iban": ""}, {"iban": "FR7630006000011234567890188"}, {"name": " \n"}],
    ids=str,
)  # fmt: skip
def test_no_code_rather_than_a_wrong_one(said: dict[str, str]) -> None:
    assert code(**said) is None


@pytest.mark.parametrize(
    ("reference", "structured", "text"),
    [("RF18 5390 0754 7034", "RF18539007547034", None), ("rf18539007547034", "RF18539007547034", None),
     ("RF19539007547034", "", "RF19539007547034"), ("RF18-539", "", "RF18-539"), ("", None, None)],
)  # fmt: skip
def test_a_creditor_reference_or_a_text_never_both(reference: str, structured: str | None, text: str | None) -> None:
    payload = code(reference=reference)
    assert payload is not None
    assert payload.decode().split("\n")[8:] == ([""] if structured is not None else []) + [
        each for each in (structured, text) if each is not None
    ]


@pytest.mark.parametrize(
    "iban",
    [
        pytest.param("TR330006100519786457841326", id="Turkey"),
        pytest.param("AE070331234567890123456", id="the Emirates"),
        pytest.param("CH4431999123000889012", id="a QR-IBAN, which is paid by a QR-bill alone"),
        pytest.param("CH44 3199 9123 0008 8901 2", id="a QR-IBAN with blanks"),
    ],
)
def test_an_iban_that_sepa_does_not_reach_has_no_code(iban: str) -> None:
    assert is_iban(iban)
    assert code(iban=iban) is None


@pytest.mark.parametrize(
    "iban", ["CH9300762011623852957", "GB82WEST12345698765432", "FR76-3000-6000-0112-3456-7890-189"]
)
def test_the_code_has_the_iban_as_a_bank_takes_it(iban: str) -> None:
    payload = code(iban=iban)
    assert payload is not None
    assert payload.decode().split("\n")[6] == iban.replace("-", "")
