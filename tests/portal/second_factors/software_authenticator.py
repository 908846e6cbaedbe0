"""An authenticator made of software: it answers what a browser would send, right or wrong as a test wants it."""

import hashlib
import json
import os
import re
import struct
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN = "http://localhost:8080"
#: User present, verified; with credential data (W3C WebAuthn 3, 6.1).
_UP, _UV, _AT = 0x01, 0x04, 0x40


def options_on(page: str) -> dict[str, Any]:
    """What a page asks the browser."""
    found = re.search(r'data-options="([^"]+)"', page)
    assert found is not None
    asked = json.loads(unescape(found[1]))
    assert isinstance(asked, dict)
    return asked


class Authenticator:
    """One passkey, and the counter of its uses (0: it does not count)."""

    def __init__(self, *, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.user_handle: str | None = None
        self.counter = 1 if counts else 0
        self.is_embedded = False  # in a page of another site

    def create(self, options: dict[str, Any], origin: str = ORIGIN, *, is_verified: bool = True) -> str:
        """The answer to a page that asks for a passkey."""
        self.user_handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(key)
        said = self._said(options["rp"]["id"], is_verified=is_verified, with_key=True) + credential
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})
        response = {
            "clientDataJSON": self._client_data("webauthn.create", options["challenge"], origin),
            "attestationObject": bytes_to_base64url(made),
        }
        return self._answer(response)

    def get(
        self, options: dict[str, Any], origin: str = ORIGIN, rp_id: str = "", *, is_verified: bool = True,
        user_handle: str = "",
    ) -> str:  # fmt: skip
        """The answer to a page that asks for a proof."""
        self.counter += 1 if self.counter else 0
        said = self._said(rp_id or options["rpId"], is_verified=is_verified)
        client = self._client_data("webauthn.get", options["challenge"], origin)
        signed = said + hashlib.sha256(base64url_to_bytes(client)).digest()
        response = {
            "clientDataJSON": client,
            "authenticatorData": bytes_to_base64url(said),
            "signature": bytes_to_base64url(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": user_handle or self.user_handle,
        }
        return self._answer(response)

    def _said(self, rp_id: str, *, is_verified: bool, with_key: bool = False) -> bytes:
        flags = _UP | (_UV if is_verified else 0) | (_AT if with_key else 0)
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _answer(self, response: dict[str, Any]) -> str:
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _client_data(self, kind: str, challenge: str, origin: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": self.is_embedded}
        return bytes_to_base64url(json.dumps(said).encode())
