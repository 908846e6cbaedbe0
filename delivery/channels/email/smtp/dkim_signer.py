"""Signs e-mails with DKIM (RFC 6376): rsa-sha256, or ed25519-sha256 (RFC 8463), over the very bytes that leave.

Header fields are chosen, canonicalised and folded by dkimpy; `cryptography` signs, with a key that is parsed once: it
takes a thirtieth of the time.
"""

import base64
import re
import time
from collections.abc import Sequence
from typing import Final

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from dkim.canonicalization import CanonicalizationPolicy

from words.spoken_error import SpokenError

#: The header fields that are signed. Each is named once more than it occurs, so that nobody can add another (RFC 6376
#: 8.15); of one that an e-mail has not, none can be added.
SIGNED: Final = (
    "From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
    "Auto-Submitted", "MIME-Version", "Content-Type",
)  # fmt: skip
#: RFC 8301, 3.2: a shorter RSA key should not be used.
LEAST_BITS: Final = 2048

_CANONICAL: Final = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?"
_DNS_NAME: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")


class DkimKeyError(SpokenError):
    """A DKIM key, its selector or its domain cannot be used; the message says why and what to do."""


class DkimSigner:
    """Signs for a domain with one key (PEM), which is published at `<selector>._domainkey.<domain>`. Raises
    DkimKeyError."""

    def __init__(self, domain: str, selector: str, pem: bytes) -> None:
        for name in (domain, selector):
            if not _DNS_NAME.fullmatch(name):
                raise DkimKeyError(
                    "{name!r} is no name in the DNS: give FACTEUR_DKIM_SELECTOR and FACTEUR_DKIM_DOMAIN", name=name
                )
        self.domain, self.selector = domain, selector
        self._key = _private_key(pem)
        self._algorithm = b"rsa-sha256" if isinstance(self._key, RSAPrivateKey) else b"ed25519-sha256"

    def signed(self, message: bytes, at: int | None = None) -> bytes:
        """Return the message with the signature before it. *message* has CRLF line ends; *at* is in seconds since 1970,
        None for now."""
        return self.signature(message, at) + message

    def signature(self, message: bytes, at: int | None = None) -> bytes:
        """Return the header field DKIM-Signature of this message, with its line end."""
        headers, body = dkim.rfc822_parse(message)
        names = _oversigned([name for name, _ in headers])
        tags = [
            (b"v", b"1"),
            (b"a", self._algorithm),
            (b"c", _CANONICAL.to_c_value()),
            (b"d", self.domain.encode()),
            (b"s", self.selector.encode()),
            (b"t", b"%d" % (time.time() if at is None else at)),
            (b"h", b" : ".join(names)),
            (b"bh", base64.b64encode(_sha256(_CANONICAL.canonicalize_body(body)))),
            (b"b", b""),
        ]
        unsigned = _folded(tags)
        hashed = _Bytes()
        field = (b"DKIM-Signature", b" " + unsigned)
        dkim.hash_headers(hashed, _CANONICAL, _CANONICAL.canonicalize_headers(headers), names, field, dict(tags))
        return (
            b"DKIM-Signature: " + _folded([*tags[:-1], (b"b", base64.b64encode(self._sign(hashed.content)))]) + b"\r\n"
        )

    def dns_record(self) -> tuple[str, str]:
        """Return the name and the text of the TXT record that publishes the key (RFC 6376 3.6.1, RFC 8463 4)."""
        public = self._key.public_key()
        if isinstance(self._key, RSAPrivateKey):
            kind, key = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            kind, key = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"{self.selector}._domainkey.{self.domain}", f"v=DKIM1; k={kind}; p={base64.b64encode(key).decode()}"

    def _sign(self, content: bytes) -> bytes:
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(_sha256(content), PKCS1v15(), Prehashed(hashes.SHA256()))
        return self._key.sign(_sha256(content))


class _Bytes:
    """What dkimpy would hash."""

    def __init__(self) -> None:
        self.content = b""

    def update(self, content: bytes) -> None:
        self.content += content


def _private_key(pem: bytes) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise DkimKeyError("the DKIM key is no private key in PEM, without a password") from error
    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_BITS:
        raise DkimKeyError(
            "the DKIM key has {bits} bits: make one of {least} (openssl genrsa {least})",
            bits=key.key_size, least=LEAST_BITS,
        )  # fmt: skip
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise DkimKeyError("the DKIM key is neither RSA nor Ed25519: make one with openssl genrsa 2048")
    return key


def _oversigned(present: Sequence[bytes]) -> list[bytes]:
    """The names to sign: each of SIGNED as often as it occurs, and once more."""
    found = [name.lower() for name in present]
    signed = [name.lower().encode() for name in SIGNED]
    return [name for name in signed for _ in range(found.count(name) + 1)]


def _folded(tags: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The tags in lines of at most 72 characters; the signature begins a line of its own."""
    *most, (name, value) = tags
    lines = dkim.fold(b"; ".join(b"%b=%b" % tag for tag in most) + b";", namelen=len(b"DKIM-Signature: "))
    rest = b"".join(b"\r\n " + value[at : at + 71] for at in range(0, len(value), 71))
    return bytes(lines + b"\r\n " + name + b"=" + rest.removeprefix(b"\r\n "))


def _sha256(content: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    return digest.finalize()
