"""What SMS say: one segment where possible, the link whole and last, in French and in English."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from bill import AmountDue
from delivery.channels.bill_notice import BillNotice
from delivery.channels.sms.gsm_alphabet import is_in_alphabet, segments
from delivery.channels.sms.sms_text import confirmation_text, sms_text
from tests.delivery.channels.email.test_pseudo_locale_mails import DUES

URL = "https://factures.example/f/3q2-7wAAAAAAAAAAAAAAAA_x"
NOTICE = BillNotice(
    purpose="notify", language="fr", name="Zoé", issuer="Lumière Ouest", number="F-1", type_code="380",
    issued=date(2026, 3, 2), due=AmountDue("asks", "EUR", Decimal("84.30"), date(2026, 4, 15), Decimal("84.30")),
    url=URL, paper_url=URL, invoiced=Decimal("84.30"),
)  # fmt: skip


def test_a_bill_in_french_and_in_english() -> None:
    assert sms_text(NOTICE) == (
        f"Lumière Ouest : votre facture est arrivée. 84,30 € à payer au plus tard le 15 avr. 2026. {URL}"
    )
    assert sms_text(replace(NOTICE, language="en")) == (
        f"Lumière Ouest: your bill has arrived. €84.30 to pay by 15 Apr 2026. {URL}"
    )
    assert segments(sms_text(NOTICE)) == segments(sms_text(replace(NOTICE, language="en"))) == 1


@pytest.mark.parametrize("due", DUES.values(), ids=DUES)
@pytest.mark.parametrize("purpose", ["notify", "remind-1", "due-1"])
@pytest.mark.parametrize("type_code", ["380", "381"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_is_one_segment(due: AmountDue, purpose: str, type_code: str, language: str) -> None:
    text = sms_text(replace(NOTICE, due=due, purpose=purpose, type_code=type_code, language=language))
    assert is_in_alphabet(text)
    assert segments(text) == 1
    assert text.endswith(f" {URL}")
    assert "{" not in text


def test_a_long_name_is_cut_to_save_a_segment_and_the_link_never_is() -> None:
    long = "Régie autonome intercommunale de distribution des eaux du Val de Sèvre"
    text = sms_text(replace(NOTICE, issuer=long))
    assert segments(text) == 1
    assert text.startswith("Régie autonome inter")
    assert text.endswith(f"15 avr. 2026. {URL}")
    far = URL + "x" * 300
    assert sms_text(replace(NOTICE, issuer=long, url=far)).endswith(far)


def test_a_name_that_the_alphabet_has_not_keeps_its_letters() -> None:
    text = sms_text(replace(NOTICE, issuer="Водоканал", url="https://f.example/f/" + "x" * 24))
    assert text.startswith("Водоканал :")
    assert segments(text) == 2
    assert segments(sms_text(replace(NOTICE, issuer="Forêt\r\n«\u202eGaz»\u00a0"))) == 1
    assert sms_text(replace(NOTICE, issuer="Forêt\r\n«\u202eGaz»")).startswith('Foret "Gaz" :')


def test_the_code_comes_first() -> None:
    assert confirmation_text("042317", "fr").startswith("042317 :")
    assert confirmation_text("042317", "en").startswith("042317")
    assert segments(confirmation_text("042317", "fr")) == segments(confirmation_text("042317", "en")) == 1
