"""Links that carry their own proof: signed, for one purpose, and old after some time.

What a link says is readable by whoever holds it; only that we said it, and when, cannot be forged. To make one good
for a single use, put something into *data* that using it changes (a session epoch, a confirmed address).
"""

from hashlib import sha256
from typing import Any, Final

from itsdangerous import BadData, URLSafeTimedSerializer

#: [consumer id, e-mail address]: whoever reads mail at this address signed up.
CONFIRM: Final = "confirm"
#: [consumer id, session epoch]: a new password raises the epoch, and the link is spent.
RESET: Final = "reset"
#: [staff id]: good until the invitation was taken up.
INVITE: Final = "invite"

HOUR: Final = 3600
#: How long each may be used, in seconds.
AGES: Final = {CONFIRM: 72 * HOUR, RESET: 2 * HOUR, INVITE: 14 * 24 * HOUR}


def make_link(secret: bytes, purpose: str, data: Any) -> str:
    """A token for a URL that says *data* (JSON) for this purpose only."""
    token = _signer(secret, purpose).dumps(data)
    return token if isinstance(token, str) else token.decode()


def open_link(secret: bytes, purpose: str, token: str, max_age: int) -> Any | None:
    """What a token says, or None when it was not ours, was for another purpose, or is older than so many seconds."""
    try:
        return _signer(secret, purpose).loads(token, max_age=max_age)
    except BadData:
        return None


def _signer(secret: bytes, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"facteur {purpose}", signer_kwargs={"digest_method": sha256})
