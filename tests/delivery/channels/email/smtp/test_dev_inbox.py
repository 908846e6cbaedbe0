"""The dev inbox: keeps what it is sent, reads it back, and shows how mail bounces."""

import smtplib
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from delivery import SmtpClient
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.smtp.dev_inbox import list_mails, open_inbox, read_mail

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
SENDER = "Facteur <facteur@facteur.example>"


def mail(n: int, to: str = "alice@example.org"):
    words = EmailText(subject=f"Mail {n} : été", before=("Bonjour,",), label="Voir", url=f"https://facteur.example/{n}")
    return write_mail(words, SENDER, to, f"<d{n}@facteur.example>", AT)


def test_alice_finds_her_mails_newest_first(inbox, post):
    for n in (1, 2):
        post.send(mail(n), "alice@example.org")
        time.sleep(0.01)
    post.send(mail(3, "bob@example.org"), "bob@example.org")
    mine = list_mails(inbox, "Alice@example.org")
    assert [each.subject for each in mine] == ["Mail 2 : été", "Mail 1 : été"]
    assert mine[0].to == "alice@example.org"
    assert mine[0].at == AT
    assert mine[0].links == ["https://facteur.example/2"]
    assert ">Bonjour,</p>" in mine[0].html
    assert len(list_mails(inbox)) == 3
    assert read_mail(inbox, mine[0].id) == mine[0]


def test_the_same_message_id_is_the_same_mail(inbox, post):
    for _ in range(3):
        post.send(mail(1), "alice@example.org")
    assert len(list_mails(inbox)) == 1


def test_a_dot_on_a_line_of_its_own_does_not_end_the_mail(inbox, post):
    words = EmailText(subject="points", before=("avant\n.\n..\naprès",), label="Voir", url="https://facteur.example/")
    post.send(write_mail(words, SENDER, "alice@example.org", "<d9@x>", AT), "alice@example.org")
    assert "avant\n.\n..\naprès" in list_mails(inbox)[0].text.replace("\r\n", "\n")


@pytest.mark.parametrize("to", ["bounce@example.org", "bounce-charlie@example.org", "charlie@bounce.invalid"])
def test_it_refuses_those_who_are_to_bounce(post, to):
    with pytest.raises(DeliveryError, match="550") as refused:
        post.send(mail(1, to), to)
    assert refused.value.kind == "refused"
    assert post.send(mail(2), "alice@example.org").startswith("250")  # the line goes on


@pytest.mark.parametrize("mail_id", ["", "..", "../../etc/passwd", "x" * 33, "00000000-" + "0" * 24])
def test_an_id_that_is_none(inbox, post, mail_id):
    assert read_mail(inbox, mail_id) is None


def test_a_broken_mail_is_shown_as_far_as_it_goes(inbox):
    with open_inbox(inbox) as url:
        parts = urlsplit(url)
        with smtplib.SMTP(parts.hostname, parts.port) as line:
            line.sendmail("x@example.org", ["alice@example.org"], b"Subject: =?x?q?=ff?=\r\nTo: <<<\r\nDate: never\r\n"
                          b"Content-Type: text/plain; charset=klingon\r\n\r\ncaf\xe9\r\n")  # fmt: skip
    [found] = list_mails(inbox)
    assert found.at is None
    assert found.text.startswith("caf")


def test_an_inbox_that_nobody_opened_is_empty(tmp_path):
    assert list_mails(tmp_path / "none") == []


def test_it_takes_hundreds_over_one_connection(inbox, post: SmtpClient):
    for n in range(300):
        post.send(mail(n), "alice@example.org")
    assert len(list_mails(inbox, limit=1000)) == 300
