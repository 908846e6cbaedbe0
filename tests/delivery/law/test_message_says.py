"""Every mail that brings a bill says itself what the law of its sector asks for: amount, date, link."""

from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from typing import cast

import pytest

from bill import AmountDue, spell_money
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.mails.bills.digest_mail import DigestMail, digest_words
from delivery.channels.push.notification import notification_of
from delivery.channels.sms.gsm_alphabet import segments, transliterate
from delivery.channels.sms.sms_text import sms_text
from delivery.law.sector_law import SectorLaw, all_laws, law_of
from tests.delivery.channels.email.test_email_message import body, written
from tests.delivery.channels.email.test_pseudo_locale_mails import DUES
from tests.delivery.law.message_mentions import missing_mentions
from words.spelled_date import spelled_date
from words.written_dates import written_date

URL = "https://facteur.example/factures/abc"
INVOICED = Decimal(84)
LAWS = {law.sector: law for law in all_laws()}


def notice(due: AmountDue, purpose: str = "notify", language: str = "fr") -> BillNotice:
    return BillNotice(
        purpose=purpose, language=language, name="Alice", issuer="Lumière", number="F-1", type_code="380",
        issued=date(2026, 3, 1), due=due, url=URL, paper_url="https://facteur.example/contrats",
        invoiced=Decimal(0) if due.kind == "nothing" else INVOICED,
    )  # fmt: skip


def day_of_payment(due: AmountDue) -> date | None:
    return due.due if due.is_asking or due.is_collected else None


def text_of(words: EmailText) -> str:
    return body(cast("EmailMessage", written(words)))


def html_of(words: EmailText) -> str:
    return body(cast("EmailMessage", written(words)), "html")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("due", DUES.values(), ids=DUES)
def test_the_mail_of_a_bill_says_amount_date_and_link(due: AmountDue, law: SectorLaw, language: str) -> None:
    said = notice(due, language=language)
    told = {"amount": said.invoiced or Decimal(0), "due_date": day_of_payment(due), "link": URL, "language": language}
    for text in (text_of(notice_words(said)), html_of(notice_words(said))):
        assert missing_mentions(text, law, **told) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_so_does_each_bill_of_a_digest(law: SectorLaw, language: str) -> None:
    for due in DUES.values():
        said = notice(due, language=language)
        digest = DigestMail(
            language=language, name="Alice", notices=(said,), url="https://facteur.example/", choice_url="-",
            paper_url="-",
        )  # fmt: skip
        told = {"amount": said.invoiced or Decimal(0), "due_date": day_of_payment(due), "link": URL}
        assert missing_mentions(text_of(digest_words(digest)), law, **told, language=language) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("due", DUES.values(), ids=DUES)
def test_so_do_an_sms_and_a_notification(due: AmountDue, language: str) -> None:
    said = notice(due, language=language)
    sms, shown, day = sms_text(said), notification_of(said), day_of_payment(due)
    amount = spell_money(said.invoiced or Decimal(0), "EUR", language)
    assert transliterate(amount) in sms
    assert segments(sms) == 1
    assert amount in shown.text
    assert (sms.endswith(f" {URL}"), shown.page) == (True, "/factures/abc")
    if day is not None:
        assert transliterate(spelled_date(day, language, "medium")) in sms
        assert written_date(day, language) in shown.text


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize("purpose", ["remind-1", "due-1"])
def test_a_reminder_says_what_is_asked(purpose: str, law: SectorLaw) -> None:
    for due in (each for each in DUES.values() if each.is_asking):
        text = text_of(notice_words(notice(due, purpose)))
        assert missing_mentions(text, law, amount=due.amount, due_date=due.due, link=URL) == []


def test_a_mail_that_lacks_them_is_found_out() -> None:
    for law in (law_of("gas"), law_of("telecom"), law_of("bank"), law_of("water"), law_of("other")):
        bare = missing_mentions(
            "Votre facture est arrivée.", law, amount=INVOICED, due_date=date(2026, 3, 30), link=URL
        )
        assert bare == ["amount", "due_date", "link"]
