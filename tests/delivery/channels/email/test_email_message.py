"""What a mail looks like, and what nobody can make it look like."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape

import pytest

from bill import DocumentAmount, Instalment, Paid, amount_due
from delivery.channels.bill_notice import BillNotice
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.email_message import one_line, write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.smtp.sending_domain import WIRE
from delivery.channels.issuer_mark import IssuerMark, issuer_mark
from store.issuer import Issuer
from tests.delivery.channels.email.test_pseudo_locale_mails import DUES

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type",
]  # fmt: skip


ASKED = DocumentAmount(
    number="F-1", type_code="380", issue_date=date(2026, 3, 1), currency="EUR", payable=Decimal("84.20"),
    due=date(2026, 4, 3),
)  # fmt: skip
TODAY = AT.date()


def notice(**also) -> BillNotice:
    values = {
        "purpose": "notify", "language": "fr", "name": "Alice", "issuer": "Lumière de l'Ouest", "number": "F-1",
        "type_code": "380", "issued": date(2026, 3, 1), "due": amount_due(ASKED, today=TODAY),
        "url": "https://facteur.example/factures/abc", "paper_url": "https://facteur.example/contrats",
    }  # fmt: skip
    return BillNotice(**(values | also))


def credit(number: str, amount: str, type_code: str = "381") -> DocumentAmount:
    return ASKED._replace(number=number, type_code=type_code, payable=Decimal(amount), names=("F-1",))


def in_parts(**also) -> DocumentAmount:
    days = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))
    return ASKED._replace(instalments=tuple(Instalment(amount=Decimal(28), due=day) for day in days), **also)


def written(words: EmailText, to: str = "alice@example.org") -> EmailMessage:
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
    ("due", "french", "english"),
    [
        (amount_due(credit("F-2", "84.20")), "Montant en votre faveur : 84,20 €.", "Amount in your favour: €84.20."),
        (
            amount_due(ASKED._replace(payable=Decimal("-84.20"))),
            "Montant en votre faveur : 84,20 €.",
            "Amount in your favour: €84.20.",
        ),
        (
            amount_due(ASKED._replace(is_collected=True)),
            "Montant : 84,20 €, prélevé le 3 avril 2026. Vous n’avez rien à faire.",
            "Amount: €84.20, collected by direct debit on 3 April 2026. There is nothing to do.",
        ),
        (
            amount_due(ASKED._replace(payable=Decimal(0))),
            "Montant : 0,00 €. Vous n’avez rien à payer.",
            "Amount: €0.00. There is nothing to pay.",
        ),
        (amount_due(ASKED._replace(due=None)), "Montant à payer : 84,20 €.", "Amount to pay: €84.20."),
        (
            amount_due(ASKED, today=date(2026, 4, 4)),
            "Montant à payer : 84,20 €. Échéance passée : c’était le 3 avril 2026.",
            "Amount to pay: €84.20. It is past its due date: that was 3 April 2026.",
        ),
        (
            amount_due(ASKED, [credit("F-2", "84.20")]),
            "Annulée par l’avoir F-2. Vous n’avez rien à payer pour celle-ci.",
            "Cancelled by credit note F-2. There is nothing to pay for this one.",
        ),
        (
            amount_due(ASKED, [credit("F-2", "4.20"), credit("F-3", "10")]),
            ("Montant à payer : 70,00 €, au plus tard le 3 avril 2026. Les avoirs F-2 et F-3 (14,20 €) sont déjà "
            "déduits."),
            "Amount to pay: €70.00, by 3 April 2026. Credit notes F-2 and F-3 (€14.20) are taken off already.",
        ),
        (
            amount_due(ASKED, [credit("F-3", "96", "384")]),
            "Remplacée par la facture F-3. Vous n’avez rien à payer pour celle-ci.",
            "Replaced by bill F-3. There is nothing to pay for this one.",
        ),
        (
            amount_due(ASKED, paid=[Paid(TODAY)]),
            "Vous avez indiqué l’avoir payée.",
            "You said that you have paid it.",
        ),
        (
            amount_due(ASKED, paid=[Paid(TODAY, by="bank")]),
            "Elle est payée. Vous n’avez rien à payer.",
            "It is paid. There is nothing to pay.",
        ),
        (
            amount_due(in_parts(payable=Decimal(84)), today=TODAY),
            ("Montant à payer : 28,00 €, au plus tard le 31 mars 2026, puis 28,00 € le 30 avril 2026 et 28,00 € le "
            "31 mai 2026."),
            "Amount to pay: €28.00, by 31 March 2026, then €28.00 on 30 April 2026 and €28.00 on 31 May 2026.",
        ),
    ],
)  # fmt: skip
def test_it_says_what_is_to_be_done_as_of_now(due, french, english):
    for language, said in (("fr", french), ("en", english)):
        words = body(written(notice_words(notice(due=due, language=language))))
        assert said in words.replace("\xa0", " ").replace("\u202f", " ")


def test_an_instalment_is_reminded_of_in_its_own_words():
    due = amount_due(in_parts(), today=TODAY)._replace(instalments=())
    mail = written(notice_words(notice(purpose="due-1", due=due)))
    assert mail["Subject"] == "Rappel : votre prochain versement à Lumière de l'Ouest"
    assert "se paie en plusieurs fois" in body(mail)
    assert written(notice_words(notice(purpose="due-1", due=due, language="en")))["Subject"] == (
        "Reminder: your next instalment to Lumière de l'Ouest"
    )


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
    """Python 3.11 serialised an encoded word's line break as a real header."""
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
    with pytest.raises(DeliveryError) as refused:
        written(notice_words(notice()), to)
    assert refused.value.kind == "refused"


