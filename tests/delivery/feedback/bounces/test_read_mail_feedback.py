"""What a message says that came back: gone, full, refused, given up, delayed, a complaint, an automatic reply."""

import time

import pytest

from delivery.feedback.bounces.read_mail_feedback import read_mail_feedback
from tests.delivery.feedback.bounces.sample_bounces import (
    NOTICE,
    OLD_EXCHANGE,
    QMAIL,
    QUOTA_BY_QMAIL,
    RETURNED,
    STILL_TRIED,
    complaint,
    dsn,
    plain,
)


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <alice@example.net>: Recipient address rejected: User unknown", "gone"),
        ("5.1.1", "x-unix; user unknown", "gone"),
        ("5.1.1", "", "gone"),
        ("5.0.0", "smtp; 550 No such user here", "gone"),
        ("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound", "gone"),
        ("5.3.0", "smtp; 553 5.3.0 <alice@example.net>... No such user here", "refused"),
        ("5.0.0", "smtp; 554 delivery error: dd This user doesn't have a yahoo.example account", "gone"),
        ("5.0.0", "smtp; 550 Destinatario desconocido o mailbox lleno", "full"),
        ("5.2.1", "smtp; 550 5.2.1 The email account that you tried to reach is disabled", "gone"),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", "full"),
        ("5.1.1", "smtp; 550 5.1.1 mailbox is full", "full"),
        ("5.0.0", "smtp; 552 user is over quota", "full"),
        ("5.7.1", "smtp; 550 5.7.1 Message rejected due to SPF policy", "refused"),
        ("5.7.26", "smtp; 550 5.7.26 This mail is unauthenticated", "refused"),
        ("5.1.1", "smtp; 550 5.7.1 Service unavailable; client host blocked using a list", "refused"),
        ("5.1.3", "smtp; 553 5.1.3 https://www.spamhaus.example/query/bl?ip=192.0.2.1", "refused"),
        ("5.1.1", "smtp; 550 5.1.1 203.0.113.2 has sent to too many recipients this hour", "refused"),
        ("5.1.8", "smtp; 553 5.1.8 Sender address rejected: Domain not found", "refused"),
        ("5.3.4", "smtp; 552 5.3.4 Message size exceeds fixed limit", "refused"),
        ("5.4.4", "x-unix; Host or domain name not found", "refused"),
        ("4.4.7", "smtp;550 4.4.7 QUEUE.Expired; message expired", "refused"),
        ("4.4.1", "x-postfix; connect to mx.example.net: Connection timed out", "expired"),
        ("4.2.2", "smtp; 452 4.2.2 Over quota", "expired"),
        ("4.1.1", "smtp; 450 4.1.1 User unknown in virtual alias table", "expired"),
        ("5.0.0", "", "refused"),
        ("", "", "refused"),
    ],
)
def test_a_failure_by_its_code_and_words(status: str, diagnostic: str, kind: str) -> None:
    assert read_mail_feedback(dsn(status, diagnostic)).kind == kind


def test_the_servers_words_are_kept_and_the_mail_that_came_back_is_named() -> None:
    said = read_mail_feedback(dsn("5.1.1", "smtp; 550 5.1.1 <alice@example.net>: User\n unknown"))
    assert said.words == "550 5.1.1 <alice@example.net>: User unknown"
    assert said.message_ids == ("<d4711@example.org>",)


@pytest.mark.parametrize(
    ("action", "kind"), [("delayed", "delayed"), ("delivered", "delivered"), ("relayed", "delivered")]
)
def test_what_has_not_failed(action: str, kind: str) -> None:
    """Whatever code stands beside it."""
    assert read_mail_feedback(dsn("5.1.1", "smtp; 550 5.1.1 User unknown", action=action)).kind == kind
    assert read_mail_feedback(dsn("4.4.1", action=action)).kind == kind


def test_a_general_code_is_understood_by_what_is_written_for_people() -> None:
    """Exim says 5.0.0 of everything, and the reason in its notice."""
    notice = (
        f"{NOTICE}\n  alice@example.net\n    host mx.example.net [192.0.2.1]\n    SMTP error after RCPT TO:<a@b.c>:\n"
    )
    assert read_mail_feedback(dsn("5.0.0", notice=f"{notice}    550 no such user")).kind == "gone"
    assert read_mail_feedback(dsn("5.0.0", notice=f"{notice}    550 rejected by policy")).kind == "refused"


def test_the_step_that_was_refused_counts() -> None:
    """Outlook.com says of an unknown recipient what others say of a message."""
    answer = "smtp; 550 5.5.0 Requested action not taken: mailbox unavailable"
    at_rcpt = f"{NOTICE} (in reply to RCPT TO command)"
    assert read_mail_feedback(dsn("5.5.0", answer, notice=at_rcpt)).kind == "gone"
    assert (
        read_mail_feedback(dsn("5.5.0", answer, notice=f"{NOTICE} (in reply to end of DATA command)")).kind == "refused"
    )


def test_of_several_recipients_the_address_is_gone_only_when_all_are() -> None:
    both = dsn("5.1.1").replace(
        b"\n--b\nContent-Type: text/rfc822", b"\nAction: delayed\nStatus: 4.4.1\n\n--b\nContent-Type: text/rfc822"
    )
    assert read_mail_feedback(both).kind == "delayed"


