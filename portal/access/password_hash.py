"""Password hashing with argon2id. Checking takes the same time whether or not the account exists."""

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: OWASP ASVS 5.0, 6.2.1 and 6.2.9: length is what counts; a very long one is no attack on the hash.
SHORTEST: Final = 10
LONGEST: Final = 200

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's least for argon2id
#: A hash of nothing anybody types: verified where nobody has that e-mail, so that the answer takes as long.
_NOBODY: Final = _hasher.hash("\N{NULL}nobody")


def hash_password(password: str) -> str:
    """Returns the argon2id hash of a password."""
    return _hasher.hash(_prepared(password))


def is_password(kept: str | None, password: str) -> bool:
    """Returns whether the password matches the hash. With None (no such account, or no password yet) it is False after
    the same time."""
    try:
        matches = _hasher.verify(kept or _NOBODY, _prepared(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and kept is not None


def _prepared(password: str) -> str:
    """Normalise to NFC, so that the same word typed on two keyboards is the same password."""
    return unicodedata.normalize("NFC", password)
