"""Public ids: what rows are called outside (URLs, the API). Opaque, and the same for ever; row numbers stay inside.

A public id is one block of AES: the kind of row and its number, encrypted with a key that is made once for the store
and never replaced. So it needs no column, cannot be counted up or guessed (a wrong one names nothing, with odds of
2^64 to one), and an id of one kind names no row of another. It gives no access: every page asks who may see the row.
"""

import base64
import binascii
from functools import cache
from hashlib import sha256
from typing import Final, Literal

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base

#: Whose numbers are called by public ids. `cursor`: where a list goes on.
Kind = Literal[
    "account", "bill", "campaign", "conflict", "consumer", "cursor", "delivery",
    "dispute", "enquiry", "event", "feed", "forward", "grant", "heir", "issuer", "issuer_key", "job", "mandate",
    "notice", "passkey", "payment", "payment_order", "payment_plan", "print_answer", "print_batch", "profile_sample",
    "push_subscription", "question", "sftp_key", "sign_in_session", "staff", "test_message", "webhook_endpoint",
]  # fmt: skip

#: Characters of a public id: 128 bits in base 32.
LENGTH: Final = 26
_HALF: Final = 8
_PADDING: Final = "=" * 6


class PublicIdKey(Base):
    """The one key of this store's public ids. It hides numbers and protects nothing: it is no secret of the
    installation, and lies where the numbers lie."""

    __tablename__ = "public_id_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)  # 16 bytes


class PublicIds:
    """Encrypts row numbers to public ids, and decrypts them."""

    def __init__(self, key: bytes) -> None:
        # One block, which holds no two different things alike: the mode has nothing to chain.
        self._cipher = Cipher(AES(key), ECB())  # noqa: S305

    def of(self, kind: Kind, number: int) -> str:
        """The public id of a row: 26 lower-case letters and digits."""
        block = self._cipher.encryptor().update(_tag(kind) + number.to_bytes(_HALF))
        return base64.b32encode(block).decode().rstrip("=").lower()

    def number(self, kind: Kind, public_id: str) -> int | None:
        """The number of the row that this public id names; None if it is none of this kind."""
        try:
            block = base64.b32decode(public_id.upper() + _PADDING)
        except (binascii.Error, ValueError):
            return None
        plain = self._cipher.decryptor().update(block) if len(public_id) == LENGTH else b""
        if plain[:_HALF] != _tag(kind):
            return None
        number = int.from_bytes(plain[_HALF:])
        return number if self.of(kind, number) == public_id else None


@cache
def _tag(kind: Kind) -> bytes:
    return sha256(b"public id of " + kind.encode()).digest()[:_HALF]
