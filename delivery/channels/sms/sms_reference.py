"""The reference of an SMS about a bill: it names its delivery, and is signed, so that nobody can name another's."""

import hmac
import re
from typing import Final

from store.vault.key_ring import SMS_REFERENCES, KeyRing, Root

_REFERENCE: Final = re.compile(r"d([1-9]\d{0,17})-([0-9a-f]{24})", re.ASCII)


def sms_reference(keys: KeyRing, delivery_id: int) -> str:
    """The reference of this delivery's SMS, the same at each attempt: `d4711-` and 24 hexadecimal digits."""
    return f"d{delivery_id}-{_mac(keys.present, delivery_id)}"


def delivery_of_reference(keys: KeyRing, reference: str) -> int | None:
    """The id of the delivery that a reference names; None if it is none of ours."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    rights = [hmac.compare_digest(_mac(root, int(found[1])), found[2]) for root in keys.roots]
    return int(found[1]) if any(rights) else None


def _mac(root: Root, delivery_id: int) -> str:
    return hmac.digest(root.key(SMS_REFERENCES), b"SMS of delivery %d" % delivery_id, "sha256").hex()[:24]
