"""The link that shows one bill without a password: how it is written and read.

A token is an HMAC of the delivery's id beside that id, which the HMAC hides (the construction of a synthetic IV,
RFC 5297). So it needs no row, a mail sent twice and a letter printed twice carry the same link, and no token names a
delivery that it was not made for. It tells no date: how long it opens follows from the rows.
"""

import base64
import hmac
import re
from typing import Final

from store.delivery import BEFORE_ROOTS, Delivery
from store.vault.key_ring import ONE_BILL_LINKS, KeyRing, Root

#: The token's bytes: the head of its root's id, the HMAC (88 bits), the hidden id. 18 bytes are 24 characters.
_ROOT_BYTES: Final = 2
_MAC_BYTES: Final = 11
_ID_BYTES: Final = 5
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{24}", re.ASCII)
#: What a token that is not ours is read as.
NO_DELIVERY: Final = 0


def one_bill_url(keys: KeyRing, public_url: str, delivery: Delivery) -> str:
    """The address that shows the bill of this delivery and nothing else: `https://…/f/` and 24 characters, all of them
    in the GSM-7 alphabet. Raises RootMissing for a letter whose root is not configured."""
    return f"{public_url}/f/{one_bill_token(keys, delivery)}"


def one_bill_token(keys: KeyRing, delivery: Delivery) -> str:
    """The token of this delivery, by the root that its row names, else the present one."""
    names_root = delivery.code_root not in {None, "", BEFORE_ROOTS}
    root = keys.root(delivery.code_root or "") if names_root else keys.present
    return _token(root, delivery.id)


def delivery_of_token(keys: KeyRing, token: str) -> int:
    """The id of the delivery that this token was made for; NO_DELIVERY if it is none of ours. Every token takes the
    same steps."""
    is_whole = _TOKEN.fullmatch(token) is not None
    content = base64.urlsafe_b64decode(token if is_whole else "A" * 24)
    head, mac, hidden = content[:_ROOT_BYTES], content[_ROOT_BYTES:-_ID_BYTES], content[-_ID_BYTES:]
    root = next((each for each in keys.roots if _head(each) == head), keys.present)
    number = int.from_bytes(_masked(root, mac, hidden))
    is_ours = hmac.compare_digest(_token(root, number), token if is_whole else "")
    return number if is_ours else NO_DELIVERY


def _token(root: Root, delivery_id: int) -> str:
    mac = _digest(root, b"delivery %d" % delivery_id)[:_MAC_BYTES]
    hidden = _masked(root, mac, delivery_id.to_bytes(_ID_BYTES))
    return base64.urlsafe_b64encode(_head(root) + mac + hidden).decode()


def _masked(root: Root, mac: bytes, id_bytes: bytes) -> bytes:
    """Hide an id, or find a hidden one."""
    mask = _digest(root, b"mask " + mac)
    return bytes(one ^ other for one, other in zip(id_bytes, mask, strict=False))


def _head(root: Root) -> bytes:
    return bytes.fromhex(root.id)[:_ROOT_BYTES]


def _digest(root: Root, said: bytes) -> bytes:
    return hmac.digest(root.key(ONE_BILL_LINKS), said, "sha256")
