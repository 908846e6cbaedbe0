"""A device as a browser has it: it decrypts what was encrypted for it, by RFC 8188 and 8291 as they are written, and
without the library that encrypts."""

import base64
import hmac
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


class SampleDevice:
    """Its keys, new or (for the RFC's example) given."""

    def __init__(self, private_key: ec.EllipticCurvePrivateKey | None = None, auth_secret: bytes = b"") -> None:
        self.private_key = private_key or ec.generate_private_key(CURVE)
        self.auth_secret = auth_secret or os.urandom(16)
        self.public_key = point(self.private_key.public_key())

    def decrypt(self, body: bytes) -> bytes:
        """The content of a message of one record."""
        salt, record_size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, encrypted = body[21 : 21 + length], body[21 + length :]
        assert len(encrypted) <= record_size
        assert len(body) <= 4096
        shared = self.private_key.exchange(ec.ECDH(), public(sender))
        key = _derive(self.auth_secret, shared, b"WebPush: info\0" + self.public_key + sender, 32)
        cipher = AESGCM(_derive(salt, key, b"Content-Encoding: aes128gcm\0", 16))
        plain = cipher.decrypt(_derive(salt, key, b"Content-Encoding: nonce\0", 12), encrypted, None).rstrip(b"\0")
        assert plain.endswith(b"\x02")
        return plain[:-1]


def claims_of(authorization: str) -> tuple[dict[str, Any], bytes]:
    """What a VAPID header says (RFC 8292, 3), once its signature is verified, and the public key that verifies it."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(each.strip().split("=", 1) for each in rest.split(","))
    head, said, signature = parts["t"].split(".")
    raw = unbase64url(signature)
    encoded = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = unbase64url(parts["k"])
    public(key).verify(encoded, f"{head}.{said}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(unbase64url(head)) == {"typ": "JWT", "alg": "ES256"}
    return json.loads(unbase64url(said)), key


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """An uncompressed point of the curve: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public(encoded: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, encoded)


def unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF (RFC 5869) of one block."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\x01", "sha256")[:length]
