"""Where an e-mail comes back to, and who reads its answer."""

from datetime import UTC, datetime
from email.message import Message

import pytest

from delivery.channels.email.email_message import write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import origin_of, return_path
from delivery.channels.email.smtp.sending_domain import SendingDomain
from store.vault.key_ring import KeyRing

KEYS = KeyRing(b"a secret of these tests")
BOUNCES = SendingDomain(return_path=lambda origin: return_path(KEYS, origin, "retours@facteur.example"))


def a_mail(message_id: str) -> Message:
    words = EmailText(subject="Bonjour", before=(), label="Voir", url="https://facteur.example/")
    sender, at = "Facteur <mail@facteur.example>", datetime(2026, 3, 3, tzinfo=UTC)
    return write_mail(words, sender, "alice@example.org", message_id, at)


@pytest.mark.parametrize("message_id", ["<d4711@facteur.example>", "<g4711@facteur.example>"])
def test_a_notice_and_a_digest_come_back_to_an_address_of_their_own(message_id: str) -> None:
    assert origin_of(KEYS, BOUNCES.envelope_sender(a_mail(message_id))) == MailOrigin("delivery", 4711)


def test_a_mail_without_a_bill_comes_back_to_its_job() -> None:
    mail = a_mail("<e4711@facteur.example>")
    assert origin_of(KEYS, BOUNCES.envelope_sender(mail)) == MailOrigin("job", 4711)
    assert SendingDomain().envelope_sender(mail) == ""


@pytest.mark.parametrize(
    "message_id", ["<x4711@facteur.example>", "<d0@facteur.example>", "<d@facteur.example>", "", "d4711@x"]
)
def test_any_other_mail_comes_back_to_the_sender(message_id: str) -> None:
    assert BOUNCES.envelope_sender(a_mail(message_id)) == ""
    assert SendingDomain().envelope_sender(a_mail("<d4711@facteur.example>")) == ""


def test_an_answer_reaches_a_person() -> None:
    mail = a_mail("<d1@facteur.example>")
    assert b"Reply-To" not in SendingDomain().content(mail)
    assert b"\r\nReply-To: aide@facteur.example\r\n" in SendingDomain(reply_to="aide@facteur.example").content(mail)
