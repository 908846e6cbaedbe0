"""When a visitor last proved who they are: by a password, a passkey or a code. Kept in the signed session.

A session lasts thirty days; what could hand a space to somebody else needs a proof of a few minutes ago (OWASP ASVS
5.0, 7.5.1).
"""

import re
from functools import cache
from typing import Final

from flask import session

from portal import app_context

#: In the session: the moment of the last proof, in seconds since 1970. It ends with the session.
_PROVED: Final = "proved"
_AGE: Final = re.compile(r"(\d+) minutes")


def note_proof() -> None:
    """Note that the visitor proved just now who they are."""
    session[_PROVED] = int(app_context.now().timestamp())


def is_recent(age: str) -> bool:
    """Returns whether the last proof is at most so old (`10 minutes`). One of the future is none."""
    since = app_context.now().timestamp() - float(session.get(_PROVED, 0))
    return -60 <= since < seconds(age)


@cache
def seconds(age: str) -> int:
    """Returns the seconds of `10 minutes`."""
    found = _AGE.fullmatch(age)
    assert found is not None, age
    return int(found[1]) * 60
