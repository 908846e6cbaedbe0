"""Rate limits of requests by client, visitor and typed address, and separate limits for password guesses.

Wrong passwords slow down whoever types them and never lock the owner out: a known device is counted apart, and a link
by mail always works (decision 0029).
"""

import hashlib
import hmac
import re
from functools import cache
from typing import Final

from flask import abort, g, request

from portal import app_context
from portal.access.current_user import signed_in_user
from portal.access.known_device import device_of
from portal.access.trusted_proxies import household
from portal.form_input import typed_email
from store.accounts.email_address import counted_form
from store.rate_limit import Rate, give_back, take
from store.vault.key_ring import RATE_LIMITS

RateCounts = list[tuple[str, Rate]]

#: Wrong passwords from one client at one address, or from a known device.
GUESSES: Final = Rate(20, 15 * 60)
#: The same over a day: less than strangers have together, so that no client alone keeps all others out.
GUESSES_OF_A_DAY: Final = Rate(40, 24 * 3600)
#: Wrong passwords from one client at any addresses: a household, an office, a carrier's gateway.
GUESSES_OF_A_CLIENT: Final = Rate(100, 15 * 60)
#: Wrong passwords at one address from devices that its owner has never used, whoever and wherever they are.
GUESSES_OF_STRANGERS: Final = Rate(50, 24 * 3600)

#: Mails of a kind to one address, whoever asks for them.
MAILS_TO_AN_ADDRESS: Final = Rate(6, 24 * 3600)

#: Codes by SMS to one number, whoever asks for them, and from one client, to any numbers.
CODES_TO_A_NUMBER: Final = Rate(5, 24 * 3600)
CODES_OF_A_CLIENT: Final = Rate(20, 24 * 3600)

_RATE: Final = re.compile(r"(\d+)/(?:(\d+) )?(minute|hour|day)s?")
_SECONDS: Final = {"minute": 60, "hour": 3600, "day": 86400}


@cache
def rate(text: str) -> Rate:
    """`20/hour`, `20/15 minutes`."""
    found = _RATE.fullmatch(text)
    assert found is not None, text
    return Rate(int(found[1]), int(found[2] or 1) * _SECONDS[found[3]])


def slow_down(limit: str) -> None:
    """Count this request by its visitor, or else its client, and by the typed address. Aborts with 429 over the
    limit."""
    known = signed_in_user()
    whose = _key("client", household(request.remote_addr or "")) if known is None else _key("visitor", known.name)
    counts: RateCounts = [(whose, rate(limit))]
    if email := counted_form(typed_email()):
        counts.append((_key("address", email), rate(limit)))
    _take(counts)


def slow_down_client(limit: str) -> None:
    """Count this request by its client alone, without looking at a session. Aborts with 429 over the limit."""
    _take([(_key("client", household(request.remote_addr or "")), rate(limit))])


def slow_down_guesses(audience: str, email: str) -> None:
    """Count a password or code that is about to be checked for this address; aborts with 429 over the limit.
    `guessed_right` takes it back."""
    email, client = counted_form(email), household(request.remote_addr or "")
    if device := device_of(audience, email):
        _take([(_key("device", device, email), GUESSES)])
    else:
        _take([
            (_key("client", client), GUESSES_OF_A_CLIENT),
            (_key("client at address", client, email), GUESSES),
            (_key("client at address, a day", client, email), GUESSES_OF_A_DAY),
            (_key("strangers", email), GUESSES_OF_STRANGERS),
        ])  # fmt: skip


def slow_down_codes(number: str) -> None:
    """Count a code that is about to be sent to this number; aborts with 429 over the limit. Each costs money, and
    wakes somebody who may not have asked for it."""
    client = household(request.remote_addr or "")
    _take([(_key("number", number), CODES_TO_A_NUMBER), (_key("client of codes", client), CODES_OF_A_CLIENT)])


def slow_down_mails(email: str) -> None:
    """Count a mail that is about to be sent to this address, which anybody may have typed; aborts with 429 over the
    limit."""
    _take([(_key("mails", counted_form(email)), MAILS_TO_AN_ADDRESS)])


def guessed_right() -> None:
    """Take back the count of a guess: the password was right."""
    with app_context.store().writing() as session:
        for key, each in g.pop("counted", []):
            give_back(session, key, each)


def _take(counts: RateCounts) -> None:
    """Count a try under each of these keys, the narrowest first. A key that refuses leaves the keys after it
    uncounted."""
    g.counted = []
    wait = 0
    with app_context.store().writing() as session:
        for key, each in counts:
            wait = take(session, key, each, app_context.now())
            if wait:
                break
            g.counted.append((key, each))
    if wait:
        abort(429, retry_after=wait)


def _key(*said: str) -> str:
    """Returns a digest, so that neither addresses nor clients are stored."""
    text = "\n".join([request.endpoint or "", *said])
    key = app_context.store().keys.key(RATE_LIMITS)
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
