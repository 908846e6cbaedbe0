"""The place for claiming on a letter: number, code and address, in every language and whatever the number's length."""

import io

import pytest

from bill import Overlay, account_labels
from render.print.print_stream import PrintStream
from tests.render.sample_bills import BRAND, add, bill, template, text_of
from words.invitation_lines import INVITATION_LINES, invitation_line

#: Where number, code and address stand, in points.
BESIDE_THE_QR = ("-r", "72", "-x", "316", "-y", "25", "-W", "152", "-H", "110")


def printed(overlay: Overlay) -> bytes:
    """Alice's bill as a letter with this face."""
    out = io.BytesIO()
    stream = PrintStream(out)
    add(stream, template(BRAND).prefix, template(BRAND).suffix(bill()), overlay)
    stream.close()
    return out.getvalue()


@pytest.mark.parametrize("language", ["fr", "en", "de", "nl", "es"])
def test_a_number_is_printed_whole_in_every_language(language: str) -> None:
    [name] = account_labels("BT-18", language)
    for number in ("7", "PDL 19 123 456 789 012", "N" * 60, "LIEU-DIT/" * 22):
        overlay = Overlay(
            address=("ALICE MARTIN", "44000 NANTES"), account=number, account_label=name,
            claim_code="7Q2KD-M4XW9", claim_url="https://factures.example/c/7Q2KD-M4XW9", language=language,
        )  # fmt: skip
        text = "".join(text_of(printed(overlay), *BESIDE_THE_QR).split())
        assert "".join(f"{name}:{number}".split()) in text
        assert "7Q2KD-M4XW9" in text


@pytest.mark.parametrize(("language", "words"), [("fr", "Le code suffit"), ("en", "The code is enough")])
def test_a_letter_without_a_number_says_so(language: str, words: str) -> None:
    overlay = Overlay(address=("ALICE MARTIN",), claim_code="7Q2KD-M4XW9", language=language)
    assert words in text_of(printed(overlay))
    assert words not in text_of(printed(Overlay(address=("ALICE MARTIN",), language=language)))


@pytest.mark.parametrize("language", ["fr", "en", "de", "nl", "es"])
def test_the_line_of_an_invitation_takes_the_place_of_the_usual_one_and_is_whole(language: str) -> None:
    for wording in INVITATION_LINES:
        line = invitation_line(wording, language)
        overlay = Overlay(
            address=("ALICE MARTIN",), claim_code="7Q2KD-M4XW9", language=language, invitation=line,
            claim_url="https://factures.example/c/7Q2KD-M4XW9",
        )  # fmt: skip
        text = " ".join(text_of(printed(overlay), *BESIDE_THE_QR).split())
        assert line in text
        assert "sans papier si vous" not in text
        assert "7Q2KD-M4XW9" in text
