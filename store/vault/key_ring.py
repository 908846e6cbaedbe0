"""The keys of the installation: for each purpose one, derived from a root secret that can be replaced.

A root is the content of a secret file. The present root makes everything new; older roots open what they made. Keys are
derived with HKDF (RFC 5869), by purpose. Each root has an id, which is written beside whatever it made.

Before roots had ids there was one secret, and its keys were derived in another way: `key_before`. What bears no id was
made so.
"""

import hmac
from collections.abc import Sequence
from functools import cache
from typing import Final, NewType

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.outage_or_fault import Unavailable

Purpose = NewType("Purpose", str)

ARCHIVES: Final = Purpose("archives")  # encrypts the accounts' keys
LINKS: Final = Purpose("links")  # signs the links in mails
SESSIONS: Final = Purpose("sessions")  # signs the session cookie and the forms' tokens
CLAIM_CODES: Final = Purpose("claim codes")  # makes the codes on letters
DEVICES: Final = Purpose("known devices")  # signs the cookie of known devices
FINGERPRINTS: Final = Purpose("staff fingerprints")  # digests of staff passwords, in sessions and links
RATE_LIMITS: Final = Purpose("rate limits")  # digests of whom is counted
WEBHOOK_SECRETS: Final = Purpose("webhook secrets")  # encrypts the secrets that sign webhooks
PAYMENT_PROVIDERS: Final = Purpose("payment providers")  # encrypts the secrets shared with payment providers
MANDATES: Final = Purpose("direct debit mandates")  # encrypts the IBANs of mandates
ONE_BILL_LINKS: Final = Purpose("one-bill links")  # makes the links that show one bill without a password
RETURN_PATHS: Final = Purpose("return paths")  # signs the envelope senders of mails
PUSH_SIGNING_KEYS: Final = Purpose("push signing keys")  # encrypts the keys that sign web push messages
PHONE_CODES: Final = Purpose("phone codes")  # makes the codes that confirm phones
AUTHENTICATOR_APPS: Final = Purpose("authenticator apps")  # encrypts the secrets of apps that show codes
SMS_REFERENCES: Final = Purpose("SMS references")  # signs the references of SMS
HOUSEHOLD_ARMS: Final = Purpose("household arms")  # draws which households are never invited
SECRET_ADDRESSES: Final = Purpose("secret addresses")  # makes the secrets of calendars' and mailboxes' addresses

#: The bytes of a root's id.
ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_VERSION: Final = b"facteur 1 "


class RootMissing(Unavailable):
    """This needs a root (*root_id*) that is not configured. It counts as an outage: work waits until the root is
    there."""

    def __init__(self, message: str, root_id: str) -> None:
        super().__init__(message)
        self.root_id = root_id


class Root:
    """One root secret: its id (8 hexadecimal digits) and its keys."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = _derive(secret, _VERSION + b"root id", ID_BYTES).hex()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Root) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def key(self, purpose: Purpose) -> bytes:
        """The key for this purpose, 32 bytes."""
        return _derive(self._secret, _VERSION + purpose.encode())

    def key_before(self, purpose: Purpose) -> bytes:
        """The key for this purpose as it was derived before roots had ids."""
        if purpose == ARCHIVES:
            return _derive(self._secret, b"facteur account keys")
        if purpose == SESSIONS:
            return hmac.digest(self._secret, b"portal sessions", "sha256")
        return self._secret


class KeyRing:
    """The present root and the older ones. *old_secrets* are given from the newest to the oldest."""

    def __init__(self, secret: bytes, old_secrets: Sequence[bytes] = ()) -> None:
        self.roots = tuple(dict.fromkeys(Root(each) for each in (secret, *old_secrets)))
        self._by_id = {root.id: root for root in self.roots}

    @property
    def present(self) -> Root:
        """The root that makes everything new."""
        return self.roots[0]

    def root(self, root_id: str) -> Root:
        """The root with this id. Raises RootMissing."""
        if root_id not in self._by_id:
            raise RootMissing(
                f"made with root {root_id}, which is not configured (there are {', '.join(self._by_id)}): "
                "name its file in FACTEUR_OLD_SECRET_FILES",
                root_id,
            )
        return self._by_id[root_id]

    def key(self, purpose: Purpose) -> bytes:
        """The present root's key for this purpose."""
        return self.present.key(purpose)

    def keys(self, purpose: Purpose) -> list[bytes]:
        """All keys for this purpose, those from before included. The present root's key is the last, as itsdangerous
        wants it."""
        oldest_first = self.roots[::-1]
        return [root.key_before(purpose) for root in oldest_first] + [root.key(purpose) for root in oldest_first]

    def keys_before(self, purpose: Purpose) -> list[bytes]:
        """Each root's key for this purpose as derived before roots had ids; the present root's is the last."""
        return [root.key_before(purpose) for root in self.roots[::-1]]


@cache
def _derive(secret: bytes, info: bytes, length: int = _KEY_BYTES) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=info).derive(secret)
