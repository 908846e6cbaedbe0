"""Mails to French readers are set as French is, also where code puts sentences, names and amounts together."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bill import AmountDue
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_text import EmailText, foot_lines
from delivery.channels.email.mails.accounts.holder_emails import _SENTENCES, holder_words
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.mails.bills.digest_mail import digest_words
from delivery.channels.email.mails.sign_in.sign_in_emails import already_words, confirmation_words, reset_words
from delivery.channels.email.mails.staff.mails_of_staff import invitation_words
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice
from store.issuer import Issuer
from store.staff_member import Staff
from store.vault.key_ring import KeyRing
from tests.delivery.channels.email.sample_paper_mails import paper_mails
from tests.delivery.channels.email.sample_payment_mails import payment_mails
from tests.delivery.channels.email.test_pseudo_locale_mails import DUES, MARCH, digest_of
from tests.french_setting import badly_set

URL = "https://factures.example/x"
NOW = datetime(2026, 3, 3, tzinfo=UTC)


def wrong_in(words: EmailText) -> list[str]:
    figures = [each for each in (words.figure, *(item.figure for item in words.items)) if each is not None]
    items = [text for each in words.items for text in (each.title, each.text, each.label)]
    items += [text for each in figures for text in (each.label, each.amount, each.below)]
    texts = (words.subject, *words.before, *items, words.label, *words.after, *foot_lines(words, "Facteur"))
    return [found for text in texts for found in badly_set(text)]


@pytest.mark.parametrize("due", DUES.values(), ids=DUES)
@pytest.mark.parametrize("purpose", ["notify", "remind-1", "due-1"])
@pytest.mark.parametrize("type_code", ["380", "381"])
def test_a_notice(due: AmountDue, purpose: str, type_code: str) -> None:
    notice = BillNotice(
        purpose=purpose, language="fr", name="Zoé", issuer="Eaux du Val", number="F-1", type_code=type_code,
        issued=MARCH, due=due, url=URL, paper_url=URL, invoiced=Decimal(4711),
    )  # fmt: skip
    assert wrong_in(notice_words(notice)) == []


def test_a_digest() -> None:
    assert wrong_in(digest_words(digest_of("fr", URL))) == []


@pytest.mark.parametrize("kind", _SENTENCES)
def test_what_another_holder_did(kind: str) -> None:
    notice, reader = HolderNotice(kind=kind, name="Zoé", at=NOW), Consumer(name="Charlie", language="fr")
    issuer = Issuer(name="Eaux du Val", profile="")
    assert wrong_in(holder_words(notice, reader, CustomerAccount(term=""), issuer, MARCH, URL)) == []


def test_plans_and_mandates() -> None:
    wrong = {name: wrong_in(words) for name, words in payment_mails("fr", URL, "Eaux du Val")}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_what_was_asked_for() -> None:
    asker = Consumer(name="Zoé", language="fr")
    mina = Staff(id=1, email="mina@lumiere.example", language="fr", added_at=NOW)
    asked = (
        confirmation_words(asker, URL),
        reset_words("fr", URL),
        invitation_words(mina, "Eaux du Val", KeyRing(b"a secret"), URL),
    )
    assert [wrong for words in asked for wrong in wrong_in(words)] == []


def test_a_mail_in_both_languages_is_set_where_it_is_french() -> None:
    assert [text for text in already_words(URL).before if "é" in text and badly_set(text)] == []


def test_paper_again_and_the_yearly_question() -> None:
    wrong = {name: wrong_in(words) for name, words in paper_mails("fr", URL, "Eaux du Val")}
    assert {name: found for name, found in wrong.items() if found} == {}
