"""Signed return paths: the envelope sender of each e-mail names its delivery, so that what comes back finds it (VERP).

`bounces+4711.de29998a.k3v7…@example.org`: the delivery's id, the id of the root whose key signed it, and 80 bits of
HMAC-SHA256: 46 letters at most, since a local part has at most 64 (RFC 5321 4.5.3.1.1; `config` limits the mailbox's
name to the rest). Capitals and small letters are the same, since relays may fold a local part's case. A replaced secret
still reads what it signed (`store.vault.key_ring`).
"""

import hmac
import re
from base64 import b32encode
from typing import Final

from store.vault.key_ring import RETURN_PATHS, KeyRing, Root, RootMissing

_MAC_BYTES: Final = 10

_TAG: Final = re.compile(r"(?:^|\+)([1-9][0-9]{0,18})\.([0-9a-f]{8})\.([a-z2-7]{16})@[^@\s<>]+$", re.ASCII)


def return_path(keys: KeyRing, delivery_id: int, mailbox: str) -> str:
    """Return the envelope sender for the e-mail of a delivery.

    *mailbox* is where bounces arrive: an address (`bounces@example.org`), whose local part takes the signed part after
    a plus sign, or a domain (`bounces.example.org`) of which every local part arrives in one mailbox.
    """
    local, _, domain = mailbox.rpartition("@")
    root = keys.present
    tag = f"{delivery_id}.{root.id}.{_mac(root, delivery_id)}"
    return f"{local}+{tag}@{domain}" if local else f"{tag}@{domain}"


def delivery_of(keys: KeyRing, address: str) -> int | None:
    """Return the delivery that this return path was signed for; None when it is none of ours. Compares in constant
    time."""
    found = _TAG.search(address.strip().strip("<>").lower())
    if found is None:
        return None
    delivery_id = int(found[1])
    try:
        expected = _mac(keys.root(found[2]), delivery_id)
    except RootMissing:
        return None
    return delivery_id if hmac.compare_digest(expected, found[3]) else None


def _mac(root: Root, delivery_id: int) -> str:
    digest = hmac.digest(root.key(RETURN_PATHS), str(delivery_id).encode(), "sha256")
    return b32encode(digest[:_MAC_BYTES]).decode().lower()
