"""What a mail looks like, and what nobody can make it look like."""

from datetime import UTC, date, datetime
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from delivery.mail import WIRE, MailError, Words, one_line, write_mail
from delivery.notice import Notice, notice_words

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type",
]  # fmt: skip


def notice(**also) -> Notice:
    values = {
        "purpose": "notify", "language": "fr", "name": "Alice", "issuer": "Lumière de l'Ouest", "number": "F-1",
        "type_code": "380", "issued": date(2026, 3, 1), "due": date(2026, 4, 3), "payable": Decimal("84.20"),
        "to_pay": Decimal("84.20"), "currency": "EUR", "url": "https://facteur.example/factures/abc",
        "paper_url": "https://facteur.example/contrats",
    }  # fmt: skip
    return Notice(**(values | also))


def written(words: Words, to: str = "alice@example.org") -> EmailMessage:
    """The mail as its reader's program takes it apart."""
    mail = write_mail(words, "Facteur <facteur@facteur.example>", to, "<d1@facteur.example>", AT)
    return message_from_bytes(mail.as_bytes(policy=WIRE), _class=EmailMessage, policy=default)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content()


def test_amount_date_and_link_stand_in_the_message():
    mail = written(notice_words(notice()))
    assert mail["Subject"] == "Votre facture Lumière de l'Ouest est arrivée"
    assert mail["Message-ID"] == "<d1@facteur.example>"
    for kind in ("plain", "html"):
        words = body(mail, kind).replace("\xa0", " ").replace("\u202f", " ")
        assert "84,20 €" in words
        assert "3 avril 2026" in words
        assert "https://facteur.example/factures/abc" in words
        assert "papier" in words


def test_the_subject_says_nothing_of_the_person_or_the_amount():
    subject = str(written(notice_words(notice()))["Subject"])
    assert "Alice" not in subject
    assert "84" not in subject
    assert "F-1" not in subject


def test_an_english_reader_is_written_to_in_english():
    mail = written(notice_words(notice(language="en", purpose="remind-1")))
    assert mail["Subject"] == "Reminder: your bill from Lumière de l'Ouest is waiting"
    assert "€84.20, by 3 April 2026" in body(mail)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"type_code": "381", "to_pay": Decimal(0)}, "Montant en votre faveur"),
        ({"to_pay": Decimal(0)}, "prélevé le 3 avril 2026. Vous n’avez rien à faire."),
        ({"to_pay": Decimal(0), "payable": Decimal(0)}, "rien à payer"),
        ({"due": None}, "Montant à payer : 84,20\xa0€."),
    ],
)
def test_it_says_what_is_to_be_done(facts, said):
    assert said in body(written(notice_words(notice(**facts))))


@pytest.mark.parametrize(
    "hostile",
    [
        "x\r\nBcc: evil@example.org",
        "x\nBcc: evil@example.org",
        "x\rBcc: evil@example.org",
        "=?utf-8?q?Bill=0d=0aBcc:_evil@example.org?=",
        "=?utf-8?b?QmlsbA0KQmNjOiBldmlsQGV4YW1wbGUub3Jn?=",
        "=?utf-8?q?=3D=3Futf-8=3Fq=3FBill=3D0d=3D0aBcc:_evil@example.org=3F=3D?=",
        "=?utf-8?q?a?= =?utf-8?q?b=0d=0aBcc:_evil@example.org?=",
        "=?no-such-charset?q?x=0aBcc:_evil@example.org?=",
        "=?utf-8?q?never closed =0d=0aBcc: evil@example.org",
        "x\u2028Bcc: evil@example.org",
        "x\x0bBcc: evil@example.org\x00\x85\x1b[2J",
        "\ud800\u202ePDF.exe",
        "é" * 5000,
    ],
)
def test_no_value_makes_a_header_of_its_own(hostile):
    """Python 3.11 serialised an encoded word's line break as a real header (reliability: finding 5)."""
    mail = written(notice_words(notice(issuer=hostile, number=hostile, name=hostile)))
    assert sorted(mail.keys()) == sorted(HEADERS)
    assert mail["Bcc"] is None
    assert [str(address) for address in mail["To"].addresses] == ["alice@example.org"]
    assert all(ord(c) >= 32 and c not in "\u2028\u2029\x85" for c in str(mail["Subject"]))


def test_html_is_text():
    mail = written(notice_words(notice(issuer="<script>alert(1)</script>", name='"><img src=x>')))
    assert "<script>" not in body(mail, "html")
    assert "<img" not in body(mail, "html")


@pytest.mark.parametrize(
    "to",
    ["", "alice", "alice@", "a@b,c@d", "a@b\r\nRCPT TO:<c@d>", "a b@example.org", "<a@b>", "a@[127.0.0.1]", "é@b.org"],
)
def test_what_is_no_address_is_refused_before_it_is_written(to):
    with pytest.raises(MailError) as refused:
        written(notice_words(notice()), to)
    assert refused.value.kind == "refused"


def test_an_ordinary_name_stays_as_it_is():
    assert one_line("Régie des Eaux & Cie (Val d'Oise)") == "Régie des Eaux & Cie (Val d'Oise)"
    assert one_line("  deux   mots ") == "deux mots"
