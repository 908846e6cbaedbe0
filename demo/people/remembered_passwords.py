"""Passwords are verified once while the world is lived: its people sign in some hundreds of times in one process, by
the one password that the summary prints, and each argon2 takes a fifth of a second. Hashes are made as ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError

from portal.access import password_hash


class RememberingHasher(PasswordHasher):
    """A hasher with the parameters of another, which remembers what was right and what was wrong."""

    def __init__(self, like: PasswordHasher) -> None:
        super().__init__(like.time_cost, like.memory_cost, like.parallelism, like.hash_len, like.salt_len)
        self._is_right: dict[tuple[str | bytes, str | bytes], bool] = {}

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - as the library has it
        """Verify a password against a hash, as the library does. Raises VerificationError."""
        if (hash, password) not in self._is_right:
            try:
                self._is_right[hash, password] = super().verify(hash, password)
            except VerificationError:
                self._is_right[hash, password] = False
        if not self._is_right[hash, password]:
            raise VerifyMismatchError
        return True


@contextmanager
def passwords_remembered() -> Iterator[None]:
    """While the block runs, this process verifies no password twice."""
    mine, before = password_hash.HASHER, password_hash.BEFORE
    password_hash.HASHER, password_hash.BEFORE = RememberingHasher(mine), tuple(map(RememberingHasher, before))
    try:
        yield
    finally:
        password_hash.HASHER, password_hash.BEFORE = mine, before