LUMIERE = IssuerMark(name="Lumière de l'Ouest", colour="#8a3b12", contact="clients@lumiere.example")


def words_of(html: str) -> list[str]:
    """The words that a reader sees, in their order; behind the button's, where it leads."""
    html = re.sub(r'<a class="button" href="([^"]+)"[^>]*>(.*?)</a>', r"\2 \1", html)
    shown = re.sub(r"(?s)<(style|title)>.*?</\1>|<span aria-hidden.*?</span>|<[^>]+>", " ", html)
    return unescape(shown).split()


@pytest.mark.parametrize("due", DUES.values(), ids=DUES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_both_bodies_say_the_same(due, language):
    """But for a sentence that is set large in the HTML: its words are all in the text."""
    words = notice_words(notice(due=due, language=language, mark=LUMIERE, letter_on=date(2026, 3, 20), choice_url="-"))
    html, text = body(written(words), "html"), body(written(words))
    if (figure := words.figure) is not None:
        large = f"{figure.label} {figure.amount} {figure.below}".split()
        assert set(_bare(large)) <= set(_bare(figure.said.split()))
        said = " ".join(words_of(html)).replace(" ".join(large), " ".join(figure.said.split()))
    else:
        said = " ".join(words_of(html))
    assert said == f"{words.mark.name} {' '.join(text.split())}"


def _bare(words: list[str]) -> list[str]:
    return [word.strip(".,:").lower() for word in words if word.strip(".,:")]


def test_nothing_is_fetched_and_it_is_small():
    html = body(written(notice_words(notice(mark=LUMIERE))), "html")
    assert re.findall(r"<(?:img|link|script|iframe|video|audio|object)|url\(|@import|@font-face", html) == []
    assert len(html) < 5000


def test_it_comes_from_us_in_the_issuers_name_and_is_answered_by_a_person():
    mail = written(notice_words(notice(mark=LUMIERE)))
    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Lumière de l'Ouest par Facteur", "facteur@facteur.example")
    assert str(mail["Reply-To"]) == "clients@lumiere.example"
    assert written(notice_words(notice(mark=IssuerMark(name="Nord"))))["Reply-To"] is None
    nord = issuer_mark(Issuer(name="Nord", profile='[sender]\nemail = "aide@énergie.example"'))
    assert written(notice_words(notice(mark=nord)))["Reply-To"] == "aide@xn--nergie-9ua.example"
    assert written(notice_words(notice()))["From"].addresses[0].display_name == "Facteur"


@pytest.mark.parametrize(
    "name", ['"Facteur" <evil@example.org>', "Nord\r\nBcc: evil@example.org", "é" * 200, "a, b; c"]
)
def test_an_issuers_name_moves_no_address(name):
    mail = written(notice_words(notice(mark=IssuerMark(name=name))))
    assert [each.addr_spec for each in mail["From"].addresses] == ["facteur@facteur.example"]
    assert mail["Bcc"] is None


def test_a_name_without_a_space_makes_no_mail_wider_than_a_phone():
    """Measured with a browser at 320 pixels; both properties, since mail programs know one or the other."""
    html = body(written(notice_words(notice(mark=IssuerMark(name="N" * 80)))), "html")
    assert "overflow-wrap:anywhere;word-break:break-word" in html


def test_the_notice_names_the_day_its_letter_leaves():
    for language, said in (("fr", "une lettre part le 20 mars 2026"), ("en", "a letter leaves on 20 March 2026")):
        words = notice_words(notice(language=language, letter_on=date(2026, 3, 20)))
        for kind in ("plain", "html"):
            assert said in body(written(words), kind).replace("\xa0", " ")


def test_a_bills_mail_says_how_to_hear_otherwise_and_cannot_be_unsubscribed():
    mail = written(notice_words(notice(choice_url="https://facteur.example/courriels")))
    assert "https://facteur.example/courriels" in body(mail)
    assert mail["List-Unsubscribe"] is None


def test_an_ordinary_name_stays_as_it_is():
    assert one_line("Régie des Eaux & Cie (Val d'Oise)") == "Régie des Eaux & Cie (Val d'Oise)"
    assert one_line("  deux   mots ") == "deux mots"
