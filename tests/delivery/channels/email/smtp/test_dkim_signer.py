"""What leaves is signed as it leaves: verified by Perl's Mail::DKIM, which shares no code with what signed it."""

import base64
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dkim
import pytest
from aiosmtpd.controller import Controller
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from delivery import SmtpClient
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.smtp.dkim_signer import SIGNED, DkimKeyError, DkimSigner
from delivery.channels.email.smtp.sending_domain import SendingDomain

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
SENDER, ALICE = "Facteur <facteur@facteur.example>", "alice@example.org"
VERIFIER = Path(__file__).parent / "verify_dkim.pl"
PERL = shutil.which("perl")
HAS_VERIFIER = PERL is not None and subprocess.run([PERL, "-MMail::DKIM", "-e1"], capture_output=True).returncode == 0
by_another_library = pytest.mark.skipif(not HAS_VERIFIER, reason="no Mail::DKIM (Debian: libmail-dkim-perl)")


def pem_of(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture(scope="module")
def signer() -> DkimSigner:
    return DkimSigner("facteur.example", "facteur2026", pem_of(rsa_key(65537, 2048)))


def a_mail(*before: str) -> Message:
    words = EmailText(
        subject="Votre facture Lumière de l'Ouest, et assez de mots pour que cette ligne se plie, est arrivée",
        before=before or ("Bonjour Zoé,", ".", "..", "From là à ici", "Montant : 84,20\N{NO-BREAK SPACE}€ " * 30),
        label="Voir", url="https://facteur.example/factures/1",
    )  # fmt: skip
    return write_mail(words, SENDER, ALICE, "<d1@facteur.example>", AT)


def verdict(signer: DkimSigner, received: bytes) -> str:
    assert PERL is not None
    run = subprocess.run([PERL, VERIFIER, *signer.dns_record()], input=received, capture_output=True, check=True)
    return run.stdout.decode().strip()


@contextmanager
def relay() -> Iterator[tuple[str, list[bytes], list[str]]]:
    """A relay that keeps the bytes as it got them, without SMTP's doubled dots, and the envelope senders."""
    taken: list[bytes] = []
    senders: list[str] = []

    class Sink:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            taken.append(envelope.content)
            senders.append(envelope.mail_from)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", taken, senders
    finally:
        controller.stop()


@by_another_library
def test_what_a_relay_gets_is_signed(signer: DkimSigner) -> None:
    domain = SendingDomain(
        reply_to="aide@facteur.example", return_path=lambda origin: f"b{origin.id}@x.example", signers=(signer,)
    )
    with relay() as (url, taken, senders):
        post = SmtpClient(url, SENDER, domain=domain)
        post.send(a_mail(), ALICE)
        post.hang_up()
    [received] = taken
    assert senders == ["b1@x.example"]
    assert b"Reply-To: aide@facteur.example\r\n" in received
    assert verdict(signer, received) == "pass"


@by_another_library
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda mail: mail.replace(b"\r\n\r\n--", b"\r\n\r\nPayez ici.\r\n--", 1), "fail (body has been altered)"),
        (lambda mail: mail.replace(b"Message-ID: <d1@", b"Message-ID: <d2@"), "fail (message has been altered)"),
        (lambda mail: mail.replace(b"From: ", b"From: evil@x.org\r\nFrom: ", 1), "fail (message has been altered)"),
        (lambda mail: b"Reply-To: evil@example.org\r\n" + mail, "fail (message has been altered)"),
        (lambda mail: b"List-Unsubscribe: <https://evil.example>\r\n" + mail, "fail (message has been altered)"),
        (lambda mail: b"Received: from a by b\r\n" + mail, "pass"),
    ],
    ids=["body", "Message-ID", "another From", "a Reply-To", "a List-Unsubscribe", "a Received"],
)  # fmt: skip
def test_nothing_of_it_can_be_changed_or_added(signer: DkimSigner, change: Callable[[bytes], bytes], said: str) -> None:
    signed = SendingDomain(signers=(signer,)).content(a_mail())
    assert verdict(signer, signed) == "pass"
    assert change(signed) != signed
    assert verdict(signer, change(signed)) == said


def test_no_relay_has_a_reason_to_rewrite_it(signer: DkimSigner) -> None:
    signed = SendingDomain(signers=(signer,)).content(a_mail())
    assert signed.isascii()
    assert max(map(len, signed.split(b"\r\n"))) <= 78
    assert b"\n" not in signed.replace(b"\r\n", b"")
    body = signed.partition(b"\r\n\r\n")[2]
    assert not re.search(rb"(?m)^(From |\.)|[ \t]\r$", body)


def test_the_fields_are_signed_once_more_than_they_occur(signer: DkimSigner) -> None:
    [listed] = re.findall(rb"[ ;]h=([^;]+);", signer.signature(SendingDomain().content(a_mail())))
    names = [name.decode() for name in re.split(rb"[\s:]+", listed)]
    once = {"reply-to", "cc", "list-unsubscribe", "list-unsubscribe-post"}
    assert {name: names.count(name) for name in names} == {
        name.lower(): 1 if name.lower() in once else 2 for name in SIGNED
    }


def test_an_ed25519_key_signs_too(signer: DkimSigner, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8463, verified by dkimpy, whose own library for these keys is replaced by another."""

    class VerifyKey:
        def __init__(self, key: bytes, encoder: object) -> None:
            self.key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))

        def verify(self, content: bytes, signature: bytes) -> None:
            try:
                self.key.verify(signature, content)
            except InvalidSignature as error:
                raise exceptions.BadSignatureError from error

    exceptions, encoding = SimpleNamespace(ValueError=ValueError), SimpleNamespace(Base64Encoder=None)
    exceptions.BadSignatureError = InvalidSignature
    nacl = SimpleNamespace(signing=SimpleNamespace(VerifyKey=VerifyKey), encoding=encoding, exceptions=exceptions)
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)
    fresh = DkimSigner("facteur.example", "ed", pem_of(Ed25519PrivateKey.generate()))
    signed = SendingDomain(signers=(signer, fresh)).content(a_mail())
    records = dict([signer.dns_record(), fresh.dns_record()])
    assert signed.count(b"DKIM-Signature: ") == 2

    def text_of(name: bytes, timeout: int = 5) -> bytes:
        return records[name.decode().rstrip(".")].encode()

    assert [dkim.DKIM(signed).verify(n, dnsfunc=text_of) for n in (0, 1)] == [True, True]
    with pytest.raises(dkim.ValidationError, match="body hash"):
        dkim.DKIM(signed + b"Payez ici.\r\n").verify(1, dnsfunc=text_of)
    assert not dkim.DKIM(signed.replace(b"<d1@", b"<d2@")).verify(1, dnsfunc=text_of)


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        (b"", "no private key in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key in PEM"),
        (pem_of(rsa_key(65537, 1024)), "has 1024 bits: make one of 2048"),
        (pem_of(generate_private_key(SECP256R1())), "neither RSA nor Ed25519"),
    ],
    ids=["empty", "damaged", "short", "another kind"],
)
def test_a_key_that_cannot_be_used_is_refused(pem: bytes, said: str) -> None:
    with pytest.raises(DkimKeyError, match=said):
        DkimSigner("facteur.example", "facteur2026", pem)


@pytest.mark.parametrize("name", ["", "a b", "a;b=", "-a", "a..b", "é"])
def test_a_selector_is_a_name_of_the_dns(signer: DkimSigner, name: str) -> None:
    key = pem_of(Ed25519PrivateKey.generate())
    with pytest.raises(DkimKeyError, match="no name in the DNS"):
        DkimSigner("facteur.example", name, key)
