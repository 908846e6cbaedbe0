"""Nothing in a mail is said beside the catalogue: every mail in a language that nobody speaks."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bill import AmountDue, DocumentAmount, Instalment, Paid, amount_due
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_text import EmailText, foot_lines
from delivery.channels.email.mails.accounts.holder_emails import _SENTENCES, holder_words
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.mails.bills.digest_mail import DigestMail, digest_words
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
from tests.pseudo_locale import left_over, speak_pseudo

URL = "https://4711.2026"
MARCH = date(2026, 3, 3)
ASKED = DocumentAmount(
    number="1", type_code="380", issue_date=MARCH, currency="EUR", payable=Decimal(84), due=date(2026, 3, 30)
)
PARTS = tuple(Instalment(amount=Decimal(28), due=date(2026, month, 30)) for month in (3, 4, 5))
CREDIT = ASKED._replace(number="2", type_code="381", payable=Decimal(84), names=("1",))
#: One of every kind of what is due.
DUES = {
    "asked": amount_due(ASKED, today=MARCH),
    "without a day": amount_due(ASKED._replace(due=None)),
    "past": amount_due(ASKED, today=date(2026, 4, 1)),
    "collected": amount_due(ASKED._replace(is_collected=True)),
    "collected on no day": amount_due(ASKED._replace(is_collected=True, due=None)),
    "nothing": amount_due(ASKED._replace(payable=Decimal(0))),
    "credit": amount_due(CREDIT),
    "credited": amount_due(ASKED, [CREDIT]),
    "credited in part": amount_due(ASKED, [CREDIT._replace(payable=Decimal(4))]),
    "replaced": amount_due(ASKED, [CREDIT._replace(type_code="384", payable=Decimal(96))]),
    "paid": amount_due(ASKED, paid=[Paid(MARCH, by="bank")]),
    "said to be paid": amount_due(ASKED, paid=[Paid(MARCH)]),
    "in parts": amount_due(ASKED._replace(instalments=PARTS), today=MARCH),
    "parts past": amount_due(ASKED._replace(instalments=PARTS), today=date(2026, 5, 3)),
}


@pytest.fixture(autouse=True)
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_pseudo(monkeypatch)


def unsaid(words: EmailText) -> list[str]:
    figures = [each for each in (words.figure, *(item.figure for item in words.items)) if each is not None]
    items = [text for each in words.items for text in (each.title, each.text, each.label)]
    items += [text for each in figures for text in (each.label, each.amount, each.below)]
    texts = (words.subject, *words.before, *items, words.label, *words.after, *foot_lines(words, "Zoé"))
    months = ("March", "April", "May", "mars", "avril", "mai")
    return left_over("\n".join(texts).replace(URL, ""), ("Zoé", "https", *months))


@pytest.mark.parametrize("due", DUES.values(), ids=DUES)
@pytest.mark.parametrize("purpose", ["notify", "remind-1", "due-1"])
@pytest.mark.parametrize("type_code", ["380", "381"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_notice(due: AmountDue, purpose: str, type_code: str, language: str) -> None:
    notice = BillNotice(
        purpose=purpose, language=language, name="Zoé", issuer="Zoé", number="1", type_code=type_code, issued=MARCH,
        due=due, url=URL, paper_url=URL, invoiced=Decimal(4711),
    )  # fmt: skip
    assert unsaid(notice_words(notice)) == []


def digest_of(language: str, url: str = URL) -> DigestMail:
    """A bill and a credit note of every kind of what is due, in one mail."""
    notices = tuple(
        BillNotice(
            purpose="notify", language=language, name="Zoé", issuer="Zoé", number="1", type_code=type_code,
            issued=MARCH, due=due, url=url, paper_url=url, invoiced=Decimal(4711),
        )
        for due in DUES.values() for type_code in ("380", "381")
    )  # fmt: skip
    return DigestMail(language=language, name="Zoé", notices=notices, url=url, choice_url=url, paper_url=url)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_digest(language: str) -> None:
    assert unsaid(digest_words(digest_of(language))) == []


@pytest.mark.parametrize("kind", _SENTENCES)
def test_what_another_holder_did(kind: str) -> None:
    notice = HolderNotice(kind=kind, name="Zoé", at=datetime(2026, 3, 3, tzinfo=UTC))
    reader, issuer = Consumer(name="Zoé", language="en"), Issuer(name="Zoé", profile="")
    assert unsaid(holder_words(notice, reader, CustomerAccount(term=""), issuer, MARCH, URL)) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_plans_and_mandates(language: str) -> None:
    left = {name: unsaid(words) for name, words in payment_mails(language, URL)}
    assert {name: found for name, found in left.items() if found} == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_asked_for(language: str) -> None:
    asker = Consumer(name="Zoé", language=language)
    assert [unsaid(words) for words in (confirmation_words(asker, URL), reset_words(language, URL))] == [[], []]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_staff_are_told(language: str) -> None:
    mina = Staff(id=1, email="mina@lumiere.example", language=language, added_at=datetime(2026, 3, 3, tzinfo=UTC))
    words = invitation_words(mina, "Zoé", KeyRing(b"a secret"), URL)
    assert unsaid(words) == []
    assert words.language == language


def test_whoever_has_a_space_already() -> None:
    assert unsaid(already_words(URL)) == ["mot-de-passe-oublie"], "its own address"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_paper_again_and_the_yearly_question(language: str) -> None:
    left = {name: unsaid(words) for name, words in paper_mails(language, URL)}
    assert {name: found for name, found in left.items() if found} == {}
