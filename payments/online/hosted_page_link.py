"""The signed link to the provider's page. Pure.

What is asked stands in the query; `signature` is `v1,` and the HMAC-SHA256 of the query before it, in base 64, keyed
with the secret that both sides have: nobody in between can change the amount or the payee.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from urllib.parse import urlencode

_VERSION: Final = "v1,"


class PageRequest(NamedTuple):
    """What the page is asked: a payment of *amount* for *order*, our id of it. *reference* is the bill's number, which
    stands on the customer's statement; *return_url* is where the customer comes back to, until *expires_at*."""

    merchant: str
    order: str
    amount: Decimal
    currency: str
    reference: str
    language: str
    return_url: str
    expires_at: datetime


def hosted_page_link(page_url: str, asked: PageRequest, secret: bytes) -> str:
    """The page's URL with what is asked, signed."""
    query = urlencode(
        {
            "merchant": asked.merchant, "order": asked.order, "amount": f"{asked.amount:f}",
            "currency": asked.currency, "reference": asked.reference, "language": asked.language,
            "return_url": asked.return_url, "expires": str(int(asked.expires_at.timestamp())),
        }
    )  # fmt: skip
    return f"{page_url}?{query}&{urlencode({'signature': query_signature(query, secret)})}"


def query_signature(query: str, secret: bytes) -> str:
    """The signature of a query, as it stands in it."""
    return _VERSION + base64.b64encode(hmac.digest(secret, query.encode(), hashlib.sha256)).decode()
