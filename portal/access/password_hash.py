"""Password hashing with argon2id. Checking does the same work whether or not the account exists."""

import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

#: OWASP ASVS 5.0, 6.2.1 and 6.2.9: length is what counts; a very long one is no attack on the hash.
SHORTEST: Final = 10
LONGEST: Final = 200
#: Of what is typed no more is looked at: a letter has at most three marks that are composed with it.
_LOOKED_AT: Final = 4 * LONGEST + 1

#: RFC 9106, 4, the second recommended option: 64 MiB, three passes.
PARAMETERS: Final = RFC_9106_LOW_MEMORY
HASHER = PasswordHasher.from_parameters(PARAMETERS)
#: What older hashes were made with (OWASP's least for argon2id). Signing in makes them anew.
BEFORE: tuple[PasswordHasher, ...] = (PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),)


def hash_password(password: str) -> str:
    """Returns the argon2id hash of a password."""
    return HASHER.hash(prepared(password))


def is_password(kept: str | None, password: str) -> bool:
    """Returns whether the password matches the hash. With None (no such account, or no password yet) it is False.

    One hash is verified by each set of parameters, whichever the kept one has: neither time nor work tells whether
    there is an account, nor how old its password is.
    """
    typed, matches = prepared(password), False
    for hasher in (HASHER, *BEFORE):
        is_its_own = kept is not None and _is_of(kept, hasher)
        is_right = _verifies(hasher, kept if kept is not None and is_its_own else _nobody(hasher), typed)
        matches |= is_right and is_its_own
    return matches


def prepared(password: str) -> str:
    """Returns a password as it is measured and hashed: in NFC, so that the same word typed on two keyboards is the same
    password. Of one without end the beginning, too long for any."""
    return unicodedata.normalize("NFC", password[:_LOOKED_AT])


def needs_new_hash(kept: str) -> bool:
    """Returns whether a hash was made with parameters of before."""
    return HASHER.check_needs_rehash(kept)


def _verifies(hasher: PasswordHasher, kept: str, typed: str) -> bool:
    try:
        return hasher.verify(kept, typed)
    except (VerificationError, InvalidHashError):
        return False


def _is_of(kept: str, hasher: PasswordHasher) -> bool:
    try:
        return not hasher.check_needs_rehash(kept)
    except InvalidHashError:
        return False


@cache
def _nobody(hasher: PasswordHasher) -> str:
    """Returns a hash of nothing anybody types: verified where nobody has that e-mail."""
    return hasher.hash("\N{NULL}nobody")
