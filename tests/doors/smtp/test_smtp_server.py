"""The SMTP door, with a real client: Alice forwards bills to her personal address, Mallory knocks."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pytest
from sqlalchemy import select

from doors.smtp import smtp_server
from doors.smtp.smtp_server import SmtpDoor
from doors.smtp.take_mail import MAIL_ANSWERED
from store import Store
from store.accounts.consumer import Consumer
from store.imports.imported_document import ImportedDocument
from store.job import Job
from store.rate_limit import Rate
from store.received_mail.received_mail import MailWithBills, set_allowed_senders
from store.secret_addresses.mail_address import mail_address
from store.secret_addresses.secret_address import renew_address, secret_of
from tests.conftest import Clock
from tests.doors.smtp.smtp_thread import serving

pytestmark = pytest.mark.beside_any_database

DOMAIN = "bills.localhost"
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
XML = b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
SWAKS = which("swaks")


@pytest.fixture
def alice(store: Store, clock: Clock) -> Consumer:
    with store.writing() as session:
        consumer = Consumer(
            email="alice@exemple.fr", name="Alice Martin", password_hash="-", signed_up_at=clock(),
            confirmed_at=clock(), language="fr",
        )  # fmt: skip
        session.add(consumer)
    return consumer


@pytest.fixture
def address(store: Store, alice: Consumer, clock: Clock) -> str:
    with store.writing() as session:
        secret = secret_of(store.keys, renew_address(session, store.keys, alice.id, "bills", clock()))
    return mail_address(alice.name, secret or "", DOMAIN)


@pytest.fixture
def port(store: Store, clock: Clock) -> Iterator[int]:
    with serving(store, SmtpDoor(host="127.0.0.1", port=0, domain=DOMAIN), clock) as bound:
        yield bound


@contextmanager
def client(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=20) as smtp:
        smtp.ehlo()
        yield smtp


def a_mail(*files: tuple[str, bytes, str], message_id: str = "<1@client.example>", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Alice <alice@exemple.fr>", "moi", "Tr : votre facture"
    mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Voici.\n")
    for name, content, kind in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail


def send(port: int, to: str, mail: EmailMessage | bytes, sender: str = "alice@exemple.fr") -> None:
    with client(port) as smtp:
        smtp.sendmail(sender, [to], mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP))


def documents(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [
            (each.name, each.door) for each in session.scalars(select(ImportedDocument).order_by(ImportedDocument.id))
        ]


def mails(store: Store) -> list[MailWithBills]:
    with store.reading() as session:
        return list(session.scalars(select(MailWithBills).order_by(MailWithBills.id)))


def answers(store: Store) -> list[dict[str, Any]]:
    with store.reading() as session:
        return [each.particulars for each in session.scalars(select(Job).where(Job.kind == MAIL_ANSWERED))]


def test_bills_come_in_and_their_owner_is_answered(store: Store, port: int, alice: Consumer, address: str) -> None:
    files = [
        ("mars.pdf", PDF, "application/pdf"),
        ("mars.xml", XML, "text/xml"),
        ("x.zip", b"PK\3\4", "application/zip"),
    ]
    send(port, address.upper(), a_mail(*files), sender="Billing@Issuer.example")
    assert documents(store) == [("mars.pdf", "mail"), ("mars.xml", "mail")]
    [kept] = mails(store)
    assert (kept.consumer_id, kept.sender) == (alice.id, "Billing@Issuer.example")
    assert [each["outcome"] for each in kept.files] == ["taken", "taken", "no_bill"]
    assert answers(store) == [{"consumer_id": alice.id, "mail_id": kept.id}]


def test_a_forwarded_mail_is_looked_into(store: Store, port: int, address: str) -> None:
    outer = a_mail(message_id="<2@client.example>")
    outer.add_attachment(a_mail(("avril.pdf", PDF, "application/octet-stream")))
    send(port, address, outer)
    assert documents(store) == [("avril.pdf", "mail")]


def test_the_same_mail_again_is_one(store: Store, port: int, address: str) -> None:
    for _ in range(2):
        send(port, address, a_mail(("mars.pdf", PDF, "application/pdf")))
    assert (len(mails(store)), len(documents(store)), len(answers(store))) == (1, 1, 1)
    send(port, address, a_mail(("mars.pdf", PDF, "application/pdf"), message_id="<3@client.example>"))
    assert [each["outcome"] for each in mails(store)[1].files] == ["known"]


def test_a_message_id_that_somebody_used_before_keeps_no_bill_away(store: Store, port: int, address: str) -> None:
    send(port, address, a_mail(), sender="mallory@evil.example")
    send(port, address, a_mail(("x.pdf", PDF + b"x", "application/pdf")), sender="mallory@evil.example")
    send(port, address, a_mail(("mars.pdf", PDF, "application/pdf")))
    assert documents(store) == [("x.pdf", "mail"), ("mars.pdf", "mail")]


def test_a_logo_in_the_text_is_no_file(store: Store, port: int, address: str) -> None:
    mail = a_mail(("mars.pdf", PDF, "application/pdf"))
    mail.add_attachment(
        b'<?xml version="1.0"?><svg/>', maintype="image", subtype="svg+xml", disposition="inline", cid="<logo>"
    )
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", disposition="inline", cid="<dot>")
    send(port, address, mail)
    assert documents(store) == [("mars.pdf", "mail")]
    assert [each["name"] for each in mails(store)[0].files] == ["mars.pdf"]


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        (("192.0.2.7", 1), "192.0.2.7"),
        (("::ffff:192.0.2.7", 1, 0, 0), "192.0.2.7"),
        (("2001:db8::1", 1, 0, 0), "2001:db8::/64"),
        (("2001:db8::ffff:2", 1, 0, 0), "2001:db8::/64"),
        (("fe80::1%eth0", 1, 0, 2), "fe80::/64"),
        (None, ""),
    ],
)
def test_a_client_is_its_network(peer: Any, client: str) -> None:
    assert smtp_server._client(peer) == client


def test_a_stranger_and_a_relay_are_answered_alike(
    store: Store, port: int, alice: Consumer, address: str, clock: Clock
) -> None:
    with store.writing() as session:
        renew_address(session, store.keys, alice.id, "bills", clock())  # the old one has ended
    asked = [
        address, f"alice@{DOMAIN}", f"alice-aaaaaaaaaaaaaaaa@{DOMAIN}", "bob@elsewhere.example", f"-@{DOMAIN}",
        address.replace(DOMAIN, "elsewhere.example"), f"postmaster@{DOMAIN}",
    ]  # fmt: skip
    with client(port) as smtp:
        smtp.mail("mallory@evil.example")
        assert {smtp.rcpt(each) for each in asked} == {(550, b"5.1.1 no such address here")}
        assert smtp.docmd("DATA")[0] == 503
    assert mails(store) == []


def test_only_from_whom_she_wants(store: Store, port: int, alice: Consumer, address: str) -> None:
    with store.writing() as session:
        set_allowed_senders(session, alice.id, ["alice@exemple.fr", "@issuer.example"])
    for sender, code in (
        ("alice@exemple.fr", 250), ("Billing@ISSUER.example", 250), ("x@sub.issuer.example", 550),
        ("mallory@evil.example", 550), ("", 550),
    ):  # fmt: skip
        with client(port) as smtp:
            smtp.mail(sender)
            assert smtp.rcpt(address)[0] == code, sender


def test_no_answer_to_what_came_of_itself_without_a_bill(store: Store, port: int, address: str) -> None:
    send(port, address, a_mail(message_id="<a@x>", Auto_Submitted="auto-replied"))
    send(port, address, a_mail(message_id="<b@x>"), sender="")
    assert answers(store) == []
    send(port, address, a_mail(message_id="<c@x>"))
    send(port, address, a_mail(("b.pdf", PDF, "application/pdf"), message_id="<d@x>", Auto_Submitted="auto-generated"))
    assert len(answers(store)) == 2


@pytest.mark.parametrize(
    "bomb",
    [
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000 + b"--b--\r\n",
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(500)),
        b"Content-Type: message/rfc822\r\n\r\n" * 2_000 + b"x",
        b"Content-Type: message/rfc822\r\n\r\n" * 13 + b"Content-Type: application/pdf\r\n\r\n%PDF-1\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-1\r\n" * 30 + b"--b--\r\n",
        b"A:b\r\n" * 200_001,
    ],
    ids=["parts", "nesting", "messages in messages", "too deep", "files", "headers"],
)  # fmt: skip
def test_a_mime_bomb_is_not_opened(store: Store, port: int, address: str, bomb: bytes) -> None:
    send(port, address, b"Message-ID: <bomb@x>\r\n" + bomb)
    assert documents(store) == []
    assert [each.files for each in mails(store)] == [[{"name": "", "outcome": "not_opened"}]]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"", b"\xff\xfe\x00", b"Content-Type: multipart/mixed\r\n\r\n--\r\n",
        b'Content-Type: application/pdf; name="=?x?q?' + b"=" * 5000 + b'?="\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!",
        b"Content-Type: text/plain; charset=nope\r\nContent-Disposition: attachment; filename*=nope''%ff\r\n\r\n<a/>",
    ],
)  # fmt: skip
def test_nonsense_is_taken_for_what_it_is(store: Store, port: int, address: str, nonsense: bytes) -> None:
    send(port, address, nonsense)
    assert len(mails(store)) == 1


def test_a_mail_that_is_too_large_is_refused_before_it_is_sent(
    port: int, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client(port) as smtp:
        assert smtp.esmtp_features["size"] == str(20 << 20)
        assert smtp.mail("alice@exemple.fr", [f"size={21 << 20}"])[0] == 552
        smtp.rset()
        smtp.mail("alice@exemple.fr")
        smtp.rcpt(address)
        assert smtp.data(b"x" * 900 + b"\r\n")[0] == 250


def test_a_mail_of_very_many_lines_is_cut_off(
    store: Store, port: int, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_server, "MOST_LINES", 1_000)
    for _ in range(2):  # a mail's lines are no other's
        send(port, address, a_mail(("mars.pdf", PDF, "application/pdf")))
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        send(port, address, b"\r\n" * 2_000)
    assert len(mails(store)) == 1


def test_connections_are_bounded(store: Store, port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(smtp_server.MOST_OF_A_CLIENT)]
    try:
        assert all(each.recv(100).startswith(b"220 ") for each in held)
        with socket.create_connection(("127.0.0.1", port), 20) as one_more:
            assert one_more.recv(100).startswith(b"421 ")
        held.pop().close()
    finally:
        for each in held:
            each.close()


def test_who_asks_too_often_waits(port: int, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_server, "ASKED_BY_A_CLIENT", Rate(2, 3600))
    with client(port) as smtp:
        smtp.mail("mallory@evil.example")
        codes = [smtp.rcpt(to)[0] for to in (f"x@{DOMAIN}", f"y@{DOMAIN}", address)]
    assert codes == [550, 550, 451]


def test_an_outage_loses_no_mail(store: Store, port: int, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(smtp_server, "take_mail", down)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(port, address, a_mail(("mars.pdf", PDF, "application/pdf")))
        assert refused.value.smtp_code == 451
    send(port, address, a_mail(("mars.pdf", PDF, "application/pdf")))
    assert len(documents(store)) == 1


def test_what_our_own_server_found_is_noted(store: Store, port: int, address: str) -> None:
    found = f"{DOMAIN}; spf=pass smtp.mailfrom=x; dkim=fail (bad signature) header.d=y"
    send(port, address, a_mail(message_id="<e@x>", Authentication_Results=found))
    send(port, address, a_mail(message_id="<f@x>", Authentication_Results="evil.example; spf=pass"))
    assert [each.authentication for each in mails(store)] == ["spf=pass dkim=fail", ""]


def test_starttls_with_a_certificate(
    store: Store, address: str, clock: Clock, tmp_path: Path, self_signed: Callable[[Path], tuple[Path, Path]]
) -> None:
    certificate, key = self_signed(tmp_path)
    door = SmtpDoor(host="127.0.0.1", port=0, domain=DOMAIN, certificate=certificate, key=key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.check_hostname = False
    with serving(store, door, clock) as bound, client(bound) as smtp:
        assert smtp.starttls(context=trusting)[0] == 220
        smtp.sendmail("alice@exemple.fr", [address], a_mail(("mars.pdf", PDF, "application/pdf")).as_bytes(policy=SMTP))
    assert len(documents(store)) == 1


def test_without_a_certificate_none_is_offered(port: int) -> None:
    with client(port) as smtp:
        assert not smtp.has_extn("starttls")
        assert not smtp.has_extn("auth")


@pytest.mark.skipif(SWAKS is None, reason="swaks is not installed")
def test_with_swaks(store: Store, port: int, address: str, tmp_path: Path) -> None:
    file = tmp_path / "mars.pdf"
    file.write_bytes(PDF)
    assert SWAKS is not None
    done = run(
        [SWAKS, "--server", f"127.0.0.1:{port}", "--to", address, "--from", "alice@exemple.fr", "--attach", f"@{file}"],
        capture_output=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert documents(store) == [("mars.pdf", "mail")]


def test_now_is_business_time(store: Store, port: int, address: str, clock: Clock) -> None:
    clock.now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    send(port, address, a_mail())
    assert mails(store)[0].received_at == clock.now
