"""Signed return paths: the envelope sender of each e-mail names what it was sent for, so that what comes back finds it
(VERP).

`bounces+4711.de29998a.k3v7…@example.org`: the delivery's id (a job's after an e: `e4711`), the id of the root whose key
signed it, and 80 bits of HMAC-SHA256: 46 letters at most, since a local part has at most 64 (RFC 5321 4.5.3.1.1;
`config` limits the mailbox's name to the rest). Capitals and small letters are the same, since relays may fold a local
part's case. A replaced secret still reads what it signed (`store.vault.key_ring`).
"""

import hmac
import re
from base64 import b32encode
from typing import Final

from delivery.channels.email.mail_origin import MailOrigin
from store.vault.key_ring import RETURN_PATHS, KeyRing, Root, RootMissing

_MAC_BYTES: Final = 10

_TAG: Final = re.compile(
    r"(?:^|\+)([1-9][0-9]{0,18}|e[1-9][0-9]{0,17})\.([0-9a-f]{8})\.([a-z2-7]{16})@[^@\s<>]+$", re.ASCII
)


def return_path(keys: KeyRing, origin: MailOrigin, mailbox: str) -> str:
    """Return the envelope sender for an e-mail.

    *mailbox* is where bounces arrive: an address (`bounces@example.org`), whose local part takes the signed part after
    a plus sign, or a domain (`bounces.example.org`) of which every local part arrives in one mailbox.
    """
    local, _, domain = mailbox.rpartition("@")
    root, name = keys.present, f"e{origin.id}" if origin.kind == "job" else str(origin.id)
    tag = f"{name}.{root.id}.{_mac(root, name)}"
    return f"{local}+{tag}@{domain}" if local else f"{tag}@{domain}"


def origin_of(keys: KeyRing, address: str) -> MailOrigin | None:
    """Return what the e-mail with this return path was sent for; None when we have signed no such path. Compares in
    constant time."""
    found = _TAG.search(address.strip().strip("<>").lower())
    if found is None:
        return None
    name = found[1]
    try:
        expected = _mac(keys.root(found[2]), name)
    except RootMissing:
        return None
    if not hmac.compare_digest(expected, found[3]):
        return None
    return MailOrigin("job", int(name[1:])) if name.startswith("e") else MailOrigin("delivery", int(name))


def _mac(root: Root, name: str) -> str:
    digest = hmac.digest(root.key(RETURN_PATHS), name.encode(), "sha256")
    return b32encode(digest[:_MAC_BYTES]).decode().lower()
