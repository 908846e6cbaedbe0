"""The e-mail address that came with a bill, as staff look for it: by a digest, no address stands in a column."""

import hashlib

from bill import Bill
from store.customers.contact_key import LONGEST_EMAIL, email_key

#: Of SHA-256: two addresses in a hundred thousand million have it in common.
_BYTES = 8


def buyer_email(bill: Bill) -> str:
    """The buyer's e-mail address as the bill says it: the contact's (BT-58), else an electronic address (BT-49) that is
    one; "" for none."""
    buyer = bill.buyer
    if buyer.contact is not None and "@" in buyer.contact.email:
        return buyer.contact.email
    electronic = buyer.electronic_address
    return electronic.value if electronic is not None and "@" in electronic.value else ""


def email_digest(email: str) -> int | None:
    """What an address is found by, the same for all its spellings; None for none, and for one longer than addresses
    are."""
    if len(email) > LONGEST_EMAIL or not (key := email_key(email)):
        return None
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:_BYTES], "big", signed=True)
