"""Make and check the claim code printed on letters.

Ten characters of Crockford's base 32: nine from an HMAC of the delivery id, so that a letter made twice carries the
same code, and one check character (Damm). Reading is tolerant: case, spaces, hyphens, O/0 and I/L/1.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from store.delivery import BEFORE_ROOTS, Delivery
from store.vault.key_ring import CLAIM_CODES, KeyRing, RootMissing

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Letters that people read wrongly, and the characters they stand for.
_FORGIVEN: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BITS: Final = 5
_DIGITS: Final = 9
_HALF: Final = 5


def letter_code(keys: KeyRing, letter: Delivery) -> str:
    """The code of a letter, by the root that its row names: a reprint bears the same code, though the root was replaced
    since. Raises RootMissing if that root is not configured."""
    if letter.code_root == BEFORE_ROOTS:
        return _code_before_roots(keys, letter)
    root = keys.root(letter.code_root) if letter.code_root else keys.present
    return claim_code(root.key(CLAIM_CODES), letter.id)


def _code_before_roots(keys: KeyRing, letter: Delivery) -> str:
    """The one secret that there was then is found by the digest of the code; where that is not recorded yet, it is the
    oldest root."""
    codes = [claim_code(key, letter.id) for key in keys.keys_before(CLAIM_CODES)]
    if letter.claim_digest is None:
        return codes[0]
    for code in codes:
        if digest(code) == letter.claim_digest:
            return code
    raise RootMissing(
        f"the code of letter {letter.id} was made with a secret that is not configured: "
        "name its file in FACTEUR_OLD_SECRET_FILES",
        BEFORE_ROOTS,
    )


def claim_code(key: bytes, delivery_id: int) -> str:
    """The code of a letter as printed, by this key: `7Q2KD-M4XW9`."""
    chance = int.from_bytes(hmac.digest(key, b"claim code %d" % delivery_id, "sha256")[:6])
    values = [chance >> (_BITS * place) & 31 for place in range(_DIGITS)]
    code = "".join(ALPHABET[value] for value in [*values, _check(values)])
    return f"{code[:_HALF]}-{code[_HALF:]}"


def read_code(typed: str) -> str | None:
    """The code as printed from what somebody typed; None if it cannot be a code. Ignores case, spaces and hyphens,
    reads O as 0, I and L as 1. The check character detects any one wrong character and any two neighbours swapped."""
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(_FORGIVEN)
    if len(code) != _DIGITS + 1 or not set(code) <= set(ALPHABET):
        return None
    *values, check = (ALPHABET.index(c) for c in code)
    return f"{code[:_HALF]}-{code[_HALF:]}" if check == _check(values) else None


def digest(code: str) -> str:
    """The stored form of a code: its SHA-256 in hex. A text that is no code has a digest that matches none."""
    return hashlib.sha256((read_code(code) or "").encode()).hexdigest()


def _check(values: Iterable[int]) -> int:
    """The Damm check value over GF(32): each step doubles, so that one wrong digit never cancels out."""
    rest = 0
    for value in values:
        rest = _double(rest ^ value)
    return rest


def _double(value: int) -> int:
    return value << 1 ^ (0b100101 if value & 0b10000 else 0)
