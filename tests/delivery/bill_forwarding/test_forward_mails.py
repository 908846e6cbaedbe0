"""The mails of forwarding and of bills that came by mail, in a language that nobody speaks: nothing in them is said
beside the catalogue; and no subject of a mail to the owner says anything personal."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from delivery.bill_forwarding.forward_mails import forward_ended_words, forward_question, forwarded_bill_words
from delivery.channels.email.email_text import EmailText, plain_text
from delivery.channels.email.mails.own_copies.received_mail_answer import _FILES, received_mail_words
from store import Store
from store.accounts.consumer import Consumer
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.received_mail.received_mail import MailWithBills
from tests.delivery.channels.email.test_pseudo_locale_mails import unsaid
from tests.pseudo_locale import speak_pseudo

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, tzinfo=UTC)
URL = "https://4711.2026"
ZOE = Consumer(id=7, name="Zoé", email="7@7", language="en")
ZOES = Issuer(name="Zoé", profile="")


def forward(state: str = "confirmed", **also: str) -> ForwardAddress:
    return ForwardAddress(id=1, consumer_id=7, email="8@8", state=state, asked_at=NOW, **also)


def a_bill_row(type_code: str) -> BillRow:
    return BillRow(
        number="1", type_code=type_code, payable=Decimal(84), currency="EUR", issue_date=date(2026, 3, 3)
    )  # fmt: skip


def without_links(words: EmailText) -> list[str]:
    """The words that no catalogue has; the links bear tokens."""
    return unsaid(EmailText(subject=words.subject, before=words.before, label=words.label, url="", after=words.after))


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_pseudo(monkeypatch)


@pytest.mark.usefixtures("pseudo")
def test_everything_is_in_the_catalogue(store: Store) -> None:
    with store.reading() as session:
        asked = forward_question(session, forward("asked"), ZOE, store.keys, URL)
    brought = [
        forwarded_bill_words(forward(), ZOE, a_bill_row(code), ZOES, store.keys, URL, is_attached=is_attached)
        for code in ("380", "381") for is_attached in (True, False)
    ]  # fmt: skip
    ended = [
        forward_ended_words(forward("ended", ended_because=why), ZOE, URL)
        for why in ("recipient", "bounced", "unwanted")
    ]
    files = [{"name": "1", "outcome": outcome} for outcome in _FILES]
    mails = [MailWithBills(sender=sender, files=given) for sender in ("", "9@9") for given in ([], files)]
    answered = [received_mail_words(mail, ZOE, URL) for mail in mails]
    assert [left for words in (asked, *brought, *ended, *answered) if (left := without_links(words))] == []


def test_what_others_wrote_is_one_short_line(store: Store) -> None:
    """File names and senders come from anybody."""
    name = "a" * 500 + "\r\nBcc: x@y\N{RIGHT-TO-LEFT OVERRIDE}"
    mail = MailWithBills(sender=name, files=[{"name": name, "outcome": "taken"}])
    words = received_mail_words(mail, ZOE, URL)
    assert all("\n" not in each and len(each) < 200 for each in words.before)
    assert "Bcc" not in plain_text(words, "Facteur")


def test_the_question_says_who_asks_by_a_confirmed_address_alone(store: Store) -> None:
    owner = Consumer(id=7, name="Gagnez 1000 € sur x.example", email="7@7", language="fr")
    with store.reading() as session:
        words = forward_question(session, forward("asked"), owner, store.keys, URL)
    assert "Gagnez" not in plain_text(words, "Facteur")
    assert "7@7" in plain_text(words, "Facteur")