def test_a_notification_in_the_form_of_rfc_6533() -> None:
    world = dsn("5.1.1", "smtp; 550 5.1.1 inconnu").replace(
        b"message/delivery-status", b"message/global-delivery-status"
    )
    assert read_mail_feedback(world).kind == "gone"


@pytest.mark.parametrize(
    ("raw", "kind"), [(QMAIL, "gone"), (OLD_EXCHANGE, "gone"), (QUOTA_BY_QMAIL, "full"), (STILL_TRIED, "delayed")]
)
def test_bounces_in_plain_words(raw: bytes, kind: str) -> None:
    assert read_mail_feedback(raw).kind == kind


def test_the_returned_mail_says_nothing_of_its_own_delivery() -> None:
    text = (
        "It was refused as spam.\nContact us for help, we are sorry.\n\n--- Original message ---\n550 5.1.1 unknown\n"
    )
    assert read_mail_feedback(plain(text)).kind == "refused"
    assert read_mail_feedback(QMAIL).message_ids == ("<d4711@example.org>",)


def test_a_complaint_names_the_return_path_inside() -> None:
    said = read_mail_feedback(complaint())
    assert (said.kind, said.words) == ("complaint", "abuse, Loop/1.0")
    assert said.return_paths == ("<b+4711.x.y@example.org>",)
    assert (
        read_mail_feedback(complaint("auth-failure")).kind
        == read_mail_feedback(complaint("not-spam")).kind
        == "unclear"
    )


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", "Precedence: auto_reply",
        "Subject: Réponse automatique : votre facture", "Subject: Out of Office: Votre facture",
        "Subject: =?utf-8?q?R=C3=A9ponse_automatique?=", "Subject: Automatische Antwort", "Subject: Absente du bureau",
        "Return-Path: <>\nSubject: Absence", "Subject: Automatisch antwoord: Votre facture",
        "Subject: Resposta automática: Votre facture", "Subject: Automatyczna odpowiedź: Votre facture",
        "Return-Path: <>\nAuto-Submitted: auto-replied\nSubject: Automatic reply: Votre facture The Bounce Club",
        "Return-Path: <>\nSubject: Réponse automatique : Votre facture Échecs de Paris est arrivée",
        "Return-Path: <>\nSubject: Absence : Votre facture Échecs de Paris est arrivée",
    ],
)  # fmt: skip
def test_automatic_replies_are_told_apart(headers: str) -> None:
    raw = f"From: alice@example.net\n{headers}\n\nJe suis en congé. 550 5.1.1 user unknown\n".encode()
    assert read_mail_feedback(raw).kind == "auto_reply"


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "x\0y", "klingon"])
def test_a_text_is_read_whatever_its_encoding_is_called(charset: str) -> None:
    raw = f'From: mailer-daemon@mx.example.net\nContent-Type: text/plain; charset="{charset}"\n\n'.encode()
    assert read_mail_feedback(raw + b"\xe9: 550 5.1.1 user unknown\n").kind == "gone"


def test_a_challenge_is_for_a_person() -> None:
    raw = b"From: a@example.net\nAuto-Submitted: auto-replied\nSubject: Message\n\nCliquez ici pour m'authentifier\n"
    assert read_mail_feedback(raw).kind == "challenge"


@pytest.mark.parametrize("subject", ["Absence de facture", "Re: Votre facture", "Congés du compteur"])
def test_a_person_is_no_automatic_reply(subject: str) -> None:
    assert read_mail_feedback(f"From: alice@example.net\nSubject: {subject}\n\nBonjour\n".encode()).kind == "unclear"


@pytest.mark.parametrize(
    "raw", [b"From: alice@example.net\nSubject: Ma facture\n\nElle est fausse\n", b"", b"\0\xff" * 99]
)
def test_anything_else_is_for_a_person(raw: bytes) -> None:
    assert read_mail_feedback(raw).kind == "unclear"


def _nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


@pytest.mark.parametrize(
    "raw",
    [
        plain("") + b"550 5.1.1 user unknown\n" * 2_000_000,
        b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\nContent-Type: text/plain\n\nx\n" * 10_000,
        b"Content-Type: message/rfc822\n\n" * 20_000,
        _nested(1000),
        _nested(39),
        plain("-" * 500_000),
        plain("user " * 100_000),
        plain(RETURNED).replace(b"Subject:", b"Subject: " + b"=?utf-8?q?a?= " * 50_000),
        b'Content-Type: text/plain; charset="\xff\0evil"\nContent-Transfer-Encoding: base64\n\n!!!!',
        b"Content-Type: text/plain; charset=rot13\nContent-Transfer-Encoding: x-uuencode\n\nbegin 1 x\n$$$",
    ],
    ids=["46 MB", "10,000 parts", "deep", "nested", "less nested", "dashes", "words", "encoded words", "charset", "uu"],
)
def test_a_hostile_message_takes_no_time(raw: bytes) -> None:
    began = time.process_time()
    read_mail_feedback(raw)
    assert time.process_time() - began < 2
