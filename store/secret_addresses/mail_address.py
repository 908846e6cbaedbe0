"""How a person's address for bills is written: `alice-x7k2…@bills.example`. The name before the dash is for people's
eyes; the secret behind it alone says whose it is."""

import re
import unicodedata
from typing import Final

from store.secret_addresses.secret_address import LENGTHS

#: Letters of the person's name in the address.
LONGEST_NAME: Final = 20
#: What is looked up for an address that cannot be one, so that it takes as long as any other.
NO_SECRET: Final = ""


def mail_address(name: str, secret: str, domain: str) -> str:
    """The address of a person with this *name*."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    first = re.sub(r"[^a-z0-9]+", " ", plain).split()
    return f"{first[0][:LONGEST_NAME] if first else 'factures'}-{secret}@{domain}"


def secret_in(address: str, domain: str) -> str:
    """The secret in an address of our domain; NO_SECRET if it has none, or is of another domain."""
    local, _, host = address.strip().lower().rpartition("@")
    secret = local.rpartition("-")[2]
    return secret if host == domain and len(secret) == LENGTHS["bills"] and secret.isascii() else NO_SECRET
